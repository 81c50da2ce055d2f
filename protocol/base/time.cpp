#include "protocol/base/time.hpp"

#include <cstdio>

namespace certrelay {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::year_month_day;

// `text[at, at+count)` as a number; kMalformed unless all are ASCII digits.
Result<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return Error{ErrorCode::kMalformed, "time: too short"};
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return Error{ErrorCode::kMalformed, "time: digit"};
    value = value * 10 + (c - '0');
  }
  return value;
}

Result<void> expect(std::string_view text, std::size_t at, char c) {
  if (at >= text.size() || text[at] != c) return Error{ErrorCode::kMalformed, "time: separator"};
  return ok();
}

// "Z" or "+hh:mm" / "-hh:mm".
Result<std::chrono::minutes> parse_offset(std::string_view text) {
  if (text == "Z") return std::chrono::minutes(0);
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-')) {
    return Error{ErrorCode::kMalformed, "time: offset"};
  }
  CERTRELAY_TRY(const int hours, digits(text, 1, 2));
  CERTRELAY_TRY(expect(text, 3, ':'));
  CERTRELAY_TRY(const int minutes, digits(text, 4, 2));
  if (hours > 23 || minutes > 59) return Error{ErrorCode::kMalformed, "time: offset"};
  const std::chrono::minutes offset(hours * 60 + minutes);
  return text[0] == '-' ? -offset : offset;
}

// ".d", ".dd" or ".ddd" at the front of `text`, which is shortened by it; 0 when there is none.
Result<std::chrono::milliseconds> take_fraction(std::string_view& text) {
  if (!text.starts_with('.')) return std::chrono::milliseconds(0);
  text.remove_prefix(1);
  int value = 0;
  std::size_t count = 0;
  while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    if (++count > 3) return Error{ErrorCode::kMalformed, "time: fraction"};
    value = value * 10 + (text[0] - '0');
    text.remove_prefix(1);
  }
  if (count == 0) return Error{ErrorCode::kMalformed, "time: fraction"};
  for (; count < 3; ++count) value *= 10;
  return std::chrono::milliseconds(value);
}

std::string format_day(year_month_day day) {
  char out[16];
  std::snprintf(out, sizeof out, "%04d-%02u-%02u", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return out;
}

}  // namespace

JstDay jst_day(UtcTime time) { return JstDay(floor<days>((time + kJstOffset).time_since_epoch())); }

std::chrono::milliseconds jst_time_of_day(UtcTime time) {
  const auto local = (time + kJstOffset).time_since_epoch();
  return local - floor<days>(local);
}

UtcTime jst_midnight(JstDay day) { return UtcTime(day.time_since_epoch()) - kJstOffset; }

std::string to_rfc3339_jst(UtcTime time) {
  const auto seconds = static_cast<int>(jst_time_of_day(time) / std::chrono::seconds(1));
  char out[24];
  std::snprintf(out, sizeof out, "T%02d:%02d:%02d+09:00", seconds / 3600, seconds / 60 % 60,
                seconds % 60);
  return to_iso_day(jst_day(time)) + out;
}

Result<UtcTime> parse_rfc3339(std::string_view text) {
  if (text.size() < 20) return Error{ErrorCode::kMalformed, "time: too short"};
  CERTRELAY_TRY(const auto day, parse_iso_day(text.substr(0, 10)));
  if (day < JstDay{}) return Error{ErrorCode::kMalformed, "time: before 1970"};
  CERTRELAY_TRY(expect(text, 10, 'T'));
  CERTRELAY_TRY(const int hour, digits(text, 11, 2));
  CERTRELAY_TRY(expect(text, 13, ':'));
  CERTRELAY_TRY(const int minute, digits(text, 14, 2));
  CERTRELAY_TRY(expect(text, 16, ':'));
  CERTRELAY_TRY(const int second, digits(text, 17, 2));
  if (hour > 23 || minute > 59 || second > 59) return Error{ErrorCode::kMalformed, "time: range"};
  auto rest = text.substr(19);
  CERTRELAY_TRY(const auto fraction, take_fraction(rest));
  CERTRELAY_TRY(const auto offset, parse_offset(rest));
  return UtcTime(day.time_since_epoch()) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second) + fraction - offset;
}

Result<JstDay> parse_iso_day(std::string_view text) {
  if (text.size() != 10) return Error{ErrorCode::kMalformed, "day: length"};
  CERTRELAY_TRY(const int year, digits(text, 0, 4));
  CERTRELAY_TRY(expect(text, 4, '-'));
  CERTRELAY_TRY(const int month, digits(text, 5, 2));
  CERTRELAY_TRY(expect(text, 7, '-'));
  CERTRELAY_TRY(const int day, digits(text, 8, 2));
  const year_month_day date{std::chrono::year(year),
                            std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return Error{ErrorCode::kMalformed, "day: no such day"};
  return JstDay(date);
}

std::string to_iso_day(JstDay day) { return format_day(year_month_day(day)); }

}  // namespace certrelay
