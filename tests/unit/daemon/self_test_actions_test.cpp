// Goal: the storm's report carries what was run under a signature of its own and is in the ledger
// with the person's name, however long it takes; a mismatch latches, two do not run at once, and a
// vault that ends meanwhile has found nothing (INV-12).
#include "firmware/daemon/self_test_actions.hpp"

#include <gtest/gtest.h>

#include "relay/keys/public_key.hpp"
#include "tests/unit/operators/operator_world.hpp"

namespace certrelay {
namespace {

using testing::OperatorWorld;

struct StormWorld : OperatorWorld {
  StormWorld() : OperatorWorld(default_settings(), {}, false) {
    add_self_test_action(*verbs, levers);
  }
  OperatorAction storm() { return action(clerk, "self_test.storm"); }
  void pass(std::chrono::seconds time) {
    const auto until = clock.steady_now() + time;
    do {
      io.restart();
      testing::run_ready(io);
    } while (clock.advance_until(until));
    io.restart();
    testing::run_ready(io);
  }
  // A storm that ends so, up to the report that says "failed".
  void fail_a_storm(ErrorCode code) {
    outcome = Error{code, "test"};
    const auto order = storm();
    propose(clerk, order);
    EXPECT_EQ(said(propose(clerk, order)), "failed");
  }
  void end_and_start() {
    clock.forget_alarms();
    start(default_settings());
    add_self_test_action(*verbs, levers);
  }
  AnswerKey key = AnswerKey::generate().value();
  Result<SelfTestReport> outcome = SelfTestReport{640, 700, 128, 256, 128};
  std::chrono::seconds takes{0};
  std::vector<ErrorCode> failures;
  SelfTestLevers levers{.run = [this]() -> boost::asio::awaitable<Result<SelfTestReport>> {
                          if (takes > std::chrono::seconds(0))
                            co_await clock.sleep_until(clock.steady_now() + takes);
                          co_return outcome;
                        },
                        .failed = [this](Error error) -> boost::asio::awaitable<void> {
                          failures.push_back(error.code);
                          co_return;
                        },
                        .ledger = ledger,
                        .clock = clock,
                        .key = key,
                        .municipality = MunicipalityCode::parse("392901").value(),
                        .configuration = [] { return sha256("configuration"); },
                        .demo = false};
};

TEST(SelfTestActions, TheReportIsSignedAndInTheLedgerWithTheNameOfWhoAsked) {
  StormWorld world;
  const auto action = world.storm();
  world.propose(world.clerk, action);
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "done");
  const auto found = std::ranges::find(world.ledger.entries, EntryKind::kSelfTested, &Entry::kind);
  ASSERT_NE(found, world.ledger.entries.end());
  const auto& entry = *found;
  EXPECT_EQ(entry.operator_name, world.clerk.name());
  EXPECT_EQ(entry.count, 640U);
  EXPECT_EQ(entry.artifact_sha256, world.levers.configuration());
  EXPECT_TRUE(world.failures.empty());
}

TEST(SelfTestActions, AReportsSignatureCoversEveryWordOfIt) {
  StormWorld world;
  const auto report =
      signed_report(world.levers, world.outcome.value(), LedgerSequence(77)).value();
  EXPECT_LE(report.size(), kActionDetailBytesMax);
  constexpr std::string_view kMark = " signature=";
  const auto at = report.find(kMark);
  ASSERT_NE(at, std::string::npos);
  const auto text = report.substr(0, at);
  EXPECT_NE(text.find(" documents=640 pages=700 repeats=128 late=256 refused_cards=128 entry=77 "),
            std::string::npos);
  const auto signature = from_base64(report.substr(at + kMark.size())).value();
  const auto key = PublicKey::from_spki(world.key.spki(), KeyType::kEcdsaP256).value();
  EXPECT_TRUE(key.verify(as_bytes(text), signature).has_value());
  auto other = text;
  other.replace(other.find("640"), 3, "641");
  EXPECT_FALSE(key.verify(as_bytes(other), signature).has_value());
}

TEST(SelfTestActions, AMismatchIsTheVaultsToLatch) {
  StormWorld world;
  world.fail_a_storm(ErrorCode::kSelfTestFailed);
  EXPECT_EQ(world.failures, std::vector{ErrorCode::kSelfTestFailed});
}

TEST(SelfTestActions, AStormLongerThanAnAnswerIsAskedForAgainUntilItsReport) {
  StormWorld world;
  world.takes = std::chrono::minutes(10);
  const auto action = world.storm();
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "running");
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "running");
  world.pass(world.takes);
  const auto answer = world.propose(world.clerk, action);
  EXPECT_EQ(world.said(answer), "done");
  EXPECT_NE(decode_action_report(answer.body).value().detail.find(" signature="),
            std::string::npos);
  EXPECT_EQ(std::ranges::count(world.ledger.kinds(), EntryKind::kSelfTested), 1);
}

// The disk refuses the book at the very end: the report is written once it takes it again.
TEST(SelfTestActions, AReportThatTheDiskRefusedIsGivenOnceItIsWritten) {
  StormWorld world;
  world.takes = std::chrono::minutes(10);
  const auto action = world.storm();
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "running");
  world.files.fail_all(testing::Call::kSync, ErrorCode::kDiskFull);
  world.pass(world.takes);
  world.tick();
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "running");
  world.files.heal();
  world.tick();
  const auto answer = world.propose(world.clerk, action);
  EXPECT_EQ(world.said(answer), "done");
  EXPECT_NE(decode_action_report(answer.body).value().detail.find(" signature="),
            std::string::npos);
}

TEST(SelfTestActions, AMismatchThatTheDiskRefusedIsToldOnceItIsWritten) {
  StormWorld world;
  world.takes = std::chrono::minutes(10);
  world.outcome = Error{ErrorCode::kSelfTestFailed, "test"};
  const auto action = world.storm();
  world.propose(world.clerk, action);
  world.files.fail_all(testing::Call::kSync, ErrorCode::kDiskFull);
  world.pass(world.takes);
  world.files.heal();
  world.tick();
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "failed");
}

TEST(SelfTestActions, ASecondStormIsToldToWaitForTheFirst) {
  StormWorld world;
  world.takes = std::chrono::minutes(1);
  const auto first = world.storm();
  EXPECT_EQ(world.said(world.propose(world.clerk, first)), "running");
  EXPECT_EQ(world.said(world.propose(world.admin, world.action(world.admin, "self_test.storm"))),
            "conflict");
  EXPECT_EQ(world.last_reason(), ErrorCode::kStepInProgress);
  world.pass(world.takes);
  EXPECT_EQ(world.said(world.propose(world.clerk, first)), "done");
  const auto next = world.storm();
  EXPECT_EQ(world.said(world.propose(world.clerk, next)), "running");
}

TEST(SelfTestActions, AVaultThatEndsFirstHasFoundNothing) {
  StormWorld world;
  world.fail_a_storm(ErrorCode::kVaultNotServing);
  EXPECT_TRUE(world.failures.empty());
}

TEST(SelfTestActions, AStormThatARestartCutOffIsNotRunningForEver) {
  StormWorld world;
  world.takes = std::chrono::minutes(10);
  const auto action = world.storm();
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "running");
  world.tick();
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "running");
  world.end_and_start();
  world.tick();
  EXPECT_EQ(world.said(world.propose(world.clerk, action)), "failed");
}

}  // namespace
}  // namespace certrelay
