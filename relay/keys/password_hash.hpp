// A password as it is kept: Argon2id (RFC 9106) by libsodium, with its salt and its cost in it.
#pragma once

#include <string>

#include "protocol/ids/password.hpp"

namespace certrelay {

struct PasswordCost {
  std::uint32_t passes;
  std::size_t memory_bytes;
};
// RFC 9106 §4, second recommendation, on one lane: about a tenth of a second.
inline constexpr PasswordCost kPasswordCost{3, std::size_t{64} * 1024 * 1024};

class PasswordHash {
 public:
  // Takes `cost` of time and memory: never on an event loop. Errors: kInternal (no memory).
  static Result<PasswordHash> of(const Password& password, const PasswordCost& cost);
  // As text() wrote it. A cost above kPasswordCost is refused, so that what is stored cannot
  // demand more memory than one attempt may have. Errors: kMalformed.
  static Result<PasswordHash> parse(std::string_view text);

  // Takes the cost that the hash names. No memory left is false.
  bool matches(const Password& password) const;
  std::string_view text() const { return text_; }

  friend bool operator==(const PasswordHash&, const PasswordHash&) = default;

 private:
  explicit PasswordHash(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace certrelay
