#include "protocol/seal/base45.hpp"

#include <string>

namespace certrelay {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
constexpr unsigned kBase = 45;
const Error kBad{ErrorCode::kMalformed, "base45"};

}  // namespace

std::string to_base45(ByteView bytes) {
  std::string out;
  out.reserve(bytes.size() / 2 * 3 + 2);
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    const bool pair = i + 1 < bytes.size();
    unsigned number = pair ? bytes[i] * 256U + bytes[i + 1] : bytes[i];
    for (int digit = pair ? 3 : 2; digit > 0; --digit, number /= kBase) {
      out += kAlphabet[number % kBase];
    }
  }
  return out;
}

Result<Bytes> from_base45(std::string_view text) {
  if (text.size() % 3 == 1) return kBad;
  Bytes out;
  out.reserve(text.size() / 3 * 2 + 1);
  for (std::size_t i = 0; i < text.size(); i += 3) {
    const auto group = text.substr(i, 3);
    unsigned number = 0;
    for (std::size_t at = group.size(); at-- > 0;) {
      const auto digit = kAlphabet.find(group[at]);
      if (digit == std::string_view::npos) return kBad;
      number = number * kBase + static_cast<unsigned>(digit);
    }
    const bool pair = group.size() == 3;
    if (number > (pair ? 0xFFFFU : 0xFFU)) return kBad;
    if (pair) out.push_back(static_cast<std::uint8_t>(number >> 8));
    out.push_back(static_cast<std::uint8_t>(number & 0xFF));
  }
  return out;
}

}  // namespace certrelay
