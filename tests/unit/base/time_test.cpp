#include "protocol/base/time.hpp"

#include <gtest/gtest.h>

#include "protocol/base/japanese_time.hpp"

namespace certrelay {
namespace {
using namespace std::chrono_literals;

TEST(TimeTest, ADayInJapanBeginsAtFifteenHoursUtc) {
  const auto before = parse_rfc3339("2026-11-22T14:59:59.999Z").value();
  EXPECT_EQ(to_iso_day(jst_day(before)), "2026-11-22");
  EXPECT_EQ(to_iso_day(jst_day(before + 1ms)), "2026-11-23");
  EXPECT_EQ(jst_time_of_day(before + 1ms), 0ms);
  EXPECT_EQ(jst_midnight(jst_day(before + 1ms)), before + 1ms);
}

TEST(TimeTest, Rfc3339GoesThereAndBack) {
  const auto time = parse_rfc3339("2026-11-22T19:42:09+09:00").value();
  EXPECT_EQ(to_rfc3339_jst(time), "2026-11-22T19:42:09+09:00");
  EXPECT_EQ(parse_rfc3339("2026-11-22T10:42:09Z").value(), time);
  EXPECT_EQ(parse_rfc3339("2026-11-22T05:12:09.5-05:30").value(), time + 500ms);
}

TEST(TimeTest, RefusesWhatIsNoTime) {
  for (const auto* text :
       {"2026-11-22T24:00:00Z", "2026-11-22T23:60:00Z", "2026-11-22T23:59:60Z",
        "2026-02-29T00:00:00Z", "2026-11-22 10:00:00Z", "2026-11-22T10:00:00",
        "1969-12-31T00:00:00Z", "2026-11-22T10:00:00.Z", "2026-11-22T10:00:00.1234Z",
        "2026-11-22T10:00:00+9:00", "2026-11-22T10:00:00+24:00", "2026-11-22t10:00:00z"}) {
    EXPECT_FALSE(parse_rfc3339(text).has_value()) << text;
  }
}

TEST(TimeTest, TheTwentyNinthOfFebruaryExistsInLeapYearsOnly) {
  EXPECT_TRUE(parse_iso_day("2024-02-29").has_value());
  EXPECT_FALSE(parse_iso_day("2026-02-29").has_value());
  EXPECT_FALSE(parse_iso_day("1900-02-29").has_value());
  EXPECT_TRUE(parse_iso_day("2000-02-29").has_value());
}

TEST(TimeTest, OfficialsReadOneStyleOfDatesAndTimes) {
  EXPECT_EQ(japanese_time(parse_rfc3339("2026-11-03T09:05:59+09:00").value()),
            "2026年11月3日 9時05分");
  EXPECT_EQ(japanese_time(parse_rfc3339("2026-11-02T15:00:00Z").value()), "2026年11月3日 0時00分");
  EXPECT_EQ(japanese_day(parse_iso_day("2026-01-31").value()), "2026年1月31日");
}

}  // namespace
}  // namespace certrelay
