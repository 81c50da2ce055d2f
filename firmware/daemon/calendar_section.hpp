// The hours of certrelay.toml: when certificates are offered, and when operators work.
#pragma once

#include "firmware/daemon/toml_table.hpp"
#include "relay/issuance/calendar.hpp"

namespace certrelay {

// When an operator's work surprises nobody (R54); refuses nothing.
struct WorkHours {
  KindCalendar days = {
      .hours = {.opens_min = 8 * 60, .closes_min = 19 * 60},
      .yearly_closures = {{{12, 29}, {1, 3}}},
      .once_closures = {},
  };
  bool weekends = false;  // Saturdays and Sundays are days like others
};
bool is_work_time(const WorkHours& hours, UtcTime now);

// Both throw StartFailure.
// [calendar]: at least one kind.
ServiceCalendar parse_calendar(TomlTable& root);
// operators.work_hours
WorkHours parse_work_hours(TomlTable& operators);

}  // namespace certrelay
