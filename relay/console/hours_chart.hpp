// A day's issues and refusals, hour by hour: the figures, and their picture.
#pragma once

#include <array>
#include <map>
#include <vector>

#include "relay/console/page_parts.hpp"

namespace certrelay {

struct DayFigures {
  std::array<std::uint32_t, 24> issued{};      // by the hour in Japan
  std::array<std::uint32_t, 24> refused{};     // likewise
  std::map<ErrorCode, std::uint32_t> reasons;  // of those; kNone: a stop or restart ended it
  std::uint32_t issued_all = 0;
  std::uint32_t refused_all = 0;
};

// Of entries of one day: certificates whose intent is durable, and who was turned_away().
DayFigures day_figures(const std::vector<Entry>& provided, const std::vector<Entry>& refused);

// SVG without a style of its own; what it shows stands in the table below it too.
Markup hours_chart(const Words& words, const DayFigures& figures);
Markup hours_table(const Words& words, const DayFigures& figures);

}  // namespace certrelay
