#include "firmware/daemon/calendar_section.hpp"

#include "protocol/ids/text_id.hpp"

namespace certrelay {
namespace {

// "HH:MM" from 00:00 to 24:00, as minutes after midnight.
int parse_clock(TomlTable& table, std::string_view key, int otherwise) {
  if (!table.has(key)) return otherwise;
  const auto text = table.text(key);
  const bool shape = text.size() == 5 && text[2] == ':' &&
                     is_text_of(text.substr(0, 2) + text.substr(3), "0123456789", 4, 4);
  if (!shape) table.refuse(key, "write HH:MM");
  const int minutes = std::stoi(text.substr(0, 2)) * 60 + std::stoi(text.substr(3));
  if (minutes > 24 * 60 || text[3] > '5') table.refuse(key, "write a time from 00:00 to 24:00");
  return minutes;
}

// "12-29" or "12-29..01-03" of every year, or one day: "2027-02-11".
void parse_closure(TomlTable& table, const std::string& text, KindCalendar& out) {
  if (const auto once = parse_iso_day(text)) {
    const auto from = jst_midnight(once.value());
    out.once_closures.push_back({from, from + std::chrono::hours(24)});
    return;
  }
  const auto dots = text.find("..");
  const auto first = text.substr(0, dots);
  const auto last = dots == std::string::npos ? first : text.substr(dots + 2);
  // 2024 is a leap year: every day that can recur exists in it.
  const auto first_day = parse_iso_day("2024-" + first);
  const auto last_day = parse_iso_day("2024-" + last);
  if (!first_day || !last_day) {
    table.refuse("closed", "write MM-DD, MM-DD..MM-DD or YYYY-MM-DD");
  }
  const auto month_day = [](JstDay day) {
    const std::chrono::year_month_day date(day);
    return MonthDay{static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day())};
  };
  out.yearly_closures.push_back({month_day(first_day.value()), month_day(last_day.value())});
}

// `open`, `close` and `closed` of one table; `out` has what is not written there.
void parse_hours(TomlTable& hours, KindCalendar& out) {
  out.hours.opens_min = parse_clock(hours, "open", out.hours.opens_min);
  out.hours.closes_min = parse_clock(hours, "close", out.hours.closes_min);
  if (out.hours.opens_min >= out.hours.closes_min) hours.refuse("close", "must be later than open");
  if (!hours.has("closed")) return;
  out.yearly_closures.clear();
  const auto closed = hours.texts("closed", 0);
  if (closed.size() > kClosuresMax) hours.refuse("closed", "at most 64 closures");
  for (const auto& text : closed) parse_closure(hours, text, out);
}

}  // namespace

bool is_work_time(const WorkHours& hours, UtcTime now) {
  const std::chrono::weekday day(jst_day(now));
  if (!hours.weekends && (day == std::chrono::Saturday || day == std::chrono::Sunday)) return false;
  return is_open(hours.days, now);
}

ServiceCalendar parse_calendar(TomlTable& root) {
  auto table = root.table("calendar");
  ServiceCalendar out;
  for (const auto& key : table.keys()) {
    const auto kind = parse_certificate_kind(key);
    if (!kind) table.refuse(key, "is no kind of certificate; write juminhyo or kisai_jiko");
    auto hours = table.table(key);
    parse_hours(hours, out[kind.value()]);
    hours.finish();
  }
  if (out.empty()) table.refuse("juminhyo", "offer at least one kind of certificate");
  return out;
}

WorkHours parse_work_hours(TomlTable& operators) {
  WorkHours out;
  auto hours = operators.table("work_hours");
  parse_hours(hours, out.days);
  out.weekends = hours.flag_or("weekends", false);
  hours.finish();
  return out;
}

}  // namespace certrelay
