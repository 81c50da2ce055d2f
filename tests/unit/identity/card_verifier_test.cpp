// The JPKI profile: one good card, and every way in which a card is refused, each with its own
// reason. R01 (signature, chain, dates, revocation are the municipality's to check).
#include <gtest/gtest.h>

#include "relay/identity/crl_roll_back.hpp"
#include "tests/support/test_pki.hpp"

namespace certrelay {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

ErrorCode refusal(const TestPki& pki) { return code_of(pki.verify()); }

TEST(CardVerifierTest, AcceptsAGoodCardAndNamesIt) {
  const TestPki pki;
  const auto verified = pki.verify();
  ASSERT_TRUE(verified.has_value()) << verified.error().where;
  const auto card = pki.card();
  const auto view = parse_certificate(card).value();
  EXPECT_TRUE(same_bytes(verified.value().card.issuer_der, view.issuer));
  EXPECT_EQ(verified.value().card.serial, serial_from(100));
  EXPECT_EQ(verified.value().valid_from, test_validity().not_before);
  EXPECT_EQ(verified.value().not_after, test_validity().not_after);
  EXPECT_EQ(verified.value().crl_number, 12U);
  EXPECT_EQ(verified.value().crl_this_update, test_now() - hours(1));
}

TEST(CardVerifierTest, IssuerNameIsJpkisNameAsDer) {
  const TestPki pki;
  EXPECT_EQ(to_hex(pki.verify().value().card.issuer_der).substr(0, 30),
            "308182310b3009060355040613024a");
}

TEST(CardVerifierTest, RefusesASignatureOverOtherBytes) {
  const TestPki pki;
  const auto verifier = CardVerifier::load(pki.config()).value();
  const auto signature = test_card_key().sign(as_bytes("payload")).value();
  const auto verify = [&](std::string_view payload, ByteView by, CardAlgorithm algorithm) {
    return code_of(verifier->verify(pki.card(), as_bytes(payload), by, algorithm, test_now()));
  };
  constexpr auto kRsa = CardAlgorithm::kRsaPkcs1Sha256;
  EXPECT_EQ(verify("payload", signature, kRsa), ErrorCode::kNone);
  EXPECT_EQ(verify("Payload", signature, kRsa), ErrorCode::kCardSignature);
  EXPECT_EQ(verify("", signature, kRsa), ErrorCode::kCardSignature);
  EXPECT_EQ(verify("payload", {}, kRsa), ErrorCode::kCardSignatureForm);
  const auto other = test_other_key().sign(as_bytes("payload")).value();
  EXPECT_EQ(verify("payload", other, kRsa), ErrorCode::kCardSignature);
  auto longer = signature;
  longer.insert(longer.begin(), 0);
  EXPECT_EQ(verify("payload", longer, kRsa), ErrorCode::kCardSignatureForm);
  EXPECT_EQ(verify("payload", signature, CardAlgorithm::kEcdsaP384Sha384),
            ErrorCode::kCardAlgorithmMismatch);
}

TEST(CardVerifierTest, AcceptsTheNextCardsP384) {
  const TestPki pki;
  const auto verifier = CardVerifier::load(pki.config()).value();
  const auto card = pki.root().issue(pki.card_spec, test_p384_key()).value();
  const auto signature = test_p384_key().sign(as_bytes("payload")).value();
  EXPECT_EQ(code_of(verifier->verify(card, as_bytes("payload"), signature,
                                     CardAlgorithm::kEcdsaP384Sha384, test_now())),
            ErrorCode::kNone);
  EXPECT_EQ(code_of(verifier->verify(card, as_bytes("payload"), signature,
                                     CardAlgorithm::kRsaPkcs1Sha256, test_now())),
            ErrorCode::kCardAlgorithmMismatch);
}

TEST(CardVerifierTest, RefusesAnotherCurveAndAnotherModulusLength) {
  const TestPki pki;
  const auto p256 = PkiKey::generate(PkiKeyKind::kEcP256).value();
  const auto card = pki.root().issue(pki.card_spec, p256).value();
  EXPECT_EQ(code_of(pki.verify(card)), ErrorCode::kPublicKeyUnsupported);
}

TEST(CardVerifierTest, DatesAreInclusiveAndCheckedAgainstTheGivenTime) {
  TestPki pki;
  pki.crl_spec.this_update = test_validity().not_before - hours(1);
  pki.crl_spec.next_update = test_validity().not_after + hours(1);
  const auto card = pki.card();
  const auto at = [&](UtcTime now) { return code_of(pki.verify(card, now)); };
  pki.root_spec.not_before -= hours(1);
  pki.root_spec.not_after += hours(1);
  EXPECT_EQ(at(test_validity().not_before - milliseconds(1)), ErrorCode::kCertificateNotYetValid);
  EXPECT_EQ(at(test_validity().not_before), ErrorCode::kNone);
  EXPECT_EQ(at(test_validity().not_after), ErrorCode::kNone);
  EXPECT_EQ(at(test_validity().not_after + milliseconds(1)), ErrorCode::kCertificateExpired);
}

TEST(CardVerifierTest, RefusesUnderARootOutsideItsDates) {
  TestPki pki;
  pki.root_spec.not_after = test_now() - seconds(1);
  EXPECT_EQ(refusal(pki), ErrorCode::kIssuerExpired);
  pki.root_spec = jpki_root_spec(serial_from(1), {test_now() + seconds(1), test_now() + hours(9)});
  EXPECT_EQ(refusal(pki), ErrorCode::kIssuerNotYetValid);
}

TEST(CardVerifierTest, RefusesACardOfAnotherIssuerOrKey) {
  const TestPki pki;
  TestPki stranger;
  stranger.root_spec.subject.back().second = "Somebody Else";
  EXPECT_EQ(code_of(pki.verify(stranger.card())), ErrorCode::kIssuerUnknown);
  // The same name, another key: without key identifiers only the signature tells them apart.
  const auto forged = sign_again(tbs_of(pki.card()), test_other_key());
  EXPECT_EQ(code_of(pki.verify(forged)), ErrorCode::kCertificateSignature);
}

TEST(CardVerifierTest, RefusesTheRootItselfAsACard) {
  const TestPki pki;
  EXPECT_EQ(code_of(pki.verify(pki.root().certificate_der())), ErrorCode::kCardIsTrustAnchor);
}

TEST(CardVerifierTest, RefusesASigningCertificateAndEveryOtherKeyUsage) {
  for (const auto* usage : {"nonRepudiation", "digitalSignature,nonRepudiation",
                            "digitalSignature,keyEncipherment", ""}) {
    TestPki pki;
    pki.card_spec.key_usage = usage;
    EXPECT_EQ(refusal(pki), ErrorCode::kCardKeyUsage) << usage;
  }
  TestPki pki;
  pki.card_spec.key_usage_critical = false;
  EXPECT_EQ(refusal(pki), ErrorCode::kCardKeyUsage);
}

TEST(CardVerifierTest, RefusesAnAuthorityAsACard) {
  TestPki pki;
  pki.card_spec.is_authority = true;
  EXPECT_EQ(refusal(pki), ErrorCode::kCardIsAuthority);
}

TEST(CardVerifierTest, PolicyMustBeCriticalAndConfigured) {
  TestPki pki;
  pki.card_spec.policies = "1.2.392.200149.8.5.1.3.10";
  EXPECT_EQ(refusal(pki), ErrorCode::kCardPolicyNotAccepted);
  pki.card_spec.policies = "2.5.29.32.0";
  EXPECT_EQ(refusal(pki), ErrorCode::kCardPolicyNotAccepted);
  pki.card_spec.policies = "";
  EXPECT_EQ(refusal(pki), ErrorCode::kCardPolicyMissing);
  pki.card_spec.policies = kJpkiAuthenticationPolicy;
  pki.card_spec.policies_critical = false;
  EXPECT_EQ(refusal(pki), ErrorCode::kCardPolicyMissing);
}

TEST(CardVerifierTest, TheAcceptedPoliciesAreConfiguration) {
  TestPki pki;
  pki.card_spec.policies = "1.2.392.200149.8.5.1.3.99";
  auto config = pki.config();
  config.purposes.authentication[0].policies.emplace_back("1.2.392.200149.8.5.1.3.99");
  const auto verifier = CardVerifier::load(config).value();
  const auto signature = test_card_key().sign(as_bytes("p")).value();
  EXPECT_TRUE(
      verifier
          ->verify(pki.card(), as_bytes("p"), signature, CardAlgorithm::kRsaPkcs1Sha256, test_now())
          .has_value());
}

TEST(CardVerifierTest, ExtendedKeyUsageMayBeAbsentButNotOfAnotherPurpose) {
  TestPki pki;
  pki.card_spec.extended_key_usage = "";
  EXPECT_EQ(refusal(pki), ErrorCode::kNone);
  pki.card_spec.extended_key_usage = "serverAuth";
  EXPECT_EQ(refusal(pki), ErrorCode::kCardExtendedKeyUsage);
}

TEST(CardVerifierTest, RefusesWhatItDoesNotKnowOrDoesNotImplement) {
  TestPki pki;
  pki.card_spec.more = {{"1.2.3.4", false, {0x05, 0x00}}};
  EXPECT_EQ(refusal(pki), ErrorCode::kNone);
  pki.card_spec.more = {{"1.2.3.4", true, {0x05, 0x00}}};
  EXPECT_EQ(refusal(pki), ErrorCode::kCertificateExtensionUnknown);
  pki.card_spec.more = {{"1.2.3.4", false, {0x05, 0x00}}, {"1.2.3.4", false, {0x05, 0x00}}};
  EXPECT_EQ(refusal(pki), ErrorCode::kCertificateExtensionTwice);
  pki.card_spec.more = {{"2.5.29.33", false, {0x30, 0x00}}};
  EXPECT_EQ(refusal(pki), ErrorCode::kPolicyMappingUnsupported);
  pki.card_spec.more = {{"2.5.29.30", false, {0x30, 0x00}}};
  EXPECT_EQ(refusal(pki), ErrorCode::kNameConstraintsUnsupported);
  pki.card_spec.more = {{"2.5.29.36", true, {0x30, 0x00}}};
  EXPECT_EQ(refusal(pki), ErrorCode::kCertificateExtensionMalformed);
}

TEST(CardVerifierTest, RevokedAndOnHoldAreTold) {
  TestPki pki;
  pki.crl_spec.entries.push_back({serial_from(100), test_now(), RevocationReason::kKeyCompromise});
  EXPECT_EQ(refusal(pki), ErrorCode::kCardRevoked);
  pki.crl_spec.entries.back().reason = RevocationReason::kCertificateHold;
  EXPECT_EQ(refusal(pki), ErrorCode::kCardOnHold);
  pki.crl_spec.entries.pop_back();  // removed from the list: works again
  EXPECT_EQ(refusal(pki), ErrorCode::kNone);
}

TEST(CardVerifierTest, UnknownStatusRefuses) {
  const TestPki pki;
  auto config = pki.config();
  config.crls.clear();
  const auto verifier = CardVerifier::load(config).value();
  const auto signature = test_card_key().sign(as_bytes("p")).value();
  EXPECT_EQ(code_of(verifier->verify(pki.card(), as_bytes("p"), signature,
                                     CardAlgorithm::kRsaPkcs1Sha256, test_now())),
            ErrorCode::kCardStatusUnknown);
  EXPECT_FALSE(verifier->health().every_issuer_has_crl);
}

TEST(CardVerifierTest, AListOutsideItsDatesRefuses) {
  const TestPki pki;
  const auto card = pki.card();
  const auto next = pki.crl_spec.next_update;
  EXPECT_EQ(code_of(pki.verify(card, next - milliseconds(1))), ErrorCode::kNone);
  EXPECT_EQ(code_of(pki.verify(card, next)), ErrorCode::kCrlExpired);
  EXPECT_EQ(code_of(pki.verify(card, pki.crl_spec.this_update)), ErrorCode::kNone);
  EXPECT_EQ(code_of(pki.verify(card, pki.crl_spec.this_update - milliseconds(1))),
            ErrorCode::kCrlNotYetValid);
}

TEST(CardVerifierTest, AListOlderThanThePolicysAgeRefuses) {
  const TestPki pki;
  auto config = pki.config();
  config.crl_age_max = seconds(3600);  // the list is an hour old at test_now()
  const auto verifier = CardVerifier::load(config).value();
  const auto signature = test_card_key().sign(as_bytes("p")).value();
  const auto at = [&](UtcTime now) {
    return code_of(verifier->verify(pki.card(), as_bytes("p"), signature,
                                    CardAlgorithm::kRsaPkcs1Sha256, now));
  };
  EXPECT_EQ(at(test_now()), ErrorCode::kNone);
  EXPECT_EQ(at(test_now() + milliseconds(1)), ErrorCode::kCrlTooOld);
}

// Two generations share the name; each has its own key and list.
TEST(CardVerifierTest, SeveralGenerationsAreValidAtOnce) {
  const TestPki pki;
  const auto second =
      PkiAuthority::self_signed(jpki_root_spec(serial_from(2), test_validity()), test_other_key())
          .value();
  auto config = pki.config();
  config.roots.push_back(second.certificate_der());
  auto crl_spec = pki.crl_spec;
  crl_spec.entries = {{serial_from(100), test_now(), RevocationReason::kUnspecified}};
  config.crls.push_back(second.issue_crl(crl_spec).value());
  const auto verifier = CardVerifier::load(config).value();
  const auto signature = test_card_key().sign(as_bytes("p")).value();
  const auto verify = [&](const Bytes& card) {
    return verifier->verify(card, as_bytes("p"), signature, CardAlgorithm::kRsaPkcs1Sha256,
                            test_now());
  };
  EXPECT_EQ(verify(pki.card()).value().issuer_index, 0U);
  // The same serial under the other generation's key is another card.
  EXPECT_EQ(code_of(verify(second.issue(pki.card_spec, test_card_key()).value())),
            ErrorCode::kCardRevoked);
  auto spec = pki.card_spec;
  spec.serial = serial_from(101);
  EXPECT_EQ(verify(second.issue(spec, test_card_key()).value()).value().issuer_index, 1U);
  EXPECT_EQ(verifier->health().issuers.size(), 2U);
}

TEST(CardVerifierTest, HealthTellsTheListsDatesAndNumbers) {
  const TestPki pki;
  const auto health = CardVerifier::load(pki.config()).value()->health();
  ASSERT_EQ(health.issuers.size(), 1U);
  EXPECT_TRUE(health.every_issuer_has_crl);
  EXPECT_EQ(health.newest_this_update, pki.crl_spec.this_update);
  EXPECT_EQ(health.earliest_next_update, pki.crl_spec.next_update);
  EXPECT_EQ(health.issuers[0].crls.at(0).crl_number, 12U);
  EXPECT_EQ(health.issuers[0].revoked, 1U);
}

TEST(CardVerifierTest, AnOlderListAfterANewerIsARollBack) {
  TestPki pki;
  std::vector<CrlHighMark> mark;
  raise_marks(mark, higher_marks(CardVerifier::load(pki.config()).value()->health(), {}));
  const auto offered = [&] {
    return code_of(refuse_roll_back(CardVerifier::load(pki.config()).value()->health(), mark));
  };
  EXPECT_EQ(offered(), ErrorCode::kNone);  // the same again
  pki.crl_spec.number = 11;
  EXPECT_EQ(offered(), ErrorCode::kCrlRollBack);
  pki.crl_spec.number = 13;
  EXPECT_EQ(offered(), ErrorCode::kNone);
  pki.crl_spec.this_update -= seconds(1);
  EXPECT_EQ(offered(), ErrorCode::kCrlRollBack);
  auto config = pki.config();
  config.crls.clear();
  EXPECT_EQ(code_of(refuse_roll_back(CardVerifier::load(config).value()->health(), mark)),
            ErrorCode::kCrlRollBack);
}

TEST(CardVerifierTest, ConfigurationMustBeUsable) {
  const auto load = [](const CardConfig& config) { return code_of(CardVerifier::load(config)); };
  TestPki pki;
  CardConfig none;
  EXPECT_EQ(load(none), ErrorCode::kTrustAnchorInvalid);
  auto config = pki.config();
  config.roots = {pki.card()};
  EXPECT_EQ(load(config), ErrorCode::kTrustAnchorInvalid);
  config.roots = {Bytes{0x30, 0x00}};
  EXPECT_EQ(load(config), ErrorCode::kTrustAnchorInvalid);
  // Of the root's name and form, but its signature is another key's.
  config.roots = {sign_again(tbs_of(pki.root().certificate_der()), test_other_key())};
  EXPECT_EQ(load(config), ErrorCode::kTrustAnchorInvalid);
  config = pki.config();
  config.purposes.authentication[0].policies.clear();
  EXPECT_EQ(load(config), ErrorCode::kMalformed);
  config = pki.config();
  config.roots = {Bytes{'x'}};
  EXPECT_EQ(load(config), ErrorCode::kMalformed);
}

TEST(CardVerifierTest, AListThatTheRootDidNotSignDoesNotLoad) {
  TestPki pki;
  auto config = pki.config();
  config.crls = {sign_again(tbs_of(pki.crl()), test_other_key())};
  EXPECT_EQ(code_of(CardVerifier::load(config)), ErrorCode::kCrlSignature);
  pki.root_spec.subject.back().second = "Somebody Else";
  config.crls = {pki.crl()};
  EXPECT_EQ(code_of(CardVerifier::load(config)), ErrorCode::kCrlIssuerUnknown);
}

TEST(CardVerifierTest, AListForAPartDoesNotLoad) {
  TestPki pki;
  pki.crl_spec.more = {{"2.5.29.28", true, {0x30, 0x03, 0x81, 0x01, 0xFF}}};  // only users
  EXPECT_EQ(code_of(CardVerifier::load(pki.config())), ErrorCode::kCrlScope);
}

TEST(CardVerifierTest, ARootWithoutCrlSignCannotVouchForStatus) {
  TestPki pki;
  pki.root_spec.key_usage = "keyCertSign";
  EXPECT_EQ(refusal(pki), ErrorCode::kCrlIssuerKeyUsage);
}

TEST(CardVerifierTest, ReadsPemFilesWithSeveralBlocks) {
  const TestPki pki;
  auto config = pki.config();
  const auto root = pki.root().certificate_pem();
  const auto crl = to_pem(pki.crl(), "X509 CRL");
  const auto file = [](const std::string& text) { return Bytes(text.begin(), text.end()); };
  config.roots = {file(root)};
  config.crls = {file(crl)};
  EXPECT_TRUE(CardVerifier::load(config).value()->health().every_issuer_has_crl);
  EXPECT_EQ(split_pem(file(root + root), "CERTIFICATE").value().size(), 2U);
  const auto ders = split_pem(file(root), "CERTIFICATE").value();
  std::string other_ends;
  for (const char c : root) other_ends += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(split_pem(file(other_ends), "CERTIFICATE").value(), ders);
  EXPECT_EQ(code_of(split_pem(file(root), "X509 CRL")), ErrorCode::kMalformed);
  EXPECT_EQ(code_of(split_pem(file(root.substr(0, 200)), "CERTIFICATE")), ErrorCode::kMalformed);
}

}  // namespace
}  // namespace certrelay
