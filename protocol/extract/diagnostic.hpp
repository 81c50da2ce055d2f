// What is wrong with an extract, for the clerk who mends it: where and which rule, never the value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/error.hpp"

namespace certrelay {

// One fault. `rule` and `mend` are literals, Japanese where a clerk reads them.
struct Diagnostic {
  std::string file;         // "persons.csv", "manifest.json"
  std::uint64_t line = 0;   // 1 is the header; 0: the file as a whole
  std::string_view column;  // the schema's name of it, or empty
  std::string_view rule;    // short stable name: "unknown-column"
  std::string_view mend;    // what to do, in Japanese
  ErrorCode code = ErrorCode::kExtractInvalid;
  std::string id{};    // the opaque id of the record, where it helps to find it
  std::string note{};  // stands before `mend`: a U+ number; never a value
};

// Collects faults; keeps the first kKeptMax of each list and counts all.
class Diagnostics {
 public:
  static constexpr std::size_t kKeptMax = 1000;

  void reject(Diagnostic fault) { add(rejections_, rejected_, std::move(fault)); }
  void warn(Diagnostic fault) { add(warnings_, warned_, std::move(fault)); }

  bool clean() const { return rejected_ == 0; }
  std::uint64_t rejected() const { return rejected_; }
  std::uint64_t warned() const { return warned_; }
  const std::vector<Diagnostic>& rejections() const { return rejections_; }
  const std::vector<Diagnostic>& warnings() const { return warnings_; }

 private:
  static void add(std::vector<Diagnostic>& list, std::uint64_t& count, Diagnostic fault) {
    ++count;
    if (list.size() < kKeptMax) list.push_back(std::move(fault));
  }
  std::vector<Diagnostic> rejections_;
  std::vector<Diagnostic> warnings_;
  std::uint64_t rejected_ = 0;
  std::uint64_t warned_ = 0;
};

}  // namespace certrelay
