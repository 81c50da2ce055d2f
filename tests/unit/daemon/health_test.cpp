// Goal: health tells of the register before it stops anything, and in two languages the same.
#include "firmware/daemon/health.hpp"

#include <gtest/gtest.h>

#include "protocol/wire/health_reasons.hpp"

namespace certrelay {
namespace {

using std::chrono::seconds;

RegisterState serving(seconds age, seconds age_max) {
  RegisterState out;
  out.version = {3, 1207};
  out.age = age;
  out.age_max = age_max;
  out.announced = 1207;
  out.reason = RegisterReason::kReady;
  return out;
}

TEST(RegisterHealth, WarnsAtThreeQuartersOfTheBoundAndNotASecondBefore) {  // R50
  EXPECT_TRUE(register_warnings(serving(seconds(1349), seconds(1800))).empty());
  const auto warned = register_warnings(serving(seconds(1350), seconds(1800)));
  ASSERT_EQ(warned.size(), 1U);
  EXPECT_EQ(warned[0].name, "register_age");
  EXPECT_EQ(warned[0].reason, "75 % of the bound are used up: 1350 of 1800 s");
  // Past the bound the check fails instead.
  auto stopped = serving(seconds(1801), seconds(1800));
  stopped.reason = RegisterReason::kTooOld;
  EXPECT_TRUE(register_warnings(stopped).empty());
  EXPECT_EQ(register_reason(stopped), "not ready: too_old");
}

TEST(RegisterHealth, AHouseholdThatAChangeClosedIsAWarning) {
  auto state = serving(seconds(1), seconds(1800));
  state.quarantined = 2;
  const auto warned = register_warnings(state);
  ASSERT_EQ(warned.size(), 1U);
  EXPECT_EQ(warned[0].name, "quarantine");
  EXPECT_EQ(warned[0].reason, "2 households are closed by changes that could not be applied");
}

TEST(RegisterHealth, AGapNamesTheMissingChanges) {
  auto state = serving(seconds(1), seconds(1800));
  state.announced = 1210;
  state.reason = RegisterReason::kGap;
  EXPECT_EQ(register_reason(state), "not ready: gap, changes 1208 to 1210 are missing");
}

// A text of the table is found again in it, with what was filled in, and says so in Japanese.
TEST(HealthReasons, EveryTextHasItsJapaneseWithTheSameValues) {
  for (std::size_t i = 0; i < kHealthReasons; ++i) {
    const auto reason = static_cast<HealthReason>(i);
    for (std::size_t holes = 0;; ++holes) {
      ASSERT_LE(holes, 3U) << i;
      std::vector<std::string> values;
      for (std::size_t hole = 0; hole < holes; ++hole) values.push_back(std::to_string(701 + hole));
      if (health_holes(reason) != holes) continue;
      const auto english = health_text(reason, values);
      const auto japanese = health_words(english);
      EXPECT_NE(japanese, english);
      EXPECT_GT(static_cast<unsigned char>(japanese.front()), 0x7fU);
      for (const auto& value : values) EXPECT_NE(japanese.find(value), std::string::npos) << i;
      for (const char letter : english) EXPECT_LT(static_cast<unsigned char>(letter), 0x80U);
      break;
    }
  }
}

TEST(HealthReasons, ATextThatTheTableLacksStaysAsItIs) {
  EXPECT_EQ(health_words("of a newer relay"), "of a newer relay");
  EXPECT_EQ(health_words("not writable, error 1 and more"),
            "提供記録に書き込めません（エラー 1 and more）");
  EXPECT_EQ(health_words("not writable"), "not writable");
}

}  // namespace
}  // namespace certrelay
