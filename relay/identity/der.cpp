#include "relay/identity/der.hpp"

#include <cstring>

namespace certrelay {
namespace {

constexpr std::size_t kLengthOctetsMax = 4;

// All eight octets from `at` are ASCII digits.
bool are_eight_digits(const std::uint8_t* at) {
  constexpr std::uint64_t kHigh = 0xF0F0F0F0F0F0F0F0, kDigitHigh = 0x3030303030303030,
                          kSix = 0x0606060606060606;
  std::uint64_t octets = 0;
  std::memcpy(&octets, at, sizeof octets);
  // 3A to 3F become 40 to 45; no octet carries into the next one.
  return (octets & kHigh) == kDigitHigh && ((octets + kSix) & kHigh) == kDigitHigh;
}

// Two ASCII digits at `at`, or -1.
int two_digits(ByteView text, std::size_t at) {
  const int high = text[at] - '0';
  const int low = text[at + 1] - '0';
  return high < 0 || high > 9 || low < 0 || low > 9 ? -1 : high * 10 + low;
}

}  // namespace

bool DerReader::read(DerValue& out) {
  if (rest_.size() < 2 || (rest_[0] & 0x1F) == 0x1F) return false;
  std::size_t length = rest_[1];
  std::size_t header = 2;
  if (length >= 0x80) {
    const std::size_t octets = length & 0x7F;
    if (octets == 0 || octets > kLengthOctetsMax || rest_.size() < 2 + octets) return false;
    length = 0;
    for (std::size_t i = 0; i < octets; ++i) length = length << 8 | rest_[2 + i];
    // Shortest form: the short one below 128, and no leading zero octet.
    if (length < 0x80 || rest_[2] == 0) return false;
    header += octets;
  }
  if (rest_.size() - header < length) return false;
  out = {rest_[0], rest_.subspan(header, length), rest_.first(header + length)};
  rest_ = rest_.subspan(header + length);
  return true;
}

Result<DerValue> DerReader::any() {
  DerValue value;
  if (!read(value)) return error("der: value");
  return value;
}

Result<DerValue> DerReader::expect(std::uint8_t tag) {
  if (!next_is(tag)) return error("der: tag");
  return any();
}

Result<DerReader> DerReader::enter(std::uint8_t tag) {
  CERTRELAY_TRY(const auto value, expect(tag));
  return DerReader(value.content, code_);
}

Result<ByteView> DerReader::expect_oid() {
  CERTRELAY_TRY(const auto value, expect(der_tag::kOid));
  CERTRELAY_TRY(check_oid(value.content, code_));
  return value.content;
}

Result<void> DerReader::expect_null() {
  CERTRELAY_TRY(const auto value, expect(der_tag::kNull));
  if (!value.content.empty()) return error("der: null");
  return ok();
}

Result<void> DerReader::expect_end() const {
  if (!at_end()) return error("der: trailing bytes");
  return ok();
}

Result<void> check_oid(ByteView content, ErrorCode code) {
  const Error broken{code, "der: object identifier"};
  bool arc_begins = true;
  for (const auto octet : content) {
    if (arc_begins && octet == 0x80) return broken;
    arc_begins = (octet & 0x80) == 0;
  }
  if (content.empty() || !arc_begins) return broken;
  return ok();
}

Result<bool> der_boolean(ByteView content, ErrorCode code) {
  if (content.size() != 1 || (content[0] != 0 && content[0] != 0xFF)) {
    return Error{code, "der: boolean"};
  }
  return content[0] == 0xFF;
}

Result<std::uint64_t> der_unsigned(ByteView content, ErrorCode code) {
  if (content.size() == 1 && content[0] == 0) return std::uint64_t{0};
  CERTRELAY_TRY(const auto octets, der_positive(content, code));
  if (octets.size() > 8) return Error{code, "der: number over 64 bits"};
  std::uint64_t value = 0;
  for (const auto octet : octets) value = value << 8 | octet;
  return value;
}

Result<ByteView> der_positive(ByteView content, ErrorCode code) {
  if (content.empty() || (content[0] & 0x80) != 0) return Error{code, "der: not positive"};
  if (content[0] != 0) return content;
  if (content.size() == 1 || (content[1] & 0x80) == 0) return Error{code, "der: integer form"};
  return content.subspan(1);
}

Result<unsigned> der_flags(ByteView content, ErrorCode code) {
  if (content.size() < 2 || content.size() > 3 || content[0] > 7 ||
      (content.back() & ((1U << content[0]) - 1)) != 0) {
    return Error{code, "der: flags"};
  }
  const unsigned second = content.size() == 3 ? content[2] : 0U;
  return content[1] | second << 8;
}

bool is_der_integer(ByteView content) {
  if (content.size() < 2) return !content.empty();
  const bool negative = (content[1] & 0x80) != 0;
  return content[0] != (negative ? 0xFF : 0x00);
}

bool is_bit_string(ByteView content) {
  if (content.empty() || content[0] > 7) return false;
  if (content.size() == 1) return content[0] == 0;
  return (content.back() & ((1U << content[0]) - 1U)) == 0;
}

Result<ByteView> der_whole_octets(ByteView content, ErrorCode code) {
  if (content.size() < 2 || content[0] != 0) return Error{code, "der: bit string"};
  return content.subspan(1);
}

bool has_time_form(std::uint8_t tag, ByteView content) {
  const bool utc = tag == der_tag::kUtcTime;
  const std::size_t digits = utc ? 12 : 14;
  return (utc || tag == der_tag::kGeneralizedTime) && content.size() == digits + 1 &&
         content.back() == 'Z' && are_eight_digits(content.data()) &&
         are_eight_digits(content.data() + digits - 8);
}

Result<UtcTime> der_time(const DerValue& value, ErrorCode code) {
  const bool utc = value.tag == der_tag::kUtcTime;
  if (!utc && value.tag != der_tag::kGeneralizedTime) return Error{code, "der: time tag"};
  const std::size_t year_digits = utc ? 2 : 4;
  const ByteView text = value.content;
  if (text.size() != year_digits + 11 || text.back() != 'Z') return Error{code, "der: time form"};
  int year = two_digits(text, 0);
  int rest = 0;  // any negative part makes this negative
  if (!utc) {
    const int low = two_digits(text, 2);
    rest |= low;
    year = year < 0 ? year : year * 100 + low;
  } else if (year >= 0) {
    year += year >= 50 ? 1900 : 2000;  // RFC 5280 §4.1.2.5.1
  }
  const int month = two_digits(text, year_digits);
  const int day = two_digits(text, year_digits + 2);
  const int hour = two_digits(text, year_digits + 4);
  const int minute = two_digits(text, year_digits + 6);
  const int second = two_digits(text, year_digits + 8);
  rest |= year | month | day | hour | minute | second;
  if (rest < 0 || hour > 23 || minute > 59 || second > 59) return Error{code, "der: time digits"};
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return Error{code, "der: no such day"};
  return UtcTime(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
         std::chrono::minutes(minute) + std::chrono::seconds(second);
}

}  // namespace certrelay
