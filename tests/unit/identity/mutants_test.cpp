// Goal: no mutant of a certificate, a list, an OCSP answer or a signature is accepted by us and
// refused by OpenSSL, none crashes, none takes a second. Method: every TLV, in encapsulating
// strings too, is changed in its type, its length and its value, left out, doubled, exchanged and
// written in another way (der_mutants.hpp); the mutant is signed again, so that it is judged for
// what it says, and judged once more under the old signature, which must never pass. Of one that
// both accept, both read the same. CERTRELAY_MUTANTS=long changes every bit of every value.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <ctime>

#include "relay/identity/ocsp_check.hpp"
#include "tests/support/der_mutants.hpp"
#include "tests/support/full_pki.hpp"
#include "tests/support/openssl_opinion.hpp"
#include "tests/support/openssl_reading.hpp"
#include "tests/support/test_ocsp.hpp"

namespace certrelay {
namespace {

class MutantsTest : public testing::Test {
 protected:
  ErrorCode ours(const Bytes& card, const Bytes& crl, const std::vector<Bytes>& ocsp = {}) {
    TrustMaterial material{{root_}, intermediates_, lists_, ocsp};
    if (!crl.empty()) material.crls_der.push_back(crl);
    timespec begin{}, end{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
    const auto code = verdict(card, material);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    const double seconds = static_cast<double>(end.tv_sec - begin.tv_sec) +
                           static_cast<double>(end.tv_nsec - begin.tv_nsec) / 1e9;
    slowest_ = std::max(slowest_, seconds);
    ++mutants_;
    return code;
  }
  std::string theirs(const Bytes& card, const Bytes& crl) const {
    auto lists = lists_;
    lists.push_back(crl);
    return openssl_opinion({.anchors = {root_},
                            .intermediates = intermediates_,
                            .lists = lists,
                            .leaf = card,
                            .policies = {std::string(kDefaultCardPolicy)},
                            .explicit_policy = true});
  }
  // Every mutant of a certificate that the root signed, at its place in a question.
  template <class Ask, class Second>
  void mutate_signed(const Bytes& whole, Ask ask, Second second) {
    for (const auto& tbs : mutants_of(tbs_of(whole))) {
      const auto mutant = sign_again(tbs, test_root_key());
      if (ask(mutant) != ErrorCode::kNone) continue;
      ++accepted_;
      second(mutant);
    }
    for (const auto& mutant : mutants_of(whole)) {
      EXPECT_NE(ask(mutant), ErrorCode::kNone) << to_hex(mutant);
    }
  }
  void mutate_card(const Bytes& card, const Bytes& crl) {
    mutate_signed(
        card, [&](const Bytes& mutant) { return ours(mutant, crl); },
        [&](const Bytes& mutant) {
          EXPECT_EQ(theirs(mutant, crl), "ok") << to_hex(mutant);
          EXPECT_EQ(we_read_certificate(mutant), openssl_reads_certificate(mutant))
              << to_hex(mutant);
        });
  }
  void mutate_list(const Bytes& card, const Bytes& crl) {
    mutate_signed(
        crl, [&](const Bytes& mutant) { return ours(card, mutant); },
        [&](const Bytes& mutant) {
          EXPECT_EQ(theirs(card, mutant), "ok") << to_hex(mutant);
          EXPECT_EQ(we_read_list(mutant), openssl_reads_list(mutant)) << to_hex(mutant);
        });
  }
  void TearDown() override {
    std::printf("mutants %zu, accepted by both %zu, slowest %.3f ms\n", mutants_, accepted_,
                slowest_ * 1e3);
    EXPECT_LT(slowest_, 1.0);
  }

  TestPki pki_;
  Bytes root_ = pki_.root().certificate_der();
  Bytes card_ = pki_.card();
  Bytes crl_ = pki_.crl();
  Bytes oid_ = {0x2A, 0x83, 0x08, 0x8C, 0x9B, 0x55, 0x08, 0x05, 0x01, 0x03, 0x1E};
  PathRules rules_ = PathRules::for_jpki({oid_});
  std::vector<Bytes> intermediates_, lists_;
  std::size_t mutants_ = 0, accepted_ = 0;
  double slowest_ = 0;

 private:
  ErrorCode verdict(const Bytes& card, const TrustMaterial& material) const {
    const auto store = TrustStore::load(material, rules_);
    if (!store) return store.error().code;
    const auto view = parse_certificate(card);
    if (!view) return view.error().code;
    const auto key = CardPublicKey::from_spki(view.value().spki, rules_.keys);
    if (!key) return key.error().code;
    return code_of(validate_path(store.value(), view.value(), rules_, test_now()));
  }
};

TEST_F(MutantsTest, OfACertificate) {
  ASSERT_EQ(ours(card_, crl_), ErrorCode::kNone);
  mutate_card(card_, crl_);
  EXPECT_GT(mutants_, 4000U);
}

TEST_F(MutantsTest, OfACertificateInFullForm) {
  pki_.root_spec = full_root_spec();
  root_ = pki_.root().certificate_der();
  const auto card = pki_.root().issue(full_card_spec(), test_card_key()).value();
  ASSERT_EQ(ours(card, crl_), ErrorCode::kNone);
  ASSERT_EQ(theirs(card, crl_), "ok");
  mutate_card(card, crl_);
  EXPECT_GT(mutants_, 8000U);
}

// Of the root itself: whoever may put another one there may do anything, so that a mutant under the
// root's own signature is the question.
TEST_F(MutantsTest, OfARoot) {
  pki_.root_spec = full_root_spec();
  const auto root = pki_.root().certificate_der();
  mutate_signed(
      root,
      [&](const Bytes& mutant) {
        root_ = mutant;
        return ours(card_, crl_);
      },
      [&](const Bytes& mutant) {
        root_ = mutant;
        EXPECT_EQ(theirs(card_, crl_), "ok") << to_hex(mutant);
        EXPECT_EQ(we_read_certificate(mutant), openssl_reads_certificate(mutant)) << to_hex(mutant);
      });
  EXPECT_GT(mutants_, 4000U);
}

// An authority between root and leaf, in the profile that uses it.
TEST_F(MutantsTest, OfAnIntermediate) {
  rules_ = PathRules::for_rfc5280();
  rules_.explicit_policy = true;
  rules_.policies = {oid_};
  auto spec = full_root_spec();
  spec.subject.back().second = "Middle";
  spec.serial = serial_from(3);
  const auto middle = pki_.root().issue_authority(spec, test_other_key()).value();
  const auto leaf = middle.issue(full_card_spec(), test_card_key()).value();
  lists_ = {middle.issue_crl(pki_.crl_spec).value()};
  const auto ask = [&](const Bytes& mutant) {
    intermediates_ = {mutant};
    return ours(leaf, crl_);
  };
  ASSERT_EQ(ask(middle.certificate_der()), ErrorCode::kNone);
  ASSERT_EQ(theirs(leaf, crl_), "ok");
  mutate_signed(middle.certificate_der(), ask, [&](const Bytes& mutant) {
    EXPECT_EQ(theirs(leaf, crl_), "ok") << to_hex(mutant);
    EXPECT_EQ(we_read_certificate(mutant), openssl_reads_certificate(mutant)) << to_hex(mutant);
  });
  EXPECT_GT(mutants_, 4000U);
}

TEST_F(MutantsTest, OfAList) {
  pki_.crl_spec.entries.push_back(
      {serial_from(100), test_now(), RevocationReason::kCertificateHold});
  const auto revoking = pki_.crl();
  ASSERT_EQ(ours(card_, revoking), ErrorCode::kCardOnHold);
  for (const auto& list : {crl_, revoking}) mutate_list(card_, list);
  EXPECT_GT(mutants_, 4000U);
}

TEST_F(MutantsTest, OfAListInFullForm) {
  pki_.crl_spec = full_crl_spec();
  const auto list = with_full_entries(pki_.crl());
  ASSERT_EQ(ours(card_, list), ErrorCode::kCardOnHold);
  pki_.card_spec.serial = serial_from(101);
  const auto other = pki_.card();
  ASSERT_EQ(ours(other, list), ErrorCode::kNone);
  ASSERT_EQ(theirs(other, list), "ok");
  mutate_list(card_, list);
  mutate_list(other, list);
  EXPECT_GT(mutants_, 8000U);
}

// A list for users and some places, in the profile that honours scopes. Its authority stands below
// the root and has the same key, so that its lists can be signed again.
TEST_F(MutantsTest, OfAListForAPart) {
  rules_ = PathRules::for_rfc5280();
  auto spec = full_root_spec();
  spec.subject.back().second = "Middle";
  spec.serial = serial_from(3);
  const auto middle = pki_.root().issue_authority(spec, test_root_key()).value();
  intermediates_ = {middle.certificate_der()};
  lists_ = {crl_};
  const auto card = middle.issue(full_card_spec(), test_card_key()).value();
  auto of_middle = full_crl_spec();
  of_middle.entries.pop_back();
  const auto name = der_of(0xA0, {der_of(0xA0, {full_pki_uri("http://mihon/crl")})});
  of_middle.more.push_back({"2.5.29.28", true, der_of(0x30, {name, from_hex("8101ff").value()})});
  const auto list = with_full_entries(middle.issue_crl(of_middle).value());
  ASSERT_EQ(ours(card, list), ErrorCode::kNone);
  ASSERT_EQ(theirs(card, list), "ok");
  mutate_list(card, list);
  EXPECT_GT(mutants_, 4000U);
}

// OCSPResponse { status, [0] { SEQUENCE { type, OCTET STRING { basic } } } }.
Bytes wrapped_basic(const Bytes& basic) {
  const auto type = from_hex("06092b0601050507300101").value();
  return der_of(0x30,
                {{0x0A, 0x01, 0x00}, der_of(0xA0, {der_of(0x30, {type, der_of(0x04, {basic})})})});
}

Bytes basic_of(const Bytes& answer) {
  const auto basic = parts_of(parts_of(parts_of(answer).at(1)).at(0)).at(1);
  DerReader in(basic, ErrorCode::kMalformed);
  const auto content = in.any().value().content;
  return {content.begin(), content.end()};
}

TEST_F(MutantsTest, OfAnOcspAnswer) {
  OcspSpec spec{.certificate = card_};
  spec.write_certificate = false;
  for (const auto status : {OcspStatus::kGood, OcspStatus::kRevoked}) {
    spec.status = status;
    const auto answer = ocsp_answer(spec, pki_.root(), pki_.root());
    const auto tbs = parts_of(basic_of(answer)).at(0);
    ASSERT_EQ(ours(card_, {}, {wrapped_basic(sign_again(tbs, test_root_key()))}),
              status == OcspStatus::kGood ? ErrorCode::kNone : ErrorCode::kCardRevoked);
    for (const auto& changed : mutants_of(tbs)) {
      const auto mutant = wrapped_basic(sign_again(changed, test_root_key()));
      if (ours(card_, {}, {mutant}) != ErrorCode::kNone) continue;
      ++accepted_;
      EXPECT_EQ(openssl_ocsp_opinion(mutant, root_, card_), "good") << to_hex(mutant);
    }
    for (const auto& mutant : mutants_of(answer)) {
      EXPECT_NE(ours(card_, {}, {mutant}), ErrorCode::kNone) << to_hex(mutant);
    }
  }
  EXPECT_GT(mutants_, 1000U);
}

// An answer by one whom the root authorised: of its certificate, with the root's signature again,
// and of everything under the old signatures. The answer is asked by itself: a list, which may be
// there for the responder's own status, says nothing of the card here.
TEST_F(MutantsTest, OfAResponder) {
  const auto serial = parse_certificate(card_).value().serial;
  for (const bool checked : {false, true}) {
    const auto responder =
        pki_.root().issue_authority(responder_spec(checked), test_other_key()).value();
    const auto answer = ocsp_answer({.certificate = card_}, pki_.root(), responder);
    const auto basic = basic_of(answer);
    const auto with_certificate = [&](const Bytes& certificate) {
      auto parts = parts_of(basic);
      parts.at(3) = der_of(0xA0, {der_of(0x30, {certificate})});
      return wrapped_basic(der_of(0x30, parts));
    };
    const auto store = TrustStore::load({{root_}, {}, {crl_}, {}}, rules_).value();
    const auto ask = [&](const Bytes& given) {
      ++mutants_;
      const auto parsed = parse_ocsp_answer(given, rules_.keys);
      if (!parsed) return parsed.error().code;
      SignatureChecks checks(kAnswerTriesMax);
      const auto single = check_ocsp_answer(parsed.value(), store.anchors().at(0), serial, rules_,
                                            test_now(), std::nullopt, checks);
      if (!single) return single.error().code;
      return single.value().status == OcspStatus::kGood ? ErrorCode::kNone
                                                        : ErrorCode::kCardRevoked;
    };
    ASSERT_EQ(ask(answer), ErrorCode::kNone);
    ASSERT_EQ(openssl_ocsp_opinion(answer, root_, card_), "good");
    std::vector<Bytes> mutants = mutants_of(answer);
    for (const auto& tbs : mutants_of(tbs_of(responder.certificate_der()))) {
      mutants.push_back(with_certificate(sign_again(tbs, test_root_key())));
    }
    for (const auto& mutant : mutants) {
      if (ask(mutant) != ErrorCode::kNone) continue;
      ++accepted_;
      EXPECT_EQ(openssl_ocsp_opinion(mutant, root_, card_), "good") << to_hex(mutant);
    }
  }
  EXPECT_GT(mutants_, 8000U);
}

TEST_F(MutantsTest, OfASignature) {
  const auto payload = as_bytes("payload");
  const auto p384 = pki_.root().issue(pki_.card_spec, test_p384_key()).value();
  const auto judged = [&](const Bytes& card, ByteView signature, CardAlgorithm algorithm) {
    ++mutants_;
    const auto view = parse_certificate(card).value();
    return code_of(check_payload_signature(view.spki, algorithm, payload, signature, KeyRules{}));
  };
  const auto ec = test_p384_key().sign(payload).value();
  EXPECT_EQ(judged(p384, ec, CardAlgorithm::kEcdsaP384Sha384), ErrorCode::kNone);
  for (const auto& mutant : mutants_of(ec)) {
    const auto code = judged(p384, mutant, CardAlgorithm::kEcdsaP384Sha384);
    EXPECT_TRUE(code == ErrorCode::kCardSignature || code == ErrorCode::kCardSignatureForm);
  }
  const auto rsa = test_card_key().sign(payload).value();
  EXPECT_EQ(judged(card_, rsa, CardAlgorithm::kRsaPkcs1Sha256), ErrorCode::kNone);
  for (std::size_t i = 0; i < rsa.size(); ++i) {
    auto mutant = rsa;
    mutant[i] ^= 0x01;
    EXPECT_EQ(judged(card_, mutant, CardAlgorithm::kRsaPkcs1Sha256), ErrorCode::kCardSignature);
    mutant = rsa;
    mutant.erase(mutant.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(judged(card_, mutant, CardAlgorithm::kRsaPkcs1Sha256), ErrorCode::kCardSignatureForm);
  }
}

}  // namespace
}  // namespace certrelay
