// Goal: an answer that speaks twice of the asked certificate, and a responder whose certificate
// names another issuer or says what we do not implement, are believed in nothing.
#include <gtest/gtest.h>

#include "relay/identity/path.hpp"
#include "tests/support/test_ocsp.hpp"

namespace certrelay {
namespace {

// BasicOCSPResponse { tbsResponseData, algorithm, signature, certs }.
std::vector<Bytes> basic_parts(const Bytes& answer) {
  const auto bytes = parts_of(parts_of(parts_of(answer).at(1)).at(0)).at(1);
  return parts_of(parts_of(bytes).at(0));  // inside the OCTET STRING
}

Bytes answer_of(const Bytes& basic) {
  const auto type = from_hex("06092b0601050507300101").value();
  const auto bytes = der_of(0x30, {type, der_of(0x04, {basic})});
  return der_of(0x30, {{0x0A, 0x01, 0x00}, der_of(0xA0, {bytes})});
}

struct AnswerWorld : TestPki {
  PkiAuthority ca = root();
  Bytes certificate = card();
  std::vector<RawExtension> responder_says{{"1.3.6.1.5.5.7.48.1.5", false, {0x05, 0x00}}};

  Bytes answer(OcspStatus status) const {
    return ocsp_answer({.certificate = certificate, .status = status}, ca, ca);
  }
  // By a responder whose certificate has, with `key_id`, that authority key identifier.
  Bytes delegated(const std::optional<Bytes>& key_id = {}) const {
    auto spec = jpki_card_spec("Responder", serial_from(50), test_validity());
    spec.extended_key_usage = "OCSPSigning";
    spec.policies.clear();
    spec.more = responder_says;
    const auto responder = ca.issue_authority(spec, test_other_key()).value();
    const auto answer = ocsp_answer({.certificate = certificate}, ca, responder);
    if (!key_id) return answer;
    auto parts = basic_parts(answer);
    parts.at(3) = der_of(
        0xA0, {der_of(0x30, {with_extension_value(responder.certificate_der(),
                                                  {0x06, 0x03, 0x55, 0x1D, 0x23}, *key_id)})});
    return answer_of(der_of(0x30, parts));
  }
  ErrorCode verdict(const Bytes& of) const {
    const auto rules = PathRules::for_rfc5280();
    const auto store = TrustStore::load({{ca.certificate_der()}, {}, {}, {of}}, rules);
    if (!store) return store.error().code;
    return code_of(
        validate_path(store.value(), parse_certificate(certificate).value(), rules, test_now()));
  }
};

// One answer of the root with the responses of several.
Bytes joined(const std::vector<Bytes>& answers) {
  // { responderID, producedAt, responses }
  auto parts = parts_of(basic_parts(answers.at(0)).at(0));
  std::vector<Bytes> singles;
  for (const auto& one : answers) {
    const auto own = parts_of(parts_of(basic_parts(one).at(0)).at(2));
    singles.insert(singles.end(), own.begin(), own.end());
  }
  parts.at(2) = der_of(0x30, singles);
  return answer_of(sign_again(der_of(0x30, parts), test_root_key()));
}

TEST(OcspContradictionsTest, AnAnswerSpeaksOnceOfACertificate) {
  const AnswerWorld world;
  const auto good = world.answer(OcspStatus::kGood);
  const auto revoked = world.answer(OcspStatus::kRevoked);
  EXPECT_EQ(world.verdict(joined({good})), ErrorCode::kNone);
  EXPECT_EQ(world.verdict(joined({good, revoked})), ErrorCode::kOcspMalformed);
  EXPECT_EQ(world.verdict(joined({revoked, good})), ErrorCode::kOcspMalformed);
  EXPECT_EQ(world.verdict(joined({good, good})), ErrorCode::kOcspMalformed);
}

TEST(OcspContradictionsTest, AnAnswerMaySpeakOfOthersToo) {
  const AnswerWorld world;
  auto other = world;
  other.card_spec.serial = serial_from(101);
  other.certificate = other.card();
  EXPECT_EQ(
      world.verdict(joined({world.answer(OcspStatus::kGood), other.answer(OcspStatus::kRevoked)})),
      ErrorCode::kNone);
}

TEST(OcspContradictionsTest, AResponderNamesItsIssuersKey) {
  const AnswerWorld world;
  const auto view = parse_certificate(world.ca.certificate_der()).value();
  const auto name = der_of(0xA4, {Bytes(view.issuer.begin(), view.issuer.end())});
  const auto key = [](ByteView id) { return der_of(0x80, {Bytes(id.begin(), id.end())}); };
  const auto naming = [&](ByteView serial) {
    return der_of(0x30,
                  {der_of(0xA1, {name}), der_of(0x82, {Bytes(serial.begin(), serial.end())})});
  };
  const Bytes another{0x02};
  const auto said = [&](const Bytes& value) { return world.verdict(world.delegated(value)); };
  EXPECT_EQ(world.verdict(world.delegated()), ErrorCode::kNone);
  EXPECT_EQ(said(der_of(0x30, {key(*view.subject_key_id)})), ErrorCode::kNone);
  EXPECT_EQ(said(naming(view.serial)), ErrorCode::kNone);
  EXPECT_EQ(said(der_of(0x30, {key(Bytes(20, 0x55))})), ErrorCode::kOcspResponder);
  EXPECT_EQ(said(naming(another)), ErrorCode::kOcspResponder);
}

TEST(OcspContradictionsTest, AResponderSaysNothingThatWeDoNotImplement) {
  AnswerWorld world;
  world.responder_says.push_back({"2.5.29.30", true, {0x30, 0x00}});  // name constraints
  EXPECT_EQ(world.verdict(world.delegated()), ErrorCode::kOcspResponder);
  world.responder_says = {
      {"1.3.6.1.5.5.7.48.1.5", false, {0x05, 0x01, 0x00}}};  // a NULL of one octet
  EXPECT_EQ(world.verdict(world.delegated()), ErrorCode::kOcspResponder);
}

}  // namespace
}  // namespace certrelay
