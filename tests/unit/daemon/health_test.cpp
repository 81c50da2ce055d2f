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

Health of(std::vector<HealthCheck> checks, std::vector<HealthWarning> warnings = {}) {
  Health out;
  out.checks = std::move(checks);
  out.warnings = std::move(warnings);
  return out;
}

TEST(HealthMemory, SaysSinceWhenACheckIsAsItIsAndHowLongThatIs) {
  HealthMemory memory;
  const auto begun = parse_rfc3339("2026-12-01T10:00:00+09:00").value();
  const auto stamped = [&](bool good, seconds later, std::chrono::hours date = {}) {
    auto health = of({{"crl", good, good ? "" : "past"}});
    memory.stamp(health, begun + later + date, SteadyTime(later));
    return health.checks[0].since;
  };
  EXPECT_EQ(stamped(true, seconds(0)).at, begun);
  EXPECT_EQ(stamped(true, seconds(90)).at, begun);
  EXPECT_EQ(stamped(true, seconds(90)).age, seconds(90));
  EXPECT_EQ(stamped(false, seconds(100)).at, begun + seconds(100));
  EXPECT_EQ(stamped(false, seconds(101)).age, seconds(1));
  // Somebody sets the date: it is as old as it was.
  EXPECT_EQ(stamped(false, seconds(102), std::chrono::hours(48)).age, seconds(2));
  EXPECT_EQ(stamped(true, seconds(103)).age, seconds(0));
}

TEST(HealthMemory, AWarningThatWasOverBeginsAnew) {
  HealthMemory memory;
  const auto stamped = [&](bool warned, seconds later) {
    auto health = of({}, warned ? std::vector<HealthWarning>{{"reports", "1 overdue"}}
                                : std::vector<HealthWarning>{});
    memory.stamp(health, UtcTime(later), SteadyTime(later));
    return warned ? health.warnings[0].since.age : seconds(0);
  };
  stamped(true, seconds(1));
  EXPECT_EQ(stamped(true, seconds(5)), seconds(4));
  stamped(false, seconds(6));
  EXPECT_EQ(stamped(true, seconds(9)), seconds(0));
}

TEST(HealthJson, EachCheckAndWarningHasItsTimeAndWhatStopsNothingSaysSo) {
  auto health = of({{"crl", true, ""}, {"disk", false, "12 MiB are left under state_dir", false}},
                   {{"reports", "1 overdue"}});
  HealthMemory memory;
  memory.stamp(health, parse_rfc3339("2026-12-01T10:00:00+09:00").value(), SteadyTime(seconds(7)));
  const auto json = to_json(health);
  const auto has = [&](std::string_view part) {
    EXPECT_NE(json.find(part), std::string::npos) << part << " in " << json;
  };
  has(R"({"name":"crl","ok":true,"since":"2026-12-01T10:00:00+09:00","age_s":0})");
  has(R"({"name":"disk","ok":false,"stops":false,"since":"2026-12-01T10:00:00+09:00","age_s":0,)");
  has(R"({"name":"reports","reason":"1 overdue","since":"2026-12-01T10:00:00+09:00","age_s":0})");
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
