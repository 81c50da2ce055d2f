#include "protocol/record/entry_text.hpp"

#include <algorithm>

#include "protocol/base/utf8.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kLowerWord = "abcdefghijklmnopqrstuvwxyz0123456789._-";
constexpr std::string_view kTerminal =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-";
constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::size_t kNameMax = 64;
constexpr std::size_t kStatedReasonMax = 512;
constexpr std::size_t kCrlNumberMax = 40;

}  // namespace

bool OperatorNameKind::accepts(std::string_view text) {
  return is_text_of(text, kLowerWord, 1, kNameMax);
}

bool TerminalNameKind::accepts(std::string_view text) {
  return is_text_of(text, kTerminal, 1, kNameMax);
}

bool ActionCodeKind::accepts(std::string_view text) {
  return is_text_of(text, kLowerWord, 1, kNameMax);
}

bool StatedReasonKind::accepts(std::string_view text) {
  if (text.empty() || text.size() > kStatedReasonMax) return false;
  const bool control = std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
  return !control && is_strict_utf8(text);
}

bool BuildIdKind::accepts(std::string_view text) {
  return !text.empty() && text.size() <= kNameMax &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

bool CrlNumberKind::accepts(std::string_view text) {
  return is_text_of(text, kHex, 1, kCrlNumberMax) && (text[0] != '0' || text.size() == 1);
}

}  // namespace certrelay
