#include "render/readback/rules.hpp"

#include <array>

namespace certrelay {
namespace {

constexpr std::array<std::string_view, 10> kDigits = {"０", "１", "２", "３", "４",
                                                      "５", "６", "７", "８", "９"};

std::string wide(int number) {
  std::string out;
  for (int rest = number; rest > 0; rest /= 10) {
    out.insert(0, kDigits.at(static_cast<std::size_t>(rest % 10)));
  }
  return out;
}

std::string wide_pair(int number) { return (number < 10 ? "　" : "") + wide(number); }

constexpr Error kNoWords{ErrorCode::kReadbackMismatch, "readback: date without words"};

}  // namespace

Result<std::string> expected_date_words(const RegisterDate& date, bool western,
                                        const ReadbackRules& rules) {
  if (!date.text.empty()) return std::string(date.text.reveal());
  if (date.year <= 0) return kNoWords;
  std::string out = western ? wide(date.year) : std::string();
  if (!western) {
    // The earliest and the latest day that the known parts can mean must lie in one era.
    const int month = static_cast<int>(date.month);
    const int day = static_cast<int>(date.day);
    const int earliest = date.year * 10000 + (month == 0 ? 1 : month) * 100 + (day == 0 ? 1 : day);
    const int latest = date.year * 10000 + (month == 0 ? 12 : month) * 100 + (day == 0 ? 31 : day);
    const ReadbackEra* at_earliest = nullptr;
    const ReadbackEra* at_latest = nullptr;
    for (const auto& era : rules.eras) {
      if (era.first_day <= earliest) at_earliest = &era;
      if (era.first_day <= latest) at_latest = &era;
    }
    if (at_earliest == nullptr || at_earliest != at_latest) return kNoWords;
    const int year_of_era = date.year - at_earliest->first_day / 10000 + 1;
    out = at_earliest->name + (year_of_era == 1 ? std::string("元") : wide_pair(year_of_era));
  }
  out += "年";
  if (date.month != 0) out += wide_pair(static_cast<int>(date.month)) + "月";
  if (date.day != 0) out += wide_pair(static_cast<int>(date.day)) + "日";
  return out;
}

}  // namespace certrelay
