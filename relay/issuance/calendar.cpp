#include "relay/issuance/calendar.hpp"

#include <algorithm>

namespace certrelay {
namespace {

MonthDay month_day_of(UtcTime now) {
  const std::chrono::year_month_day date(jst_day(now));
  return {static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day())};
}

bool contains(const YearlyClosure& closure, MonthDay day) {
  const auto number = [](MonthDay value) { return value.month * 100 + value.day; };
  const auto at = number(day);
  const auto first = number(closure.first);
  const auto last = number(closure.last);
  return first <= last ? first <= at && at <= last : at >= first || at <= last;
}

std::string clock_text(int minutes) {
  std::string out = std::to_string(minutes / 60) + "時";
  if (minutes % 60 != 0) out += std::to_string(minutes % 60) + "分";
  return out;
}

std::string day_text(MonthDay day) {
  return std::to_string(day.month) + "月" + std::to_string(day.day) + "日";
}

}  // namespace

bool is_open(const KindCalendar& calendar, UtcTime now) {
  const auto minute = std::chrono::floor<std::chrono::minutes>(jst_time_of_day(now)).count();
  if (minute < calendar.hours.opens_min || minute >= calendar.hours.closes_min) return false;
  const auto today = month_day_of(now);
  const auto& yearly = calendar.yearly_closures;
  const auto& once = calendar.once_closures;
  return std::none_of(yearly.begin(), yearly.end(),
                      [&](const auto& closure) { return contains(closure, today); }) &&
         std::none_of(once.begin(), once.end(), [&](const auto& closure) {
           return closure.from <= now && now < closure.until;
         });
}

UtcTime end_of_next_service_day(const KindCalendar& calendar, UtcTime since) {
  constexpr int kDaysMax = 366;
  auto day = jst_day(since);
  for (int i = 0; i < kDaysMax; ++i) {
    day += std::chrono::days(1);
    const auto closes = jst_midnight(day) + std::chrono::minutes(calendar.hours.closes_min);
    if (is_open(calendar, closes - std::chrono::minutes(1))) return closes;
  }
  return jst_midnight(day);
}

std::string hours_text(const KindCalendar& calendar) {
  const auto& hours = calendar.hours;
  std::string out;
  if (hours.opens_min == 0 && hours.closes_min == 24 * 60) {
    out = "終日";
  } else {
    out = clock_text(hours.opens_min) + "から" + clock_text(hours.closes_min) + "まで";
  }
  out += "（";
  for (const auto& closure : calendar.yearly_closures) {
    out += day_text(closure.first);
    if (!(closure.first == closure.last)) out += "から" + day_text(closure.last);
    out += "と";
  }
  return out + "保守日を除く）";
}

}  // namespace certrelay
