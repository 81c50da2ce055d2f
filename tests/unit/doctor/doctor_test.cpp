// doctor: each thing that can be wrong is found under its own name, with since when and a mend;
// what will end is found before it ends, and at a time that is asked about (rules.md: the first
// opening after New Year).
#include "firmware/ctl/doctor/doctor.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <regex>

#include "firmware/ctl/say_failure.hpp"
#include "relay/env/posix_files.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/init/init_world.hpp"

namespace certrelay {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using testing::InitWorld;
using testing::kInitNow;
using testing::kInitSite;

void copy_tree(testing::ForgetfulFiles& from, const std::string& path, const std::string& to) {
  PosixFiles files;
  (void)files.make_folder(to);
  const auto names = from.list(path).value();
  for (const auto& name : names) {
    const auto below = path + "/" + name;
    if (from.info(below).value().kind == FileInfo::Kind::kFolder) {
      copy_tree(from, below, to + "/" + name);
      continue;
    }
    const auto bytes = from.read_all(below, std::size_t{1} << 24).value();
    ASSERT_TRUE(files.write_durably(to + "/" + name, bytes).has_value());
  }
}

// A site as `init` leaves it, on the machine's own disk.
class DoctorSite : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    world_ = std::make_unique<InitWorld>();
    const auto site = world_->whole();
    ASSERT_TRUE(finish_site(world_->files, world_->entropy, world_->plan, site, kInitSite, kInitNow)
                    .has_value());
  }
  static void TearDownTestSuite() { world_.reset(); }

  void SetUp() override {
    copy_tree(world_->files, kInitSite, folder_ / "site");
    std::ofstream(folder_ / "font.ttf") << "a font";
  }
  std::string at(const std::string& file) const { return folder_ / ("site/" + file); }
  std::vector<DoctorLine> examine(std::optional<UtcTime> until = {}) {
    auto config = load_config(at("certrelay.toml"));
    config.render.fonts.at(0).path = folder_ / "font.ttf";
    config.reg.any_file_system = true;  // the test's own disk proves nothing
    return examine_files(config, files_, {kInitNow, until, ::geteuid()});
  }
  // The checks that failed, each once, in their order.
  static std::string failed(const std::vector<DoctorLine>& lines) {
    std::string out;
    for (const auto& one : lines) {
      if (one.state != DoctorState::kFailed || one.check == "disk") continue;
      EXPECT_FALSE(one.mend.empty()) << one.check;
      out += (out.empty() ? "" : " ") + one.check;
    }
    return out;
  }

  static inline std::unique_ptr<InitWorld> world_;
  testing::TempFolder folder_;
  PosixFiles files_;
};

TEST_F(DoctorSite, ASiteThatInitMadeIsFine) { EXPECT_EQ(failed(examine()), ""); }

TEST_F(DoctorSite, AKeyThatOthersMayReadIsFound) {  // R33
  std::filesystem::permissions(at("keys/answer.pem"), std::filesystem::perms(0640));
  EXPECT_EQ(failed(examine()), "keys.answer_key");
}

TEST_F(DoctorSite, AWrongPassPhraseIsFoundAtEveryKeyAndIsNeverShown) {
  std::ofstream(at("keys/password")) << "a quite different secret";
  const auto lines = examine();
  EXPECT_NE(failed(lines).find("keys.answer_key keys.registry_answer_key"), std::string::npos);
  EXPECT_EQ(doctor_text(lines).find("quite different"), std::string::npos);
  EXPECT_EQ(doctor_json(lines).find("quite different"), std::string::npos);
}

TEST_F(DoctorSite, AShortOuterKeyIsFound) {
  std::filesystem::resize_file(at("keys/outer.key"), 31);
  EXPECT_EQ(failed(examine()), "keys.outer_key");
}

TEST_F(DoctorSite, AMissingListIsFound) {
  std::filesystem::remove(at("certificates/card.crl"));
  EXPECT_EQ(failed(examine()), "crl");
}

TEST_F(DoctorSite, ACertificateOfAnotherKeyIsFound) {
  std::filesystem::copy_file(at("certificates/registry-tls.pem"), at("certificates/center-tls.pem"),
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(failed(examine()), "tls.center");
}

TEST_F(DoctorSite, AnotherFontIsFound) {
  std::ofstream(folder_ / "font.ttf") << "another font";
  EXPECT_EQ(failed(examine()), "font");
}

TEST_F(DoctorSite, AFolderThatOthersMayReadIsFound) {  // R33
  std::filesystem::permissions(at("state"), std::filesystem::perms(0750));
  EXPECT_EQ(failed(examine()), "state_dir");
}

TEST_F(DoctorSite, WhatEndsBeforeTheTimeThatIsAskedAboutIsFoundWithItsEnd) {
  EXPECT_EQ(failed(examine(kInitNow + days(364))), "");
  const auto lines = examine(kInitNow + days(365));
  EXPECT_NE(failed(lines).find("tls.center"), std::string::npos);
  for (const auto& one : lines) {
    if (one.state != DoctorState::kFailed || one.check == "disk") continue;
    EXPECT_EQ(one.since, world_->validity.not_after) << one.check;
  }
}

DoctorLine judged(UtcTime now, std::optional<UtcTime> until = {}) {
  // 100 days of life: the last quarter is 25 days.
  return judge_end("x", "x", kInitNow, kInitNow + days(100), "mend", {now, until, 0});
}

TEST(DoctorEnd, IsFineSoonAndFailedAtItsBounds) {
  const auto end = kInitNow + days(100);
  EXPECT_EQ(judged(end - days(25) - milliseconds(1)).state, DoctorState::kFine);
  EXPECT_EQ(judged(end - days(25)).state, DoctorState::kSoon);
  EXPECT_EQ(judged(end - milliseconds(1)).state, DoctorState::kSoon);
  EXPECT_EQ(judged(end).state, DoctorState::kFailed);
  EXPECT_EQ(judged(end).since, end);
  EXPECT_EQ(judged(kInitNow, end - milliseconds(1)).state, DoctorState::kFine);
  EXPECT_EQ(judged(kInitNow, end).state, DoctorState::kFailed);
}

TEST(DoctorEnd, ALongLifesLastQuarterIsThirtyDays) {
  const auto at = [](UtcTime now) {
    return judge_end("x", "x", kInitNow, kInitNow + days(4000), "mend", {now, {}, 0}).state;
  };
  EXPECT_EQ(at(kInitNow + days(3970) - milliseconds(1)), DoctorState::kFine);
  EXPECT_EQ(at(kInitNow + days(3970)), DoctorState::kSoon);
}

DoctorLine of_state(DoctorState state) { return {"x", state, "x", {}, "x"}; }

TEST(DoctorExit, TheWorstDecides) {
  const auto fine = of_state(DoctorState::kFine), soon = of_state(DoctorState::kSoon),
             failed = of_state(DoctorState::kFailed), unknown = of_state(DoctorState::kUnknown);
  EXPECT_EQ(exit_code_of({}), 0);
  EXPECT_EQ(exit_code_of({fine}), 0);
  EXPECT_EQ(exit_code_of({fine, soon}), 4);
  EXPECT_EQ(exit_code_of({soon, unknown}), 3);
  EXPECT_EQ(exit_code_of({soon, unknown, failed}), 1);
}

AskMonitoring answers(std::string readyz, std::string metrics) {
  return [readyz, metrics](const std::string& path) -> Result<std::string> {
    return path == "/readyz" ? readyz : metrics;
  };
}

constexpr const char* kGood = R"({"ready":true,"checks":[],"warnings":[]})";

std::string metrics_of(std::int64_t age, std::int64_t bound, const std::string& more = "") {
  return "# HELP\ncertrelay_register_age_seconds " + std::to_string(age) +
         "\ncertrelay_register_age_max_seconds " + std::to_string(bound) + "\n" + more;
}

TEST(DoctorRunning, ARelayThatDoesNotAnswerIsUnknownAndSaysSo) {
  const auto lines = examine_running(
      [](const std::string&) -> Result<std::string> {
        return Error{ErrorCode::kCannotReach, "test"};
      },
      {kInitNow, {}, 0});
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].check, "running");
  EXPECT_EQ(exit_code_of(lines), kExitCannotReach);
}

TEST(DoctorRunning, EachFailedCheckIsExplainedAndEachWarningIsNoFailure) {
  const auto* readyz = R"({"ready":false,"newer":1,"checks":[
      {"name":"crl","ok":false,"reason":"past","since":"2026-11-22T11:00:00+09:00"},
      {"name":"ledger","ok":true},{"name":"brand_new","ok":false,"reason":"r"},
      {"name":"disk","ok":false,"stops":false,"reason":"12 MiB"}],
      "warnings":[{"name":"reports","reason":"2 overdue"}]})";
  const auto lines = examine_running(answers(readyz, metrics_of(60, 1800)), {kInitNow, {}, 0});
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines[0].check, "running.crl");
  EXPECT_EQ(lines[0].state, DoctorState::kFailed);
  EXPECT_EQ(lines[0].since, kInitNow - std::chrono::hours(1));
  EXPECT_NE(lines[0].mend.find("SIGHUP"), std::string::npos);
  EXPECT_EQ(lines[1].check, "running.brand_new");
  EXPECT_EQ(lines[2].check, "running.disk");
  EXPECT_EQ(lines[2].state, DoctorState::kSoon) << "it stops nothing";
  EXPECT_EQ(lines[3].check, "running.reports");
  EXPECT_EQ(lines[3].state, DoctorState::kSoon);
  EXPECT_EQ(lines[4].check, "register.freshness");
  EXPECT_EQ(lines[4].state, DoctorState::kFine);
}

TEST(DoctorRunning, APromiseReachesOverNewYear) {
  const auto opens = parse_rfc3339("2027-01-04T06:30:00+09:00").value();
  const DoctorQuestion question{parse_rfc3339("2026-12-28T18:00:00+09:00").value(), opens, 0};
  const auto with = [&](UtcTime promised) {
    const auto seconds = promised.time_since_epoch().count() / 1000;
    const auto lines = examine_running(
        answers(kGood, metrics_of(60, 1800,
                                  "certrelay_register_complete_until_timestamp_seconds " +
                                      std::to_string(seconds) + "\n")),
        question);
    return lines.back().state;
  };
  EXPECT_EQ(examine_running(answers(kGood, metrics_of(60, 1800)), question).back().state,
            DoctorState::kFailed);
  EXPECT_EQ(with(opens), DoctorState::kFailed);  // the promise ends as the doors open
  EXPECT_NE(with(opens + std::chrono::seconds(1)), DoctorState::kFailed);
}

TEST(DoctorRunning, EveryCheckOfTheRelayHasWords) {
  std::string source;
  for (const auto* file : {"vault_health.cpp", "health.cpp"}) {
    std::ifstream in(std::string(CERTRELAY_DAEMON_FOLDER) + "/" + file);
    ASSERT_TRUE(in.good()) << file;
    source += std::string{std::istreambuf_iterator<char>(in), {}};
  }
  const std::regex names("check\\(\"([a-z_]+)\"|\\{\\s*\"([a-z_]+)\",\\s*health_text");
  std::size_t found = 0;
  for (std::sregex_iterator at(source.begin(), source.end(), names), end; at != end; ++at) {
    const auto name = (*at)[1].matched ? (*at)[1].str() : (*at)[2].str();
    EXPECT_NE(readyz_word(name), nullptr) << name;
    ++found;
  }
  EXPECT_GE(found, 18U);
}

}  // namespace
}  // namespace certrelay
