// Goal: every misuse of a card that the requirements list is refused by the whole of issuance, and
// the ledger says why. Method: the real issuance with the real verification, on a register and a
// ledger in memory and simulated time. R01, R15, R42.
#include <gtest/gtest.h>

#include "protocol/wire/card_payload.hpp"
#include "relay/issuance/recent_payloads.hpp"
#include "relay/issuance/tokens.hpp"
#include "tests/unit/issuance/card_world.hpp"

namespace certrelay {
namespace {

using testing::CardWorld;
using testing::IssuanceWorld;
using namespace std::chrono_literals;
using std::chrono::hours;
using std::chrono::seconds;

TEST(CardMisuseTest, TheRightCardIsLetIn) {
  CardWorld one;
  EXPECT_EQ(one.attempt(), "");
  EXPECT_EQ(one.world.ledger.last().kind, EntryKind::kProvisionInquiry);
  EXPECT_EQ(one.world.ledger.last().crl_number, crl_number_text(12));
}

TEST(CardMisuseTest, AChallengeIsUsedOnce) {
  CardWorld one;
  const auto id = one.world.fresh_id();
  const auto payload = one.world.open(id);
  ASSERT_EQ(one.present(id, one.pki.card(), payload).status, 200);
  // Another card over the same challenge: the step is taken.
  one.link(serial_from(101), 2);
  const auto entries = one.world.ledger.entries.size();
  const auto again = one.present(id, one.another_card(101), payload);
  EXPECT_EQ(IssuanceWorld::problem_of(again), "conflict");
  EXPECT_EQ(one.counted(), ErrorCode::kChallengeUsed);
  EXPECT_EQ(one.world.ledger.entries.size(), entries);
}

TEST(CardMisuseTest, AChallengeIsUsedOnceAlsoByWhoWasRefused) {
  CardWorld one;
  const auto id = one.world.fresh_id();
  const auto payload = one.world.open(id);
  EXPECT_EQ(one.present(id, one.pki.card(), as_bytes("else")).status, 403);
  EXPECT_EQ(IssuanceWorld::problem_of(one.present(id, one.pki.card(), payload)), "conflict");
  EXPECT_EQ(one.counted(), ErrorCode::kChallengeUsed);
}

// The signature of a transaction that is over does for no other one.
TEST(CardMisuseTest, AChallengeUsedBeforeInAnotherTransaction) {
  CardWorld one;
  const auto first = one.world.fresh_id();
  const auto used = one.world.open(first);
  ASSERT_EQ(one.present(first, one.pki.card(), used).status, 200);
  const auto id = one.world.fresh_id();
  one.world.open(id);
  EXPECT_EQ(IssuanceWorld::problem_of(one.present(id, one.pki.card(), used)), "card_not_accepted");
  EXPECT_EQ(one.reason(), ErrorCode::kSignedOtherTransaction);
}

TEST(CardMisuseTest, AChallengeHasExpired) {
  CardWorld one;
  const auto id = one.world.fresh_id();
  const auto payload = one.world.open(id);
  one.world.clock.pass(120s);
  EXPECT_EQ(IssuanceWorld::problem_of(one.present(id, one.pki.card(), payload)), "expired");
  EXPECT_EQ(one.world.ledger.last().kind, EntryKind::kExpired);
  EXPECT_EQ(one.reason(), ErrorCode::kStepExpired);
}

TEST(CardMisuseTest, AChallengeOfAnotherTransaction) {
  CardWorld one;
  const auto other = one.world.open(one.world.fresh_id());
  const auto id = one.world.fresh_id();
  one.world.open(id);
  EXPECT_EQ(IssuanceWorld::problem_of(one.present(id, one.pki.card(), other)), "card_not_accepted");
  EXPECT_EQ(one.reason(), ErrorCode::kSignedOtherTransaction);
}

TEST(CardMisuseTest, ASignatureOverAnythingElse) {
  CardWorld one;
  const auto id = one.world.fresh_id();
  one.world.open(id);
  EXPECT_EQ(IssuanceWorld::problem_of(one.present(id, one.pki.card(), as_bytes("else"))),
            "card_not_accepted");
  EXPECT_EQ(one.reason(), ErrorCode::kCardSignature);
}

TEST(CardMisuseTest, AChallengeThatAnotherKioskOrPeerWasGiven) {
  for (const bool kiosk : {true, false}) {
    CardWorld one;
    const auto other = one.open_elsewhere(kiosk);
    const auto id = one.world.fresh_id();
    one.world.open(id);
    EXPECT_EQ(IssuanceWorld::problem_of(one.present(id, one.pki.card(), other)),
              "card_not_accepted");
    EXPECT_EQ(one.reason(), kiosk ? ErrorCode::kSignedOtherKiosk : ErrorCode::kSignedOtherPeer);
  }
}

// What names a wrong signature is bounded: behind 32 later openings it is nobody's.
TEST(CardMisuseTest, OnlyTheLatestPayloadsAreRemembered) {
  for (const std::size_t later : {RecentPayloads::kKept - 1, RecentPayloads::kKept}) {
    CardWorld one;
    const auto other = one.world.open(one.world.fresh_id());
    for (std::size_t i = 0; i + 1 < later; ++i) one.world.open(one.world.fresh_id());
    const auto id = one.world.fresh_id();
    one.world.open(id);
    EXPECT_EQ(one.present(id, one.pki.card(), other).status, 403);
    EXPECT_EQ(one.reason(), later < RecentPayloads::kKept ? ErrorCode::kSignedOtherTransaction
                                                          : ErrorCode::kCardSignature);
  }
}

TEST(CardMisuseTest, AChallengeOfAnotherKioskOrPeer) {
  for (const bool kiosk : {true, false}) {
    CardWorld one;
    one.open_elsewhere(kiosk);
    const auto id = one.world.fresh_id();
    const auto payload = one.world.open(id);
    const auto read = parse_card_payload(payload).value();
    const auto rebuilt = card_payload_bytes(
        {MunicipalityCode::parse("392901").value(), id,
         KioskId::parse(kiosk ? "KIOSK-2" : "KIOSK-1").value(), CertificateKind::kJuminhyo,
         read.expires_at, PeerName::parse(kiosk ? "jlis-center" : "somebody-else").value(),
         read.challenge});
    EXPECT_EQ(IssuanceWorld::problem_of(one.present(id, one.pki.card(), rebuilt)),
              "card_not_accepted");
    EXPECT_EQ(one.reason(), kiosk ? ErrorCode::kSignedOtherKiosk : ErrorCode::kSignedOtherPeer);
  }
}

TEST(CardMisuseTest, AnotherPeerPresentsTheCard) {
  CardWorld one;
  const auto id = one.world.fresh_id();
  const auto payload = one.world.open(id);
  const auto body = encode(InquiryRequest{one.pki.card(), test_card_key().sign(payload).value(),
                                          CardAlgorithm::kRsaPkcs1Sha256})
                        .value();
  const auto answer = one.world.call(HttpMethod::kPost, IssuanceWorld::path_of(id, "/inquiry"),
                                     body, PeerName::parse("somebody-else").value());
  EXPECT_EQ(IssuanceWorld::problem_of(answer), "conflict");
  EXPECT_EQ(one.counted(), ErrorCode::kForeignTransaction);
  // Its own peer may go on: the stranger has consumed nothing.
  EXPECT_EQ(one.present(id, one.pki.card(), payload).status, 200);
}

TEST(CardMisuseTest, ASignatureOverTheBareChallenge) {
  CardWorld one;
  const auto id = one.world.fresh_id();
  const auto payload = one.world.open(id);
  const auto answer = one.present(id, one.pki.card(), ByteView(payload).last(32));
  EXPECT_EQ(IssuanceWorld::problem_of(answer), "card_not_accepted");
  EXPECT_EQ(one.reason(), ErrorCode::kCardSignedChallenge);
}

TEST(CardMisuseTest, ASigningCertificateInsteadOfAnAuthenticationCertificate) {
  TestPki pki;
  pki.card_spec.policies = "1.2.392.200149.8.5.1.1.10";
  pki.card_spec.key_usage = "digitalSignature,nonRepudiation";
  CardWorld one(pki);
  EXPECT_EQ(one.attempt(), "card_not_accepted");
  EXPECT_EQ(one.reason(), ErrorCode::kCardOfOtherPurpose);
}

TEST(CardMisuseTest, ARootOfTheOtherPurpose) {
  CardWorld one;
  TestPki signing;
  signing.root_spec.subject[2].second = "JPKI for digital signature";
  EXPECT_EQ(one.attempt(signing.card()), "card_not_accepted");
  EXPECT_EQ(one.reason(), ErrorCode::kIssuerOfOtherPurpose);
}

TEST(CardMisuseTest, AListThatExpiredASecondAgo) {
  TestPki pki;
  pki.crl_spec.next_update = test_now() + seconds(1);
  CardWorld one(pki);
  EXPECT_EQ(one.attempt(), "");
  one.world.clock.pass(2s);
  EXPECT_EQ(one.attempt(), "card_not_accepted");
  EXPECT_EQ(one.reason(), ErrorCode::kCrlExpired);
}

TEST(CardMisuseTest, AnOlderListAfterANewerFreesNobody) {
  CardWorld one;
  auto newer = one.pki;
  newer.crl_spec.number = 13;
  newer.crl_spec.entries = {{serial_from(100), test_now(), RevocationReason::kUnspecified}};
  ASSERT_TRUE(
      one.cards.replace(CardVerifier::load(newer.config()).value(), test_now()).has_value());
  EXPECT_EQ(code_of(one.cards.replace(CardVerifier::load(one.pki.config()).value(), test_now())),
            ErrorCode::kCrlRollBack);
  EXPECT_EQ(one.attempt(), "card_not_accepted");
  EXPECT_EQ(one.reason(), ErrorCode::kCardRevoked);
}

TEST(CardMisuseTest, ACertificateThatStartsTomorrow) {
  TestPki pki;
  pki.card_spec.not_before = test_now() + hours(24);
  CardWorld one(pki);
  EXPECT_EQ(one.attempt(), "card_not_accepted");
  EXPECT_EQ(one.reason(), ErrorCode::kCertificateNotYetValid);
}

TEST(CardMisuseTest, ASerialThatExistsUnderAnotherIssuer) {
  CardWorld one;
  // The same serial and a good signature, under a root that is not pinned.
  TestPki stranger;
  stranger.root_spec.subject.back().second = "Somebody Else";
  EXPECT_EQ(one.attempt(stranger.card()), "card_not_accepted");
  EXPECT_EQ(one.reason(), ErrorCode::kIssuerUnknown);
  // And of the pinned name, signed by a key that is not its own.
  EXPECT_EQ(one.attempt(sign_again(tbs_of(one.pki.card()), test_other_key())), "card_not_accepted");
  EXPECT_EQ(one.reason(), ErrorCode::kCertificateSignature);
}

// The register links the serial to a person, under another pinned root's name.
TEST(CardMisuseTest, ASerialThatIsLinkedUnderAnotherIssuer) {
  TestPki other;
  other.root_spec.subject.back().second = "Next Generation";
  other.root_spec.serial = serial_from(2);
  const auto next = PkiAuthority::self_signed(other.root_spec, test_other_key()).value();
  TestPki pki;
  auto config = pki.config();
  config.roots.push_back(next.certificate_der());
  config.crls.push_back(next.issue_crl(pki.crl_spec).value());
  CardWorld one(pki, CardVerifier::load(config).value());
  one.world.reg.current->issuer_der = one.cards.health().issuers.at(0).issuer_der;
  EXPECT_EQ(one.attempt(), "");
  const auto twin = next.issue(pki.card_spec, test_card_key()).value();
  EXPECT_EQ(one.attempt(twin), "window_only");
  EXPECT_EQ(one.reason(), ErrorCode::kSerialOfAnotherIssuer);
  one.world.reg.current->cards.clear();
  EXPECT_EQ(one.attempt(twin), "window_only");
  EXPECT_EQ(one.reason(), ErrorCode::kUnknownCard);
}

TEST(CardMisuseTest, NoRefusalOfACardLooksDifferentFromOutside) {
  std::set<std::string> bodies;
  const auto collect = [&](const TestPki& pki) {
    CardWorld one(pki);
    const auto id = one.world.fresh_id();
    auto answer = one.present(id, one.pki.card(), one.world.open(id));
    auto text = std::string(as_text(answer.body));
    text.replace(text.find(id.text()), id.text().size(), "");
    bodies.insert(text);
    EXPECT_EQ(answer.status, 403);
  };
  TestPki revoked, expired, policy;
  revoked.crl_spec.entries = {{serial_from(100), test_now(), RevocationReason::kUnspecified}};
  expired.card_spec.not_after = test_now() - seconds(1);
  policy.card_spec.policies = "1.2.3";
  for (const auto& pki : {revoked, expired, policy}) collect(pki);
  EXPECT_EQ(bodies.size(), 1U);
}

}  // namespace
}  // namespace certrelay
