// Goal: the storm's report carries what was run under a signature of its own and is in the ledger
// with the person's name; a mismatch latches, and two do not run at once (INV-12).
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
  AnswerKey key = AnswerKey::generate().value();
  Result<SelfTestReport> outcome = SelfTestReport{640, 700, 128, 256, 128};
  std::vector<ErrorCode> failures;
  SelfTestLevers levers{
      .run = [this]() -> boost::asio::awaitable<Result<SelfTestReport>> { co_return outcome; },
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
  EXPECT_EQ(
      world.said(world.propose(world.clerk, world.action(world.clerk, "self_test.storm", {}))),
      "done");
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
  world.outcome = Error{ErrorCode::kSelfTestFailed, "test"};
  EXPECT_EQ(
      world.said(world.propose(world.clerk, world.action(world.clerk, "self_test.storm", {}))),
      "conflict");
  EXPECT_EQ(world.failures, std::vector{ErrorCode::kSelfTestFailed});
}

}  // namespace
}  // namespace certrelay
