// Goal: with OCSP configured a card passes on a fresh, signed, matching good answer and on nothing
// else, and what was learnt is asked once. Method: OpenSSL's answers behind a scripted way outside,
// on simulated time. R15.
#include "relay/identity/ocsp_step.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>

#include "tests/support/seeded_entropy.hpp"
#include "tests/support/sim_clock.hpp"
#include "tests/support/test_ocsp.hpp"

namespace certrelay {
namespace {

using namespace std::chrono_literals;
using std::chrono::hours;
using std::chrono::seconds;

// The nonce of a request that make_ocsp_request() wrote: the octets at its very end.
Bytes nonce_of(const Bytes& request) { return {request.end() - 32, request.end()}; }

// A responder that answers what `make` says, after `takes`.
struct ScriptedResponder final : FetchPort {
  explicit ScriptedResponder(Clock& its_clock) : clock(its_clock) {}
  boost::asio::awaitable<Result<Bytes>> exchange(std::size_t address, Bytes request,
                                                 SteadyTime deadline) override {
    asked.push_back(address);
    deadlines.push_back(deadline);
    if (takes > 0ms) {
      co_await clock.sleep_until(std::min(deadline, clock.steady_now() + takes));
      if (clock.steady_now() >= deadline) co_return Error{ErrorCode::kOcspNoAnswer, "scripted"};
    }
    co_return make(address, request);
  }
  Clock& clock;
  std::function<Result<Bytes>(std::size_t, const Bytes&)> make;
  std::chrono::milliseconds takes{0};
  std::vector<std::size_t> asked;
  std::vector<SteadyTime> deadlines;
};

struct OcspStepTest : ::testing::Test {
  explicit OcspStepTest(OcspStatuses::Settings of_statuses = {})
      : statuses(of_statuses), cards(CardVerifier::load(pki.config()).value(), {}, &statuses) {
    clock.step_utc(test_now() - clock.utc_now());
    responder.make = [this](std::size_t, const Bytes& request) -> Result<Bytes> {
      spec.nonce = nonce_of(request);
      return ocsp_answer(spec, pki.root(), pki.root());
    };
  }
  void learn(SteadyTime deadline) {
    OcspStep step(settings, {cards, statuses, responder, clock, entropy});
    boost::asio::co_spawn(io, step.learn(pki.card(), deadline),
                          [](const std::exception_ptr& error) { EXPECT_FALSE(error); });
    testing::run_to_end(io, clock);
  }
  void learn() { learn(clock.steady_now() + 10s); }
  ErrorCode verdict() {
    const auto signature = test_card_key().sign(as_bytes("p")).value();
    return code_of(cards.verify(pki.card(), as_bytes("p"), signature,
                                CardAlgorithm::kRsaPkcs1Sha256, clock.utc_now()));
  }
  ErrorCode learnt() {
    learn();
    return verdict();
  }

  TestPki pki;
  OcspSpec spec{.certificate = pki.card()};
  boost::asio::io_context io{1};
  testing::SimClock clock;
  testing::SeededEntropy entropy{9};
  ScriptedResponder responder{clock};
  OcspStepSettings settings;
  OcspStatuses statuses;
  CurrentCards cards;
};

TEST_F(OcspStepTest, ACardNobodyAskedAboutIsRefused) {
  EXPECT_EQ(verdict(), ErrorCode::kOcspNoAnswer);
}

TEST_F(OcspStepTest, AGoodAnswerIsBelievedAndAskedForOnce) {
  EXPECT_EQ(learnt(), ErrorCode::kNone);
  EXPECT_EQ(learnt(), ErrorCode::kNone);
  EXPECT_EQ(responder.asked.size(), 1U);
}

TEST_F(OcspStepTest, AnAnswerIsKeptUntilItsNextUpdateOrThePolicysAge) {
  spec.next_update = test_now() + hours(1);
  EXPECT_EQ(learnt(), ErrorCode::kNone);
  clock.step_utc(hours(1) - 1ms);
  EXPECT_EQ(verdict(), ErrorCode::kNone);
  clock.step_utc(1ms);
  EXPECT_EQ(verdict(), ErrorCode::kOcspNoAnswer);
  spec.this_update = clock.utc_now() - seconds(1);
  spec.next_update = clock.utc_now() + hours(10);
  settings.age_max = seconds(60);
  EXPECT_EQ(learnt(), ErrorCode::kNone);
  EXPECT_EQ(responder.asked.size(), 2U);
  clock.step_utc(seconds(59));
  EXPECT_EQ(verdict(), ErrorCode::kOcspNoAnswer);
}

TEST_F(OcspStepTest, ARevocationIsKeptLikeAGoodAnswer) {
  spec.status = OcspStatus::kRevoked;
  EXPECT_EQ(learnt(), ErrorCode::kCardRevoked);
  spec.status = OcspStatus::kGood;
  EXPECT_EQ(learnt(), ErrorCode::kCardRevoked);  // it was not asked again
  EXPECT_EQ(responder.asked.size(), 1U);
}

TEST_F(OcspStepTest, AHoldHasItsOwnReason) {
  spec.status = OcspStatus::kRevoked;
  spec.reason = 6;
  EXPECT_EQ(learnt(), ErrorCode::kCardOnHold);
}

TEST_F(OcspStepTest, EachFailureHasItsOwnReasonAndTheNextCardAsksAgain) {
  const auto good = responder.make;
  responder.make = [](std::size_t, const Bytes&) -> Result<Bytes> {
    return Error{ErrorCode::kOcspNoAnswer, "scripted"};
  };
  EXPECT_EQ(learnt(), ErrorCode::kOcspNoAnswer);
  responder.make = [](std::size_t, const Bytes&) -> Result<Bytes> { return Bytes{0x30}; };
  EXPECT_EQ(learnt(), ErrorCode::kOcspMalformed);
  responder.make = [](std::size_t, const Bytes&) -> Result<Bytes> { return ocsp_failure(3); };
  EXPECT_EQ(learnt(), ErrorCode::kOcspNotSuccessful);
  responder.make = [this](std::size_t, const Bytes&) -> Result<Bytes> {  // an old answer again
    spec.nonce = Bytes(32, 0x41);
    return ocsp_answer(spec, pki.root(), pki.root());
  };
  EXPECT_EQ(learnt(), ErrorCode::kOcspNonce);
  responder.make = good;
  spec.status = OcspStatus::kUnknown;
  EXPECT_EQ(learnt(), ErrorCode::kOcspStatusUnknown);
  spec.status = OcspStatus::kGood;
  spec.this_update = test_now() - hours(25);
  EXPECT_EQ(learnt(), ErrorCode::kOcspTooOld);
  spec.this_update = test_now() - seconds(1);
  EXPECT_EQ(learnt(), ErrorCode::kNone);
  EXPECT_EQ(responder.asked.size(), 7U);
}

TEST_F(OcspStepTest, ADelegatedResponderIsBelievedAndAStrangerIsNot) {
  auto made = jpki_card_spec("Responder", serial_from(50), test_validity());
  made.extended_key_usage = "OCSPSigning";
  made.policies.clear();
  made.more = {{"1.3.6.1.5.5.7.48.1.5", false, {0x05, 0x00}}};
  const auto delegated = pki.root().issue_authority(made, test_other_key()).value();
  made.extended_key_usage = "clientAuth";
  const auto other = pki.root().issue_authority(made, test_other_key()).value();
  for (const auto* signer : {&other, &delegated}) {
    responder.make = [&](std::size_t, const Bytes& request) -> Result<Bytes> {
      spec.nonce = nonce_of(request);
      return ocsp_answer(spec, pki.root(), *signer);
    };
    EXPECT_EQ(learnt(), signer == &other ? ErrorCode::kOcspResponder : ErrorCode::kNone);
  }
}

TEST_F(OcspStepTest, ASilentResponderCostsTheTimeOutAndNoMore) {
  responder.takes = 60s;
  const auto before = clock.steady_now();
  EXPECT_EQ(learnt(), ErrorCode::kOcspNoAnswer);
  EXPECT_EQ(clock.steady_now() - before, 3000ms);
  learn(clock.steady_now() + 500ms);  // the call's own deadline comes first
  EXPECT_EQ(clock.steady_now() - before, 3500ms);
}

TEST_F(OcspStepTest, TheNextResponderIsAskedWhenOneDoesNotAnswer) {
  settings.responders = 2;
  const auto good = responder.make;
  responder.make = [&](std::size_t address, const Bytes& request) -> Result<Bytes> {
    if (address == 0) return Error{ErrorCode::kOcspNoAnswer, "scripted"};
    return good(address, request);
  };
  EXPECT_EQ(learnt(), ErrorCode::kNone);
  EXPECT_EQ(responder.asked, (std::vector<std::size_t>{0, 1}));
}

TEST_F(OcspStepTest, NobodyIsAskedAboutACardThatIsRefusedAnyway) {
  pki.crl_spec.number = 13;
  pki.crl_spec.entries = {{serial_from(100), test_now(), RevocationReason::kUnspecified}};
  ASSERT_TRUE(cards.replace(CardVerifier::load(pki.config()).value(), test_now()).has_value());
  EXPECT_EQ(learnt(), ErrorCode::kCardRevoked);
  pki.card_spec.not_after = test_now() - seconds(1);
  EXPECT_EQ(learnt(), ErrorCode::kCertificateExpired);
  EXPECT_TRUE(responder.asked.empty());
}

TEST_F(OcspStepTest, AGoodAnswerFreesNobodyFromTheList) {
  EXPECT_EQ(learnt(), ErrorCode::kNone);
  pki.crl_spec.number = 13;
  pki.crl_spec.entries = {{serial_from(100), test_now(), RevocationReason::kUnspecified}};
  ASSERT_TRUE(cards.replace(CardVerifier::load(pki.config()).value(), test_now()).has_value());
  EXPECT_EQ(verdict(), ErrorCode::kCardRevoked);
}

struct LenientOcsp : OcspStepTest {
  LenientOcsp() : OcspStepTest({.refuse_unknown = false, .kept_max = 4}) {}
};

TEST_F(LenientOcsp, UnknownLeavesItToTheListAndARevocationStillCounts) {
  EXPECT_EQ(verdict(), ErrorCode::kNone);
  spec.status = OcspStatus::kUnknown;
  EXPECT_EQ(learnt(), ErrorCode::kNone);
  spec.status = OcspStatus::kRevoked;
  EXPECT_EQ(learnt(), ErrorCode::kCardRevoked);
}

TEST(OcspStatusesTest, KeepsNoMoreThanItsBound) {
  OcspStatuses statuses({.refuse_unknown = true, .kept_max = 4});
  const Digest key{};
  const auto serial = [](std::uint8_t number) { return Bytes{number}; };
  for (std::uint8_t i = 1; i <= 9; ++i) {
    statuses.keep(key, serial(i), {ErrorCode::kNone, test_now(), test_now() + hours(1)});
  }
  int kept = 0;
  for (std::uint8_t i = 1; i <= 9; ++i)
    kept += statuses.settled(key, serial(i), test_now()) ? 1 : 0;
  EXPECT_EQ(kept, 4);
  EXPECT_TRUE(statuses.settled(key, serial(9), test_now()));
  Digest other{};
  other[0] = 1;
  EXPECT_FALSE(statuses.settled(other, serial(9), test_now()));  // another issuer's serial
}

}  // namespace
}  // namespace certrelay
