#include "protocol/ids/ids.hpp"

#include <algorithm>
#include <array>

namespace certrelay {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kUpperHex = "0123456789ABCDEF";
constexpr std::string_view kCode = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
constexpr std::size_t kCodeMax = 32;
constexpr std::size_t kOpaqueDigits = 11;
constexpr std::size_t kPeerMax = 64;

}  // namespace

bool is_text_of(std::string_view text, std::string_view alphabet, std::size_t min,
                std::size_t max) {
  return text.size() >= min && text.size() <= max &&
         text.find_first_not_of(alphabet) == std::string_view::npos;
}

bool MunicipalityCodeKind::accepts(std::string_view text) {
  if (!is_text_of(text, kDigits, 6, 6)) return false;
  constexpr std::array<int, 5> kWeights{6, 5, 4, 3, 2};
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) sum += (text[i] - '0') * kWeights.at(i);
  // The last digit of 11 minus the remainder; sums below 11 follow the same rule.
  return (11 - sum % 11) % 10 == text[5] - '0';
}

bool KioskIdKind::accepts(std::string_view text) { return is_text_of(text, kCode, 1, kCodeMax); }

bool PersonIdKind::accepts(std::string_view text) {
  return is_text_of(text, kDigits, kOpaqueDigits, kOpaqueDigits);
}

bool HouseholdIdKind::accepts(std::string_view text) {
  return is_text_of(text, kDigits, kOpaqueDigits, kOpaqueDigits);
}

bool PurposeCodeKind::accepts(std::string_view text) {
  return is_text_of(text, kCode, 1, kCodeMax);
}

bool EntryCodeKind::accepts(std::string_view text) { return is_text_of(text, kCode, 1, kCodeMax); }

bool PeerNameKind::accepts(std::string_view text) {
  const auto fine = [](char c) { return c > ' ' && c < '\x7F' && c != '"' && c != '\\'; };
  return !text.empty() && text.size() <= kPeerMax && std::all_of(text.begin(), text.end(), fine);
}

bool DocumentIdKind::accepts(std::string_view text) {
  return text.size() == 22 && text[8] == '-' && text[17] == '-' &&
         is_text_of(text.substr(0, 8), kDigits, 8, 8) &&
         is_text_of(text.substr(9, 8), kDigits, 8, 8) &&
         is_text_of(text.substr(18), kUpperHex, 4, 4);
}

}  // namespace certrelay
