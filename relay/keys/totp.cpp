#include "relay/keys/totp.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace certrelay {
namespace {

constexpr std::size_t kSha1Bytes = 20;
constexpr std::uint64_t kDrift = 1;  // steps to either side (RFC 6238 §5.2)
constexpr std::uint32_t kCodes = 1'000'000;
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

std::array<std::uint8_t, kSha1Bytes> hmac_sha1(const TotpSecret& secret, ByteView message) {
  std::array<std::uint8_t, kSha1Bytes> out{};
  unsigned size = 0;
  const auto key = secret.reveal();
  const auto* made = HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), message.data(),
                          message.size(), out.data(), &size);
  CERTRELAY_CHECK(made != nullptr && size == out.size());
  return out;
}

}  // namespace

std::uint64_t totp_step(UtcTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch());
  CERTRELAY_CHECK(seconds.count() >= 0);
  return static_cast<std::uint64_t>(seconds / kTotpStep);
}

// RFC 4226 §5.3.
std::string totp_code(const TotpSecret& secret, std::uint64_t step) {
  std::array<std::uint8_t, 8> counter{};
  for (std::size_t i = 0; i < counter.size(); ++i) {
    counter[i] = static_cast<std::uint8_t>(step >> (8 * (counter.size() - 1 - i)));
  }
  const auto mac = hmac_sha1(secret, counter);
  const std::size_t at = mac[kSha1Bytes - 1] & 0x0FU;
  const auto number = static_cast<std::uint32_t>((mac.at(at) & 0x7FU) << 24U) |
                      static_cast<std::uint32_t>(mac.at(at + 1) << 16U) |
                      static_cast<std::uint32_t>(mac.at(at + 2) << 8U) | mac.at(at + 3);
  auto digits = std::to_string(number % kCodes);
  return std::string(kTotpDigits - digits.size(), '0') + digits;
}

Result<std::uint64_t> check_totp(const TotpSecret& secret, std::string_view code, UtcTime now,
                                 std::uint64_t last) {
  const auto present = totp_step(now);
  std::optional<std::uint64_t> found;
  // Every step is tried, so that the time tells nothing; of equal codes the latest step counts.
  for (auto step = present - std::min(present, kDrift); step <= present + kDrift; ++step) {
    const auto expected = totp_code(secret, step);
    if (equal_in_constant_time(as_bytes(expected), as_bytes(code))) found = step;
  }
  if (!found) return Error{ErrorCode::kCodeWrong, "totp: code"};
  if (*found <= last) return Error{ErrorCode::kCodeReplayed, "totp: used before"};
  return *found;
}

std::string totp_text(const TotpSecret& secret) {
  static_assert(kTotpSecretBytes % 5 == 0);  // no padding
  std::string out;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const auto byte : secret.reveal()) {
    held = (held << 8U) | byte;
    for (bits += 8; bits >= 5; bits -= 5) out += kBase32.at((held >> (bits - 5)) & 0x1FU);
  }
  return out;
}

}  // namespace certrelay
