// Every way to misuse a card that the requirements list, under one name and with its own inner
// reason. R01, R15. A challenge that was used or has expired, and a transaction of another peer,
// end before the card is looked at: tests/unit/issuance/issuance_test.cpp,
// AChallengeIsGoodForOneSignatureAndTwoMinutes and ATransactionBelongsToItsPeer.
#include <gtest/gtest.h>

#include "protocol/wire/card_payload.hpp"
#include "relay/identity/current_cards.hpp"
#include "tests/support/test_pki.hpp"

namespace certrelay {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr auto kRsa = CardAlgorithm::kRsaPkcs1Sha256;

CardPayload payload() {
  CardChallenge challenge{};
  challenge.fill(0x5A);
  return {MunicipalityCode::parse("392901").value(),
          TransactionId::parse("0190a5b0-0000-7000-8000-000000000001").value(),
          KioskId::parse("KIOSK-1").value(),
          CertificateKind::kJuminhyo,
          test_now() + seconds(120),
          PeerName::parse("jlis-center").value(),
          challenge};
}

// What the vault says, which rebuilds payload(), when the card signed `signed_bytes`.
ErrorCode verdict(ByteView signed_bytes, const TestPki& pki = {}) {
  const auto verifier = CardVerifier::load(pki.config()).value();
  const auto signature = test_card_key().sign(signed_bytes).value();
  return code_of(
      verifier->verify(pki.card(), card_payload_bytes(payload()), signature, kRsa, test_now()));
}

TEST(RefusalsTest, TheRightPayloadIsAccepted) {
  EXPECT_EQ(verdict(card_payload_bytes(payload())), ErrorCode::kNone);
}

TEST(RefusalsTest, AChallengeOfAnotherKioskTransactionOrPeer) {
  auto other = payload();
  other.kiosk = KioskId::parse("KIOSK-2").value();
  EXPECT_EQ(verdict(card_payload_bytes(other)), ErrorCode::kCardSignature);
  other = payload();
  other.transaction = TransactionId::parse("0190a5b0-0000-7000-8000-000000000002").value();
  EXPECT_EQ(verdict(card_payload_bytes(other)), ErrorCode::kCardSignature);
  other = payload();
  other.peer = PeerName::parse("somebody-else").value();
  EXPECT_EQ(verdict(card_payload_bytes(other)), ErrorCode::kCardSignature);
  other = payload();
  other.kind = CertificateKind::kKisaiJiko;
  EXPECT_EQ(verdict(card_payload_bytes(other)), ErrorCode::kCardSignature);
  other = payload();
  other.expires_at += seconds(1);
  EXPECT_EQ(verdict(card_payload_bytes(other)), ErrorCode::kCardSignature);
  other = payload();
  other.challenge[31] ^= 1;
  EXPECT_EQ(verdict(card_payload_bytes(other)), ErrorCode::kCardSignature);
}

TEST(RefusalsTest, ASignatureOverTheBareChallenge) {
  const auto challenge = payload().challenge;
  EXPECT_EQ(verdict(challenge), ErrorCode::kCardSignedChallenge);
  EXPECT_EQ(verdict(ByteView(challenge).first(31)), ErrorCode::kCardSignature);
}

TEST(RefusalsTest, ASigningCertificateInsteadOfAnAuthenticationCertificate) {
  // 署名用電子証明書: another root, another policy, nonRepudiation as well.
  const auto bytes = card_payload_bytes(payload());
  TestPki pki;
  pki.card_spec.policies = "1.2.392.200149.8.5.1.1.10";
  EXPECT_EQ(verdict(bytes, pki), ErrorCode::kCardOfOtherPurpose);
  pki.card_spec.key_usage = "digitalSignature,nonRepudiation";
  EXPECT_EQ(verdict(bytes, pki), ErrorCode::kCardOfOtherPurpose);
}

TEST(RefusalsTest, ARootOfTheOtherPurpose) {
  const TestPki authentication;
  TestPki signing;
  signing.root_spec.subject[2].second = "JPKI for digital signature";
  const auto verifier = CardVerifier::load(authentication.config()).value();
  const auto bytes = card_payload_bytes(payload());
  const auto signature = test_card_key().sign(bytes).value();
  EXPECT_EQ(code_of(verifier->verify(signing.card(), bytes, signature, kRsa, test_now())),
            ErrorCode::kIssuerOfOtherPurpose);
  // Nor is it ever pinned for this purpose, in either of the string types that names are written
  // in.
  EXPECT_EQ(code_of(CardVerifier::load(signing.config())), ErrorCode::kTrustAnchorInvalid);
}

TEST(RefusalsTest, AListThatExpiredASecondAgo) {
  TestPki pki;
  pki.crl_spec.next_update = test_now() - seconds(1);
  EXPECT_EQ(code_of(pki.verify()), ErrorCode::kCrlExpired);
  pki.crl_spec.next_update = test_now() + seconds(1);
  EXPECT_EQ(code_of(pki.verify()), ErrorCode::kNone);
}

TEST(RefusalsTest, ACertificateThatStartsTomorrow) {
  TestPki pki;
  pki.card_spec.not_before = test_now() + hours(24);
  EXPECT_EQ(code_of(pki.verify()), ErrorCode::kCertificateNotYetValid);
}

TEST(RefusalsTest, ASerialThatExistsUnderAnotherIssuer) {
  // The list of one generation names the serial; the card is the other generation's.
  TestPki old_pki, new_pki;
  old_pki.crl_spec.entries = {{serial_from(100), test_now(), RevocationReason::kUnspecified}};
  auto config = old_pki.config();
  auto second = old_pki.root_spec;
  second.serial = serial_from(2);
  const auto root = PkiAuthority::self_signed(second, test_other_key()).value();
  config.roots.push_back(root.certificate_der());
  config.crls.push_back(root.issue_crl(new_pki.crl_spec).value());
  const auto verifier = CardVerifier::load(config).value();
  const auto signature = test_card_key().sign(as_bytes("p")).value();
  const auto said = [&](const Bytes& card) {
    return code_of(verifier->verify(card, as_bytes("p"), signature, kRsa, test_now()));
  };
  EXPECT_EQ(said(old_pki.card()), ErrorCode::kCardRevoked);
  EXPECT_EQ(said(root.issue(new_pki.card_spec, test_card_key()).value()), ErrorCode::kNone);
}

// Reload: what is in force is replaced whole, or stays.
struct Reload {
  TestPki pki;
  CurrentCards cards{CardVerifier::load(pki.config()).value(), {}};
  Result<std::vector<CrlMark>> offer(UtcTime now = test_now()) {
    return cards.replace(CardVerifier::load(pki.config()).value(), now);
  }
  ErrorCode verdict() const {
    const auto signature = test_card_key().sign(as_bytes("p")).value();
    return code_of(cards.verify(pki.card(), as_bytes("p"), signature, kRsa, test_now()));
  }
};

TEST(CurrentCardsTest, ANewerListIsInForceAtOnce) {
  Reload reload;
  EXPECT_EQ(reload.verdict(), ErrorCode::kNone);
  reload.pki.crl_spec.number = 13;
  reload.pki.crl_spec.entries = {{serial_from(100), test_now(), RevocationReason::kUnspecified}};
  const auto marks = reload.offer();
  ASSERT_TRUE(marks.has_value());
  ASSERT_EQ(marks.value().size(), 1U);
  EXPECT_EQ(marks.value()[0].crl_number, 13U);
  EXPECT_EQ(reload.verdict(), ErrorCode::kCardRevoked);
  EXPECT_TRUE(reload.offer().value().empty());  // the same again is nothing new
}

TEST(CurrentCardsTest, AnOlderListAfterANewerIsRefusedAndTheNewerStays) {  // R15
  Reload reload;
  reload.pki.crl_spec.number = 13;
  ASSERT_TRUE(reload.offer().has_value());
  reload.pki.crl_spec.number = 12;
  EXPECT_EQ(code_of(reload.offer()), ErrorCode::kCrlRollBack);
  EXPECT_EQ(reload.cards.health().issuers[0].crls[0].crl_number, 13U);
}

TEST(CurrentCardsTest, TheMarksOfAnEarlierRunCount) {  // R15, over restarts
  Reload reload;
  auto mark = high_mark_of(reload.cards.health().issuers[0].crls.at(0));
  mark.crl_number = 20;
  CurrentCards later(CardVerifier::load(reload.pki.config()).value(), {mark});
  reload.pki.crl_spec.number = 19;
  EXPECT_EQ(code_of(later.replace(CardVerifier::load(reload.pki.config()).value(), test_now())),
            ErrorCode::kCrlRollBack);
  reload.pki.crl_spec.number = 20;
  EXPECT_TRUE(
      later.replace(CardVerifier::load(reload.pki.config()).value(), test_now()).has_value());
}

TEST(CurrentCardsTest, AListFromTheFutureIsRefused) {
  Reload reload;
  reload.pki.crl_spec.number = 13;
  EXPECT_EQ(code_of(reload.offer(reload.pki.crl_spec.this_update - seconds(1))),
            ErrorCode::kCrlNotYetValid);
  EXPECT_EQ(reload.cards.health().issuers[0].crls[0].crl_number, 12U);
}

}  // namespace
}  // namespace certrelay
