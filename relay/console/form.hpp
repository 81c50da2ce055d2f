// What a browser posts (application/x-www-form-urlencoded). Parsed in the front, which has no key
// and decides nothing; the vault gets messages of its own protocol.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "protocol/base/bytes.hpp"

namespace certrelay {

class Form {
 public:
  // Fields of [a-z_]{1,32}, each once, at most 40; values well-formed UTF-8, at most 16 KiB.
  // Errors: kMalformed, kDuplicateName, kLimitExceeded, kInvalidUtf8.
  static Result<Form> parse(ByteView body);

  // Empty when it is absent: a browser leaves no difference to see.
  std::string_view get(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

inline constexpr std::size_t kFormFieldsMax = 40;
inline constexpr std::size_t kFormValueMax = std::size_t{16} * 1024;

}  // namespace certrelay
