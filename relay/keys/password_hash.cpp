#include "relay/keys/password_hash.hpp"

#include <array>
#include <charconv>

#include "relay/keys/start_sodium.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kArgonHead = "$argon2id$v=19$";
constexpr std::size_t kKiB = 1024;

// "m=65536," and what follows; takes it off. Errors: kMalformed (not that, or above `max`).
Result<void> take_number(std::string_view& text, std::string_view name, char end,
                         std::uint64_t max) {
  const Error malformed{ErrorCode::kMalformed, "password: hash"};
  if (!text.starts_with(name)) return malformed;
  text.remove_prefix(name.size());
  std::uint64_t value = 0;
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  const auto digits = static_cast<std::size_t>(stop - text.data());
  if (fault != std::errc() || value < 1 || value > max) return malformed;
  if (digits >= text.size() || text[digits] != end) return malformed;
  text.remove_prefix(digits + 1);
  return ok();
}

}  // namespace

Result<PasswordHash> PasswordHash::of(const Password& password, const PasswordCost& cost) {
  start_sodium();
  std::array<char, crypto_pwhash_STRBYTES> out{};
  const auto text = password.reveal();
  if (crypto_pwhash_str_alg(out.data(), text.data(), text.size(), cost.passes, cost.memory_bytes,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return Error{ErrorCode::kInternal, "password: no memory for its hash"};
  }
  return parse(out.data());
}

Result<PasswordHash> PasswordHash::parse(std::string_view text) {
  const Error malformed{ErrorCode::kMalformed, "password: hash"};
  if (text.size() >= crypto_pwhash_STRBYTES || !text.starts_with(kArgonHead)) return malformed;
  auto rest = text.substr(kArgonHead.size());
  CERTRELAY_TRY(take_number(rest, "m=", ',', kPasswordCost.memory_bytes / kKiB));
  CERTRELAY_TRY(take_number(rest, "t=", ',', kPasswordCost.passes));
  CERTRELAY_TRY(take_number(rest, "p=", '$', 1));
  if (rest.empty() || rest.find('\0') != std::string_view::npos) return malformed;
  return PasswordHash(std::string(text));
}

bool PasswordHash::matches(const Password& password) const {
  start_sodium();
  const auto text = password.reveal();
  return crypto_pwhash_str_verify(text_.c_str(), text.data(), text.size()) == 0;
}

}  // namespace certrelay
