// Goal: a good card leads to its own person alone, and a date that somebody sets on the running
// machine lets nobody in and harms no deadline. Method: as card_misuse_test. R01, R03, R15, R42.
#include <gtest/gtest.h>

#include "relay/ledger/trusted_time.hpp"
#include "tests/unit/issuance/card_world.hpp"

namespace certrelay {
namespace {

using testing::CardWorld;
using testing::IssuanceWorld;
using namespace std::chrono_literals;
using std::chrono::hours;
using std::chrono::seconds;

constexpr auto kTenYears = hours(24 * 3653);

TEST(CardLinkTest, APersonsSeveralCardsAreAllGood) {  // card and phone at once
  CardWorld one;
  one.link(serial_from(101), 1);
  EXPECT_EQ(one.attempt(), "");
  const auto first = one.world.ledger.last().subjects;
  EXPECT_EQ(one.attempt(one.another_card(101)), "");
  EXPECT_EQ(one.world.ledger.last().subjects, first);
}

TEST(CardLinkTest, ACardWorksFromTheDayAfterItWasHandedOut) {
  CardWorld one;
  one.link(serial_from(101), 1, "2026-11-23");  // 22 November, 19:00 in Japan
  EXPECT_EQ(one.attempt(one.another_card(101)), "window_only");
  EXPECT_EQ(one.reason(), ErrorCode::kLinkNotYetValid);
  EXPECT_EQ(one.attempt(), "");  // the one before it does until then
  one.world.clock.pass(hours(12));
  EXPECT_EQ(one.attempt(one.another_card(101)), "");
}

TEST(CardLinkTest, AReplacedCardLeadsNowhere) {
  CardWorld one;
  one.link(serial_from(101), 1);
  one.world.reg.current->cards.erase(one.pki.card_spec.serial);
  EXPECT_EQ(one.attempt(), "window_only");
  EXPECT_EQ(one.reason(), ErrorCode::kUnknownCard);
  EXPECT_EQ(one.attempt(one.another_card(101)), "");
}

TEST(CardLinkTest, UnknownErasedAndSuppressedCannotBeToldApart) {
  std::set<std::string> bodies;
  std::set<std::int64_t> times;
  std::set<ErrorCode> reasons;
  const auto collect = [&](auto&& change) {
    CardWorld one;
    change(*one.world.reg.current);
    const auto id = one.world.fresh_id();
    const auto payload = one.world.open(id);
    const auto before = one.world.clock.steady_now();
    const auto answer = one.present(id, one.pki.card(), payload);
    times.insert((one.world.clock.steady_now() - before).count());
    auto text = std::string(as_text(answer.body));
    text.replace(text.find(id.text()), id.text().size(), "");
    bodies.insert(std::to_string(answer.status) + text);
    reasons.insert(one.reason());
  };
  collect([](auto& snapshot) { snapshot.cards.clear(); });  // unknown
  collect([](auto& snapshot) {  // erased: the link is left, the person not
    snapshot.households.erase(snapshot.households.begin());
  });
  collect([](auto& snapshot) {  // suppressed, 支援措置
    snapshot.households[0].members[0].applicant_gate = ApplicantGate::kProtected;
  });
  EXPECT_EQ(bodies.size(), 1U);
  EXPECT_EQ(times, std::set<std::int64_t>{300});
  EXPECT_EQ(reasons.size(), 3U);  // in the ledger alone
}

// Somebody sets the date of the running machine.

struct SteppedClock : CardWorld, ::testing::TestWithParam<hours> {
  SteppedClock() {
    time.accept(UtcTime{});
    world.ledger.is_clock_doubted = [this] { return time.doubted(); };
  }
  TrustedTime time{world.clock, std::nullopt};
};

TEST_P(SteppedClock, RefusesWithAReasonHarmsNoDeadlineAndRecovers) {
  const auto begun = world.fresh_id();
  const auto payload = world.open(begun);
  const auto issued = world.fresh_id();
  const auto inquiry = present(issued, pki.card(), world.open(issued));
  const auto document = world.issue(issued, IssuanceWorld::take_all(inquiry));
  ASSERT_EQ(document.status, 200);
  world.clock.step_utc(GetParam());

  // Nothing begins and nothing goes on, and nothing is consumed.
  const auto fresh = encode(world.open_request(world.fresh_id())).value();
  EXPECT_EQ(IssuanceWorld::problem_of(world.post("/v1/transactions", fresh)), "overloaded");
  EXPECT_EQ(world.issuance.unavailable(Issuance::Begins::kNew), ErrorCode::kClockDoubted);
  EXPECT_EQ(counted(), ErrorCode::kClockDoubted);
  EXPECT_EQ(IssuanceWorld::problem_of(present(begun, pki.card(), payload)), "overloaded");
  // What was handed out keeps its repeat and its story.
  EXPECT_EQ(world.issue(issued, IssuanceWorld::take_all(inquiry)).body, document.body);
  EXPECT_EQ(world.call(HttpMethod::kGet, IssuanceWorld::path_of(issued), {}, world.center).status,
            200);
  const EventReport printed{
      EventId::from_bytes(uuid_v4_bytes(random_bytes<16>(world.entropy))).value(),
      PrintEvent::kPrinted,
      std::chrono::floor<seconds>(test_now()),
      1,
      true,
      200};
  EXPECT_EQ(world.post(IssuanceWorld::path_of(issued, "/events"), encode(printed).value()).status,
            204);
  EXPECT_EQ(world.ledger.last().flags & kEntryClockDoubted, kEntryClockDoubted);
  EXPECT_EQ(world.ledger.last().flags & kEntryLate, 0);
  EXPECT_EQ(world.ledger.last().utc, test_now());  // not the wrong date

  // Steady time goes on: the challenge ends when it would have.
  world.clock.pass(119s);
  world.clock.step_utc(-GetParam());
  EXPECT_EQ(present(begun, pki.card(), payload).status, 200);
  world.clock.step_utc(GetParam());
  const auto late = world.fresh_id();
  world.clock.step_utc(-GetParam());
  const auto last = world.open(late);
  world.clock.step_utc(GetParam());
  world.clock.pass(120s);
  EXPECT_EQ(IssuanceWorld::problem_of(present(late, pki.card(), last)), "expired");
  world.clock.step_utc(-GetParam());
  EXPECT_EQ(attempt(), "");
}

INSTANTIATE_TEST_SUITE_P(TenYears, SteppedClock, ::testing::Values(kTenYears, -kTenYears),
                         [](const auto& one) { return one.param.count() > 0 ? "On" : "Back"; });

}  // namespace
}  // namespace certrelay
