#include "protocol/seal/birth_words.hpp"

#include <array>
#include <optional>

#include "protocol/base/check.hpp"
#include "protocol/base/utf8.hpp"

namespace certrelay {
namespace {

constexpr std::uint8_t kPlain = 0, kDate = 1;
constexpr std::array<std::string_view, 10> kDigits = {"０", "１", "２", "３", "４",
                                                      "５", "６", "７", "８", "９"};
constexpr std::string_view kSpace = "　";
constexpr std::string_view kFirstYear = "元";

// `era` is empty in the Western calendar. A month or day of 0 is not printed.
struct DateParts {
  std::string era;
  unsigned year = 0, month = 0, day = 0;
};

std::string wide(unsigned number) {
  std::string out;
  for (; number > 0; number /= 10) out.insert(0, kDigits.at(number % 10));
  return out;
}

std::string wide_pair(unsigned number) {
  return (number < 10 ? std::string(kSpace) : std::string()) + wide(number);
}

std::string words_of(const DateParts& parts) {
  std::string out = parts.era;
  if (parts.era.empty()) {
    out += wide(parts.year);
  } else {
    out += parts.year == 1 ? std::string(kFirstYear) : wide_pair(parts.year);
  }
  out += "年";
  if (parts.month != 0) out += wide_pair(parts.month) + "月";
  if (parts.day != 0) out += wide_pair(parts.day) + "日";
  return out;
}

// Takes the full-width number at the end of `text`, and a full-width space before it.
unsigned take_number(std::string_view& text) {
  unsigned number = 0, unit = 1;
  for (int digits = 0; digits < 4; ++digits) {
    const auto tail = text.size() < 3 ? std::string_view() : text.substr(text.size() - 3);
    unsigned digit = 0;
    while (digit < 10 && kDigits.at(digit) != tail) ++digit;
    if (digit == 10) break;
    number += digit * unit;
    unit *= 10;
    text.remove_suffix(3);
  }
  if (text.ends_with(kSpace)) text.remove_suffix(kSpace.size());
  return number;
}

// The number before `unit` at the end of `text`; 0 when the text ends otherwise.
unsigned take_part(std::string_view& text, std::string_view unit) {
  if (!text.ends_with(unit)) return 0;
  text.remove_suffix(unit.size());
  return take_number(text);
}

// Only what words_of() gives back exactly.
std::optional<DateParts> parts_of(std::string_view words) {
  DateParts out;
  auto rest = words;
  out.day = take_part(rest, "日");
  out.month = take_part(rest, "月");
  if (!rest.ends_with("年")) return std::nullopt;
  if (rest.ends_with("元年")) {
    rest.remove_suffix(std::string_view("元年").size());
    out.year = 1;
  } else {
    out.year = take_part(rest, "年");
  }
  out.era = std::string(rest);
  if (out.month > 255 || out.day > 255 || words_of(out) != words) return std::nullopt;
  return out;
}

void put_text(std::string_view text, ByteWriter& out) {
  CERTRELAY_CHECK(text.size() <= 255);
  out.u8(static_cast<std::uint8_t>(text.size()));
  out.raw(text);
}

Result<std::string> take_text(ByteReader& in) {
  CERTRELAY_TRY(const auto size, in.u8());
  CERTRELAY_TRY(const auto bytes, in.raw(size));
  if (!is_strict_utf8(as_text(bytes))) return Error{ErrorCode::kInvalidUtf8, "seal: date"};
  return std::string(as_text(bytes));
}

}  // namespace

void pack_date_words(std::string_view words, ByteWriter& out) {
  const auto parts = parts_of(words);
  if (!parts) {
    out.u8(kPlain);
    put_text(words, out);
    return;
  }
  out.u8(kDate);
  put_text(parts->era, out);
  out.u16(static_cast<std::uint16_t>(parts->year));
  out.u8(static_cast<std::uint8_t>(parts->month));
  out.u8(static_cast<std::uint8_t>(parts->day));
}

Result<std::string> unpack_date_words(ByteReader& in) {
  CERTRELAY_TRY(const auto form, in.u8());
  if (form == kPlain) return take_text(in);
  if (form != kDate) return Error{ErrorCode::kMalformed, "seal: date"};
  DateParts parts;
  CERTRELAY_TRY(parts.era, take_text(in));
  CERTRELAY_TRY(parts.year, in.u16());
  CERTRELAY_TRY(parts.month, in.u8());
  CERTRELAY_TRY(parts.day, in.u8());
  return words_of(parts);
}

}  // namespace certrelay
