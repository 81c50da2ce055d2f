// Goal: the eras of the built-in forms are those that others know. Method: ICU's Japanese calendar,
// on every day since Japan counts days as we do (1873-01-01, 明治六年).
#include <gtest/gtest.h>
#include <unicode/ucal.h>
#include <unicode/udat.h>

#include <memory>

#include "protocol/base/utf8.hpp"
#include "render/form/eras.hpp"
#include "render/form/form_template.hpp"

namespace certrelay {
namespace {

struct CloseCalendar {
  void operator()(void** calendar) const { ucal_close(calendar); }
};
struct CloseFormat {
  void operator()(void** format) const { udat_close(format); }
};

// 平成 31, as ICU says of a day at noon in Japan.
class IcuEras {
 public:
  IcuEras() {
    UErrorCode status = U_ZERO_ERROR;
    constexpr const char* kLocale = "ja_JP@calendar=japanese";
    calendar_.reset(ucal_open(u"UTC", 3, kLocale, UCAL_TRADITIONAL, &status));
    format_.reset(udat_open(UDAT_PATTERN, UDAT_PATTERN, kLocale, u"UTC", 3, u"G", 1, &status));
    EXPECT_TRUE(U_SUCCESS(status));
  }

  std::pair<std::string, unsigned> of(JstDay day) {
    UErrorCode status = U_ZERO_ERROR;
    const auto noon =
        static_cast<double>(day.time_since_epoch().count()) * 86'400'000.0 + 43'200'000;
    ucal_setMillis(calendar_.get(), noon, &status);
    const auto year = ucal_get(calendar_.get(), UCAL_YEAR, &status);
    std::array<UChar, 16> name{};
    const auto size = udat_format(format_.get(), noon, name.data(), name.size(), nullptr, &status);
    EXPECT_TRUE(U_SUCCESS(status));
    std::string era;
    for (int i = 0; i < size; ++i) append_utf8(era, name.at(static_cast<std::size_t>(i)));
    return {era, static_cast<unsigned>(year)};
  }

 private:
  std::unique_ptr<UCalendar, CloseCalendar> calendar_;
  std::unique_ptr<UDateFormat, CloseFormat> format_;
};

TEST(IcuEras, AgreeOnEveryDayUntilToday) {
  IcuEras icu;
  const auto first = parse_iso_day("1873-01-01").value();
  const auto last = parse_iso_day("2026-12-31").value();
  for (const auto form :
       {&default_household_template, &default_individual_template, &default_record_template}) {
    const auto eras = parse_form_template(form()).value().eras;
    for (auto day = first; day <= last; day += std::chrono::days(1)) {
      const auto words = day_words(day, eras, "day").value();
      const auto [era, year] = icu.of(day);
      auto expected = era;
      if (year == 1) {
        expected += "元";
      } else {
        expected += (year < 10 ? "　" : "") + full_width(year);
      }
      ASSERT_TRUE(words.starts_with(expected + "年")) << to_iso_day(day) << ' ' << words;
    }
  }
}

}  // namespace
}  // namespace certrelay
