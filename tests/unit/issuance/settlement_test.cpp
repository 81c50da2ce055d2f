// Goal: the price that was shown holds, midnight or not; a day's account is what was handed out on
// it, by quoted price, whatever was reported later.
#include "protocol/wire/settlement_message.hpp"

#include <gtest/gtest.h>

#include "tests/support/issuance_world.hpp"

namespace certrelay {
namespace {

using testing::IssuanceWorld;
using testing::sample_serial;
using namespace std::chrono_literals;

const PurposeCode kGeneral = PurposeCode::parse("GENERAL").value();

class SettlementTest : public ::testing::Test {
 protected:
  IssuanceWorld world{1, nullptr, {{.opens_min = 0, .closes_min = 24 * 60}, {}, {}}};
  unsigned next_card = 0;

  JstDay today() const { return jst_day(world.clock.utc_now()); }

  // A fee that begins tomorrow, and the clock a second before that.
  void price_from_tomorrow(std::uint32_t yen) {
    FeeRecord fee{CertificateKind::kJuminhyo, kGeneral};
    fee.unit_price_yen = yen;
    fee.effective_from = today() + std::chrono::days(1);
    world.reg.current->known.fees.push_back(fee);
    world.clock.pass(jst_midnight(today() + std::chrono::days(1)) - world.clock.utc_now() - 1s);
  }
  std::pair<TransactionId, IssuanceRequest> inquire(int copies = 1) {
    const auto id = world.fresh_id();
    auto request = IssuanceWorld::take_all(world.inquire(id, sample_serial(++next_card)));
    request.copies = copies;
    return {id, request};
  }
  static std::string fee_of(const HttpAnswer& answer) {
    return std::string(only_header(answer.headers, "certrelay-fee-yen").value_or(""));
  }
  int event(const TransactionId& id, PrintEvent what, std::int64_t yen) {
    const auto event_id = EventId::from_bytes(uuid_v4_bytes(random_bytes<16>(world.entropy)));
    const EventReport report{event_id.value(),
                             what,
                             std::chrono::floor<std::chrono::seconds>(world.clock.utc_now()),
                             1,
                             true,
                             yen};
    return world.post(IssuanceWorld::path_of(id, "/events"), encode(report).value()).status;
  }
  SettlementAnswer settlement(JstDay day) {
    const auto answer =
        world.call(HttpMethod::kGet, "/v1/settlements/" + to_iso_day(day), {}, world.center);
    EXPECT_EQ(answer.status, 200);
    return decode_settlement_answer(answer.body).value();
  }
  static SettlementRow row(std::int64_t price, TransactionState state, std::int64_t number,
                           std::int64_t copies, std::int64_t quoted, std::int64_t paid,
                           std::int64_t refunded) {
    return {CertificateKind::kJuminhyo,
            kGeneral,
            price,
            state,
            number,
            copies,
            copies,
            quoted,
            paid,
            refunded};
  }
};

TEST_F(SettlementTest, ThePriceThatWasShownHoldsPastMidnight) {
  price_from_tomorrow(300);
  const auto [before, request] = inquire();
  world.clock.pass(2s);
  EXPECT_EQ(fee_of(world.issue(before, request)), "200");
  const auto [after, next] = inquire();
  EXPECT_EQ(fee_of(world.issue(after, next)), "300");
  // Both were handed out on the new day, at two prices: two rows.
  const auto rows = settlement(today()).rows;
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0], row(200, TransactionState::kIssued, 1, 1, 200, 0, 0));
  EXPECT_EQ(rows[1], row(300, TransactionState::kIssued, 1, 1, 300, 0, 0));
  EXPECT_TRUE(settlement(today() - std::chrono::days(1)).rows.empty());
}

TEST_F(SettlementTest, RowsTellCopiesMoneyAndWhatBecameOfThem) {
  const auto day = today();
  const auto [printed, first] = inquire(3);
  const auto [jammed, second] = inquire();
  const auto [refused, third] = inquire();
  ASSERT_EQ(world.issue(printed, first).status, 200);
  ASSERT_EQ(world.issue(jammed, second).status, 200);
  world.ledger.commit_takes = 10s;
  ASSERT_EQ(world.issue(refused, third).status, 410);  // durable, and nobody waited any more
  world.ledger.commit_takes = 0ms;
  EXPECT_EQ(event(printed, PrintEvent::kPrinted, 600), 204);
  EXPECT_EQ(event(printed, PrintEvent::kLeftBehind, 600), 204);
  EXPECT_EQ(event(jammed, PrintEvent::kJammed, 200), 204);
  EXPECT_EQ(event(jammed, PrintEvent::kRefunded, 200), 204);
  const auto rows = settlement(day).rows;
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0], row(200, TransactionState::kRefused, 1, 1, 200, 0, 0));
  EXPECT_EQ(rows[1], row(200, TransactionState::kLeftBehind, 1, 3, 600, 600, 0));
  EXPECT_EQ(rows[2], row(200, TransactionState::kRefunded, 1, 1, 200, 200, 200));
}

TEST_F(SettlementTest, IsFinalOnceNoEventCanChangeIt) {
  const auto day = today();
  EXPECT_FALSE(settlement(day).final);
  world.clock.pass(jst_midnight(day + std::chrono::days(36)) - world.clock.utc_now());
  EXPECT_FALSE(settlement(day).final);
  world.clock.pass(1ms);
  EXPECT_TRUE(settlement(day).final);
}

TEST_F(SettlementTest, AnotherCentersDocumentsAreNotItsAccount) {
  const auto [id, request] = inquire();
  ASSERT_EQ(world.issue(id, request).status, 200);
  const auto answer = world.call(HttpMethod::kGet, "/v1/settlements/" + to_iso_day(today()), {},
                                 PeerName::parse("another-center").value());
  EXPECT_TRUE(decode_settlement_answer(answer.body).value().rows.empty());
}

TEST_F(SettlementTest, ADayAheadOrNoDayIsNotFound) {
  for (const auto& day : {to_iso_day(today() + std::chrono::days(1)), std::string("2026-02-30"),
                          std::string("today"), std::string()}) {
    const auto answer = world.call(HttpMethod::kGet, "/v1/settlements/" + day, {}, world.center);
    EXPECT_EQ(IssuanceWorld::problem_of(answer), "not_found") << day;
  }
}

}  // namespace
}  // namespace certrelay
