#include "protocol/base/register_date.hpp"

#include <gtest/gtest.h>

namespace certrelay {
namespace {

TEST(RegisterDate, KeepsACompleteDay) {
  const auto date = RegisterDate::parse("1983-07-09").value();
  EXPECT_EQ(date.year, 1983);
  EXPECT_EQ(date.month, 7U);
  EXPECT_EQ(date.day, 9U);
  EXPECT_TRUE(date.complete());
  EXPECT_FALSE(date.empty());
  EXPECT_EQ(date.iso(), "1983-07-09");
}

TEST(RegisterDate, KeepsUnknownParts) {
  for (const auto* iso : {"1945-00-00", "1945-08-00", "0000-00-00", "0001-01-01", "9999-12-31"}) {
    EXPECT_EQ(RegisterDate::parse(iso).value().iso(), iso);
  }
  EXPECT_FALSE(RegisterDate::parse("1945-08-00").value().complete());
}

TEST(RegisterDate, IsEmptyOnlyWithoutYearAndText) {
  EXPECT_TRUE(RegisterDate{}.empty());
  EXPECT_TRUE(RegisterDate::parse("0000-00-00").value().empty());
  EXPECT_FALSE(RegisterDate::parse("0000-00-00", PersonalText("不詳")).value().empty());
}

TEST(RegisterDate, RefusesDaysThatDoNotExist) {
  EXPECT_TRUE(RegisterDate::parse("2024-02-29").has_value());
  for (const auto* iso : {"2023-02-29", "1900-02-29", "2023-04-31", "2023-13-01", "2023-01-32",
                          "2023-00-05", "0000-01-00", "0000-01-01", "0000-00-01"}) {
    EXPECT_FALSE(RegisterDate::parse(iso).has_value()) << iso;
  }
}

TEST(RegisterDate, RefusesOtherSpellings) {
  for (const auto* iso : {"", "2023-1-1", "2023/01/01", "20230101", "2023-01-01 ", " 2023-01-0",
                          "2023-01-0a", "-023-01-01", "２０２３"}) {
    EXPECT_FALSE(RegisterDate::parse(iso).has_value()) << iso;
  }
}

}  // namespace
}  // namespace certrelay
