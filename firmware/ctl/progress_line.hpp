// How far something long has come: a bar on a terminal, elsewhere a line for every tenth part.
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>

namespace certrelay {

class ProgressLine {
 public:
  // The bar and its figures: "[####......]  40%  2 / 5".
  using Bar = std::function<std::string(std::uint64_t done, std::uint64_t all)>;
  // `what` heads the line. Nothing is said of less than `all_min` in all: that is over at once.
  ProgressLine(std::FILE* out, std::string what, Bar bar, std::uint64_t all_min = 0);
  // A bar that did not come to its end is cleared: what is said next has the line to itself.
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  void operator()(std::uint64_t done, std::uint64_t all);

 private:
  std::FILE* out_;
  std::string what_;
  Bar bar_;
  std::uint64_t all_min_;
  bool is_terminal_;
  bool is_open_ = false;     // a bar stands on the line
  std::uint64_t shown_ = 0;  // the last part that was said: a hundredth, or elsewhere a tenth
};

// For entries: "[####......]  40%  2,000,000 / 5,000,000件".
std::string entries_bar(std::uint64_t done, std::uint64_t all);
// For bytes: "[####......]  40%  12.3 / 24.6 MB".
std::string bytes_bar(std::uint64_t done, std::uint64_t all);

// From so many entries on the way through them takes seconds.
inline constexpr std::uint64_t kManyEntries = 100'000;

}  // namespace certrelay
