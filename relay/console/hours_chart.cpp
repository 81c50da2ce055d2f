#include "relay/console/hours_chart.hpp"

#include <algorithm>

#include "protocol/record/refusal.hpp"

namespace certrelay {
namespace {

constexpr int kWidth = 760;
constexpr int kHeight = 220;
constexpr int kLeft = 44;
constexpr int kBottom = 190;
constexpr int kTop = 12;
constexpr int kHourWidth = (kWidth - kLeft - 8) / 24;

// The smallest of 1, 2, 5 times a power of ten, four of which hold the highest bar.
std::uint32_t step_of(std::uint32_t highest) {
  for (std::uint32_t power = 1;; power *= 10) {
    for (const std::uint32_t times : {1U, 2U, 5U}) {
      if (times * power * 4 >= highest) return times * power;
    }
  }
}

std::string number(int value) { return std::to_string(value); }

Markup bar(int x, int height, std::string_view kind) {
  if (height == 0) return {};
  return element("rect",
                 {{"class", std::string(kind)},
                  {"x", number(x)},
                  {"y", number(kBottom - height)},
                  {"width", number(kHourWidth / 2 - 3)},
                  {"height", number(height)}},
                 Markup());
}

Markup line(int y, std::string_view kind) {
  return element("line",
                 {{"class", std::string(kind)},
                  {"x1", number(kLeft)},
                  {"x2", number(kWidth - 4)},
                  {"y1", number(y)},
                  {"y2", number(y)}},
                 Markup());
}

Markup label(int x, int y, const std::string& words, std::string_view anchor) {
  return element("text", {{"x", number(x)}, {"y", number(y)}, {"text-anchor", std::string(anchor)}},
                 words);
}

std::size_t hour_of(const Entry& entry) {
  return static_cast<std::size_t>(
      std::chrono::floor<std::chrono::hours>(jst_time_of_day(entry.utc)).count());
}

}  // namespace

DayFigures day_figures(const std::vector<Entry>& provided, const std::vector<Entry>& refused) {
  DayFigures out;
  for (const auto& entry : provided) {
    if (entry.kind != EntryKind::kProvisionIntent) continue;
    ++out.issued.at(hour_of(entry));
    ++out.issued_all;
  }
  for (const auto& entry : refused) {
    const auto count = static_cast<std::uint32_t>(turned_away(entry));
    if (count == 0) continue;
    out.refused.at(hour_of(entry)) += count;
    out.refused_all += count;
    out.reasons[entry.reason] += count;
  }
  return out;
}

Markup hours_chart(const Words& words, const DayFigures& figures) {
  const auto highest =
      std::max(std::ranges::max(figures.issued), std::ranges::max(figures.refused));
  const auto step = step_of(std::max(highest, 1U));
  const auto height_of = [&](std::uint32_t count) {
    return static_cast<int>(count * static_cast<std::uint32_t>(kBottom - kTop) / (step * 4));
  };
  Markup inside;
  for (std::uint32_t i = 1; i <= 4; ++i) {
    inside += line(kBottom - height_of(step * i), "grid");
    inside += label(kLeft - 6, kBottom - height_of(step * i) + 4, std::to_string(step * i), "end");
  }
  for (int hour = 0; hour < 24; ++hour) {
    const int x = kLeft + hour * kHourWidth + 3;
    const auto index = static_cast<std::size_t>(hour);
    inside += bar(x, height_of(figures.issued.at(index)), "issued");
    inside += bar(x + kHourWidth / 2 - 2, height_of(figures.refused.at(index)), "refused");
    if (hour % 3 == 0) {
      inside += label(x + kHourWidth / 2 - 3, kBottom + 18,
                      number(hour) + std::string(words({"時", ":00"})), "middle");
    }
  }
  inside += line(kBottom, "axis");
  const auto legend =
      element("ul", {{"class", "legend"}},
              element("li", {{"class", "issued"}}, words({"交付", "Issued"})) +
                  element("li", {{"class", "refused"}}, words({"不交付", "Refused"})));
  return legend +
         element("svg",
                 {{"class", "chart"},
                  {"viewBox", "0 0 " + number(kWidth) + " " + number(kHeight)},
                  {"role", "img"},
                  {"aria-label", std::string(words({"時間帯ごとの交付と不交付の件数。同じ数"
                                                    "値が下の表にあります。",
                                                    "Issued and refused by the hour. The "
                                                    "table below has the same figures."}))}},
                 inside);
}

Markup hours_table(const Words& words, const DayFigures& figures) {
  std::vector<std::vector<Markup>> rows;
  for (std::size_t hour = 0; hour < 24; ++hour) {
    if (figures.issued.at(hour) + figures.refused.at(hour) == 0) continue;
    const auto from = std::to_string(hour);
    rows.push_back({text(from + std::string(words({"時台", ":00 - "})) +
                         (words.language() == Language::kEnglish ? from + ":59" : "")),
                    text(std::to_string(figures.issued.at(hour))),
                    text(std::to_string(figures.refused.at(hour)))});
  }
  return table(std::string(words({"時間帯ごとの件数", "By the hour"})),
               {{std::string(words({"時間帯", "Hour"}))},
                {std::string(words({"交付", "Issued"})), true},
                {std::string(words({"不交付", "Refused"})), true}},
               rows,
               std::string(words({"本日の交付・不交付はまだありません。", "Nothing yet today."})));
}

}  // namespace certrelay
