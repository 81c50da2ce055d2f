// OCSP: what we ask, what we believe. Answers and the second opinion are OpenSSL's. R15: the status
// is the municipality's to check; unknown is no.
#include <gtest/gtest.h>

#include "relay/identity/ocsp_check.hpp"
#include "relay/identity/path.hpp"
#include "tests/support/test_ocsp.hpp"

namespace certrelay {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct OcspWorld : TestPki {
  PkiAuthority ca = root();
  CertificateSpec responder_spec = [] {
    auto made = jpki_card_spec("Responder", serial_from(50), test_validity());
    made.extended_key_usage = "OCSPSigning";
    made.policies.clear();
    made.more = {{"1.3.6.1.5.5.7.48.1.5", false, {0x05, 0x00}}};  // id-pkix-ocsp-nocheck
    return made;
  }();
  OcspSpec spec{.certificate = card()};
  bool delegated = false;
  std::vector<Bytes> lists;
  PathRules rules = [] {
    auto made = PathRules::for_rfc5280();
    made.check_revocation = true;
    return made;
  }();

  PkiAuthority responder() const {
    return ca.issue_authority(responder_spec, test_other_key()).value();
  }
  Bytes answer() const { return ocsp_answer(spec, ca, delegated ? responder() : ca); }
  ErrorCode verdict(const Bytes& of) const {
    const auto store = TrustStore::load({{ca.certificate_der()}, {}, lists, {of}}, rules);
    if (!store) return store.error().code;
    const auto leaf = spec.certificate;
    return code_of(
        validate_path(store.value(), parse_certificate(leaf).value(), rules, test_now()));
  }
  ErrorCode verdict() const { return verdict(answer()); }
  std::string openssl() const {
    return openssl_ocsp_opinion(answer(), ca.certificate_der(), spec.certificate);
  }
};

TEST(OcspTest, TheRequestIsWhatOpensslReads) {
  const OcspWorld world;
  const auto card = world.card();
  const auto view = parse_certificate(card).value();
  const auto root = parse_certificate(world.ca.certificate_der()).value();
  const auto request = make_ocsp_request(root.subject, root.spki, view.serial, OcspNonce{7});
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(openssl_reads_request(request.value(), world.ca.certificate_der(), card),
            "the card with a nonce");
}

TEST(OcspTest, AGoodAnswerOfTheIssuerStandsForAMissingList) {
  OcspWorld world;
  EXPECT_EQ(world.openssl(), "good");
  EXPECT_EQ(world.verdict(), ErrorCode::kNone);
  world.spec.by_key = true;
  EXPECT_EQ(world.verdict(), ErrorCode::kNone);
}

TEST(OcspTest, RevokedOnHoldAndUnknownRefuse) {
  OcspWorld world;
  world.spec.status = OcspStatus::kRevoked;
  EXPECT_EQ(world.verdict(), ErrorCode::kCardRevoked);
  world.spec.reason = 6;
  EXPECT_EQ(world.verdict(), ErrorCode::kCardOnHold);
  world.spec.status = OcspStatus::kUnknown;
  world.spec.reason = -1;
  EXPECT_EQ(world.verdict(), ErrorCode::kOcspStatusUnknown);
}

TEST(OcspTest, AListAndAnAnswerMustBothBeGood) {
  OcspWorld world;
  world.lists = {world.crl()};
  EXPECT_EQ(world.verdict(), ErrorCode::kNone);
  world.spec.status = OcspStatus::kRevoked;
  EXPECT_EQ(world.verdict(), ErrorCode::kCardRevoked);
  world.spec.status = OcspStatus::kGood;
  world.crl_spec.entries = {{serial_from(100), test_now(), RevocationReason::kUnspecified}};
  world.lists = {world.crl()};
  EXPECT_EQ(world.verdict(), ErrorCode::kCardRevoked);
  world.crl_spec.entries.clear();
  world.crl_spec.next_update = test_now() - seconds(1);
  world.lists = {world.crl()};
  EXPECT_EQ(world.verdict(), ErrorCode::kCrlExpired);  // a good answer heals no bad list
}

TEST(OcspTest, TheTimeWindowHolds) {
  OcspWorld world;
  world.spec.next_update = test_now();
  EXPECT_EQ(world.verdict(), ErrorCode::kOcspExpired);
  world.spec.next_update = test_now() + seconds(1);
  EXPECT_EQ(world.verdict(), ErrorCode::kNone);
  world.spec.next_update.reset();
  EXPECT_EQ(world.verdict(), ErrorCode::kOcspExpired);
  world.spec = {.certificate = world.card()};
  world.spec.this_update = test_now() + seconds(1);
  EXPECT_EQ(world.verdict(), ErrorCode::kOcspNotYetValid);
  world.spec.this_update = test_now();
  EXPECT_EQ(world.verdict(), ErrorCode::kNone);
  world.rules.ocsp_age_max = minutes(10);
  world.spec.this_update = test_now() - minutes(10);
  EXPECT_EQ(world.verdict(), ErrorCode::kNone);
  world.spec.this_update = test_now() - minutes(10) - seconds(1);
  EXPECT_EQ(world.verdict(), ErrorCode::kOcspTooOld);
}

TEST(OcspTest, AResponderNeedsTheIssuersCertificateForIt) {
  OcspWorld world;
  world.delegated = true;
  EXPECT_EQ(world.openssl(), "good");
  EXPECT_EQ(world.verdict(), ErrorCode::kNone);
  const auto good = world.responder_spec;
  world.responder_spec.extended_key_usage = "clientAuth";
  EXPECT_EQ(world.openssl(), "refused");
  EXPECT_EQ(world.verdict(), ErrorCode::kOcspResponder);
  world.responder_spec = good;
  world.responder_spec.not_after = test_now() - seconds(1);
  EXPECT_EQ(world.verdict(), ErrorCode::kOcspResponder);
  world.responder_spec = good;
  world.responder_spec.key_usage = "keyEncipherment";
  EXPECT_EQ(world.verdict(), ErrorCode::kOcspResponder);
  world.responder_spec = good;
  world.spec.write_certificate = false;
  EXPECT_EQ(world.verdict(), ErrorCode::kOcspResponder);
}

TEST(OcspTest, AResponderThatMayBeRevokedIsLookedUpInTheList) {
  OcspWorld world;
  world.delegated = true;
  world.responder_spec.more.clear();
  EXPECT_EQ(world.verdict(), ErrorCode::kOcspResponder);  // nothing says that it is good
  world.lists = {world.crl()};
  EXPECT_EQ(world.verdict(), ErrorCode::kNone);
  world.crl_spec.entries = {{serial_from(50), test_now(), RevocationReason::kUnspecified}};
  world.lists = {world.crl()};
  EXPECT_EQ(world.verdict(), ErrorCode::kOcspResponder);
}

TEST(OcspTest, AStrangersSignatureIsNoAnswer) {
  OcspWorld world;
  const auto stranger = PkiAuthority::self_signed(world.root_spec, test_other_key()).value();
  EXPECT_EQ(world.verdict(ocsp_answer(world.spec, world.ca, stranger)), ErrorCode::kOcspSignature);
  auto other = world.root_spec;
  other.subject.back().second = "Somebody Else";
  const auto unnamed = PkiAuthority::self_signed(other, test_other_key()).value();
  EXPECT_EQ(world.verdict(ocsp_answer(world.spec, world.ca, unnamed)), ErrorCode::kOcspResponder);
}

TEST(OcspTest, AnAnswerAboutAnotherCertificateSaysNothing) {
  OcspWorld world;
  auto other = world.card_spec;
  other.serial = serial_from(101);
  auto spec = world.spec;
  spec.certificate = world.ca.issue(other, test_card_key()).value();
  const auto about_other = ocsp_answer(spec, world.ca, world.ca);
  EXPECT_EQ(world.verdict(about_other), ErrorCode::kOcspOtherCertificate);
  world.lists = {world.crl()};
  EXPECT_EQ(world.verdict(about_other), ErrorCode::kNone);  // the list speaks
}

TEST(OcspTest, TheNonceMustComeBack) {
  OcspWorld world;
  const Bytes nonce(32, 0x41), other(32, 0x42);
  const auto checked = [&](std::optional<Bytes> sent) {
    world.spec.nonce = std::move(sent);
    const auto der = world.answer();
    const auto store = TrustStore::load({{world.ca.certificate_der()}, {}, {}, {der}}, world.rules);
    const auto view = parse_certificate(world.spec.certificate).value();
    SignatureChecks checks(kAnswerTriesMax);
    return code_of(check_ocsp_answer(store.value().ocsp_answers()[0].answer,
                                     store.value().anchors()[0], view.serial, world.rules,
                                     test_now(), ByteView(nonce), checks));
  };
  EXPECT_EQ(checked(nonce), ErrorCode::kNone);
  EXPECT_EQ(checked(other), ErrorCode::kOcspNonce);
  EXPECT_EQ(checked(std::nullopt), ErrorCode::kOcspNonce);
}

TEST(OcspTest, AnErrorIsNoAnswer) {
  const OcspWorld world;
  for (const int status : {1, 2, 3, 5, 6}) {
    EXPECT_EQ(world.verdict(ocsp_failure(status)), ErrorCode::kOcspNotSuccessful);
  }
  EXPECT_EQ(world.verdict({}), ErrorCode::kOcspMalformed);
  auto longer = world.answer();
  longer.push_back(0);
  EXPECT_EQ(world.verdict(longer), ErrorCode::kOcspMalformed);
}

}  // namespace
}  // namespace certrelay
