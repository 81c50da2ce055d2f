#include "render/form/eras.hpp"

#include "protocol/base/utf8.hpp"

namespace certrelay {
namespace {

using std::chrono::year_month_day;

constexpr std::string_view kSpace = "　";

// One-digit numbers take the width of two.
std::string two_wide(unsigned number) {
  return number < 10 ? std::string(kSpace) + full_width(number) : full_width(number);
}

JstDay day_of(int year, unsigned month, unsigned day) {
  return JstDay(
      year_month_day(std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)));
}

// First and last day that the known parts leave possible.
std::pair<JstDay, JstDay> span_of(const RegisterDate& date) {
  if (date.month == 0) return {day_of(date.year, 1, 1), day_of(date.year, 12, 31)};
  if (date.day == 0) {
    const auto last = std::chrono::year_month_day_last(
        std::chrono::year(date.year), std::chrono::month_day_last(std::chrono::month(date.month)));
    return {day_of(date.year, date.month, 1), JstDay(last)};
  }
  const JstDay day = day_of(date.year, date.month, date.day);
  return {day, day};
}

const Era* era_of(JstDay day, const std::vector<Era>& eras) {
  const Era* found = nullptr;
  for (const auto& era : eras) {
    if (era.start <= day) found = &era;
  }
  return found;
}

Result<std::string> japanese_year(const RegisterDate& date, const std::vector<Era>& eras,
                                  std::string_view where) {
  const auto [first, last] = span_of(date);
  const Era* era = era_of(first, eras);
  if (era == nullptr || era != era_of(last, eras)) {
    return Error{ErrorCode::kDateNotPrintable, where};
  }
  const int number = date.year - static_cast<int>(year_month_day(era->start).year()) + 1;
  if (number == 1) return era->name + "元年";
  return era->name + two_wide(static_cast<unsigned>(number)) + "年";
}

}  // namespace

std::string full_width(unsigned number) {
  std::string out;
  for (const char c : std::to_string(number)) {
    append_utf8(out, U'０' + static_cast<char32_t>(c - '0'));
  }
  return out;
}

Result<std::string> date_words(const RegisterDate& date, Calendar calendar,
                               const std::vector<Era>& eras, std::string_view where) {
  if (!date.text.empty()) return std::string(date.text.reveal());
  if (date.year == 0) return Error{ErrorCode::kDateNotPrintable, where};
  std::string out;
  if (calendar == Calendar::kWestern) {
    out = full_width(static_cast<unsigned>(date.year)) + "年";
  } else {
    CERTRELAY_TRY(out, japanese_year(date, eras, where));
  }
  if (date.month != 0) out += two_wide(date.month) + "月";
  if (date.day != 0) out += two_wide(date.day) + "日";
  return out;
}

Result<std::string> day_words(JstDay day, const std::vector<Era>& eras, std::string_view where) {
  const year_month_day parts(day);
  const RegisterDate date{static_cast<int>(parts.year()),
                          static_cast<unsigned>(parts.month()),
                          static_cast<unsigned>(parts.day()),
                          {}};
  return date_words(date, Calendar::kJapanese, eras, where);
}

}  // namespace certrelay
