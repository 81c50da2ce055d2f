// Codes of an authenticator (RFC 6238: SHA-1, steps of 30 seconds, six digits, as authenticators
// have it). Good for logging in only: a dangerous action is signed (docs/decisions/0014).
#pragma once

#include <optional>
#include <string>

#include "protocol/base/secret.hpp"
#include "protocol/base/time.hpp"

namespace certrelay {

inline constexpr std::size_t kTotpSecretBytes = 20;  // RFC 4226 §4 R6
using TotpSecret = Secret<kTotpSecretBytes>;

inline constexpr std::chrono::seconds kTotpStep{30};
inline constexpr std::size_t kTotpDigits = 6;

// The step that an instant lies in. Precondition: not before 1970 (CHECK).
std::uint64_t totp_step(UtcTime time);
// Six digits.
std::string totp_code(const TotpSecret& secret, std::uint64_t step);

// The step whose code it is: the present one, the one before or the one after, and later than
// `last`, the step of the newest code that was ever taken: each code counts once.
// Errors: kCodeWrong, kCodeReplayed (the code of a step not after `last`).
Result<std::uint64_t> check_totp(const TotpSecret& secret, std::string_view code, UtcTime now,
                                 std::uint64_t last);

// RFC 4648 §6 without padding: what a person types into an authenticator. 32 characters.
std::string totp_text(const TotpSecret& secret);

}  // namespace certrelay
