// Goal: what a person may get wrong in certrelay.toml is refused with the key and a mend; what a
// running relay takes over, hours and limits are read at their bounds.
#include "tests/unit/daemon/config_world.hpp"

namespace certrelay {
namespace {

using testing::kGoodToml;

class ConfigHoursTest : public testing::ConfigWorld {};

TEST_F(ConfigHoursTest, TheCalendarTakesYearlyDaysRangesAndSingleDays) {  // R04
  const auto config = load();
  const auto& calendar = config.calendar.at(CertificateKind::kJuminhyo);
  EXPECT_EQ(calendar.hours.opens_min, 390);
  EXPECT_EQ(calendar.hours.closes_min, 1380);
  ASSERT_EQ(calendar.yearly_closures.size(), 2U);
  EXPECT_EQ(calendar.yearly_closures[0].first.month, 12U);
  EXPECT_EQ(calendar.yearly_closures[0].last.day, 3U);
  ASSERT_EQ(calendar.once_closures.size(), 1U);
  EXPECT_EQ(calendar.once_closures[0].until - calendar.once_closures[0].from,
            std::chrono::hours(24));
}

TEST_F(ConfigHoursTest, TheDigestIsOfTheFilesBytes) {  // INV-8
  EXPECT_EQ(load().digest, sha256(as_bytes(kGoodToml)));
  EXPECT_NE(load("workers = 2", "workers = 3").digest, sha256(as_bytes(kGoodToml)));
}

// What SIGHUP takes over leaves `fixed` as it was, and nothing else does.
TEST_F(ConfigHoursTest, WhatARunningRelayTakesOverIsNotFixed) {  // INV-8
  const auto fixed = load().fixed;
  const auto same = [&](std::string_view from, std::string_view to) {
    return load(from, to).fixed == fixed;
  };
  EXPECT_TRUE(same("\"06:30\"", "\"07:30\""));
  EXPECT_TRUE(same("[limits]", "[limits]\ntransactions_live_max = 5\nconnections_per_peer = 6"));
  EXPECT_TRUE(same("00aa", "00ab"));
  EXPECT_TRUE(same("DNS:center.example", "DNS:center2.example"));
  EXPECT_TRUE(same("pki/center.pem", "pki/center2.pem"));
  EXPECT_TRUE(same("[limits]", "# a remark\n[limits]"));
  EXPECT_FALSE(same("workers = 2", "workers = 3"));
  EXPECT_FALSE(same("土佐みなと市", "別の市"));
  EXPECT_FALSE(same("127.0.0.1:8443", "127.0.0.1:8444"));
  EXPECT_FALSE(same("extract_age_max_hours = 26", "extract_age_max_hours = 25"));
}

TEST_F(ConfigHoursTest, WorkHoursHaveDefaultsAndAreRead) {  // R54
  const auto usual = load().operators.work_hours;
  EXPECT_EQ(usual.days.hours.opens_min, 480);
  EXPECT_EQ(usual.days.hours.closes_min, 1140);
  EXPECT_EQ(usual.days.yearly_closures.size(), 1U);
  EXPECT_FALSE(usual.weekends);
  constexpr std::string_view kHours =
      "[operators]\nwork_hours = { open = \"07:00\", closed = [\"2027-02-11\"], weekends = true "
      "}\n";
  const auto own = load("[limits]", std::string(kHours) + "[limits]").operators.work_hours;
  EXPECT_EQ(own.days.hours.opens_min, 420);
  EXPECT_EQ(own.days.hours.closes_min, 1140);
  EXPECT_TRUE(own.days.yearly_closures.empty());
  EXPECT_EQ(own.days.once_closures.size(), 1U);
  EXPECT_TRUE(own.weekends);
}

struct Mistake {
  const char* from;
  const char* to;
  const char* key;   // that the line names
  const char* mend;  // what it says to do
};

constexpr auto kMistakes = std::to_array<Mistake>({
    {"workers = 2", "wrokers = 2", "limits.wrokers", "no known key"},
    {"[limits]", "[limit]", "limit", "no known key"},
    {"\"392901\"", "\"392902\"", "site.municipality", "check digit"},
    {"name = \"土佐みなと市\"", "name = 5", "site.name", "write a string"},
    {"127.0.0.1:8443", "127.0.0.1", "listen.center", "address:port"},
    {"127.0.0.1:8443", "127.0.0.1:65536", "listen.center", "0 to 65535"},
    {"role = \"center\"", "role = \"centre\"", "peer[0].role", "write"},
    {"AAAA=\"", "AAAA\"", "peer[0].spki_sha256", "base64"},
    {"[\"feeder.pem\"]", "[]", "keys.feeder_public_key", "at least 1"},
    {"[\"feeder.pem\"]", "[\"a\", \"b\", \"c\"]", "keys.feeder_public_key", "at most two"},
    {"00aa", "00AA", "fonts[0].sha256", "64 lower-case"},
    {"\"06:30\"", "\"6:30\"", "calendar.juminhyo.open", "HH:MM"},
    {"\"23:00\"", "\"24:01\"", "calendar.juminhyo.close", "00:00 to 24:00"},
    {"\"23:00\"", "\"06:30\"", "calendar.juminhyo.close", "later than open"},
    {"12-29..01-03", "12-29..13-03", "calendar.juminhyo.closed", "MM-DD"},
    {"juminhyo =", "jyuminhyo =", "calendar.jyuminhyo", "no kind"},
    {"extract_age_max_hours = 26", "extract_age_max_hours = 0", "extract_age_max_hours", "1 to"},
    {"extract_age_max_hours = 26", "deleted_persons_percent_max = 101",
     "register.deleted_persons_percent_max", "0 to 100"},
    {"extract_age_max_hours = 26", "shrink_percent_max = -1", "register.shrink_percent_max",
     "0 to 100"},
    {"workers = 2", "workers = 65", "limits.workers", "1 to 64"},
    {"password_file = \"password\"", "password_file = \"no\"", "/no", "check that the file"},
    {"[limits]", "[limits", "certrelay.toml:", "not valid TOML"},
});

TEST_F(ConfigHoursTest, EveryMistakeIsNamedWithItsKeyAndItsMend) {
  for (const auto& [from, to, key, mend] : kMistakes) {
    const auto line = refusal(from, to);
    EXPECT_NE(line.find(key), std::string::npos) << to << " gives: " << line;
    EXPECT_NE(line.find(mend), std::string::npos) << to << " gives: " << line;
    EXPECT_EQ(line.find("himitsu"), std::string::npos);
  }
}

TEST_F(ConfigHoursTest, LimitsAreTakenAtTheirBounds) {
  EXPECT_EQ(load("workers = 2", "workers = 64").limits.workers, 64U);
  EXPECT_EQ(load("workers = 2", "workers = 1").limits.workers, 1U);
  EXPECT_EQ(load("\"23:00\"", "\"24:00\"").calendar.begin()->second.hours.closes_min, 1440);
}

}  // namespace
}  // namespace certrelay
