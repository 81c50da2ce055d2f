// Goal: no mutant of a certificate, a list, an OCSP answer or a signature is accepted by us and
// refused by OpenSSL, none crashes, none takes a second. Method: every TLV, in encapsulating
// strings too, is changed in its type, its length and its value; the mutant is signed again, so
// that it is judged for what it says, and judged once more under the old signature, which must
// never pass.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

#include "tests/support/openssl_opinion.hpp"
#include "tests/support/test_ocsp.hpp"

namespace certrelay {
namespace {

struct Place {
  std::size_t tag, length, content, end;
};

// Every TLV in `bytes` from `begin` on, inner ones too, wherever the content reads as DER.
void find_places(const Bytes& bytes, std::size_t begin, std::size_t end, std::vector<Place>& out) {
  while (begin < end) {
    DerReader in(ByteView(bytes).subspan(begin, end - begin), ErrorCode::kMalformed);
    DerValue value;
    if (!in.read(value)) return;
    const auto content = begin + value.whole.size() - value.content.size();
    const auto stop = begin + value.whole.size();
    out.push_back({begin, begin + 1, content, stop});
    find_places(bytes, value.tag == 0x03 ? content + 1 : content, stop, out);
    begin = stop;
  }
}

constexpr std::array<std::uint8_t, 6> kTagMasks{0x01, 0x02, 0x20, 0x40, 0x80, 0x1F};
constexpr std::array<std::uint8_t, 7> kLengths{0x00, 0x01, 0x7F, 0x80, 0x81, 0x84, 0xFF};
constexpr std::array<std::uint8_t, 3> kValueMasks{0x01, 0x80, 0xFF};

std::vector<Bytes> mutants_of(const Bytes& bytes) {
  std::vector<Place> places;
  find_places(bytes, 0, bytes.size(), places);
  std::vector<Bytes> out;
  const auto change = [&](std::size_t at, std::uint8_t to) {
    if (at >= bytes.size() || bytes[at] == to) return;
    auto mutant = bytes;
    mutant[at] = to;
    out.push_back(std::move(mutant));
  };
  const auto flip = [&](std::size_t at, std::uint8_t mask) { change(at, bytes[at] ^ mask); };
  for (const auto& place : places) {
    for (const auto mask : kTagMasks) flip(place.tag, mask);
    for (const auto to : kLengths) change(place.length, to);
    change(place.length, static_cast<std::uint8_t>(bytes[place.length] + 1));
    change(place.length, static_cast<std::uint8_t>(bytes[place.length] - 1));
    if (place.content == place.end) continue;
    for (const auto mask : kValueMasks) {
      flip(place.content, mask);
      flip(place.end - 1, mask);
      flip((place.content + place.end) / 2, mask);
    }
  }
  return out;
}

class MutantsTest : public testing::Test {
 protected:
  ErrorCode ours(const Bytes& card, const Bytes& crl, const std::vector<Bytes>& ocsp = {}) {
    timespec begin{}, end{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
    auto rules = PathRules::for_jpki({oid_});
    const auto store = TrustStore::load(
        {{root_}, {}, crl.empty() ? std::vector<Bytes>{} : std::vector<Bytes>{crl}, ocsp}, rules);
    auto code = store ? ErrorCode::kNone : store.error().code;
    if (store) {
      const auto view = parse_certificate(card);
      code = code_of(view);
      if (view) code = code_of(CardPublicKey::from_spki(view.value().spki, rules.keys));
      if (code == ErrorCode::kNone) {
        code = code_of(validate_path(store.value(), view.value(), rules, test_now()));
      }
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    const double seconds = static_cast<double>(end.tv_sec - begin.tv_sec) +
                           static_cast<double>(end.tv_nsec - begin.tv_nsec) / 1e9;
    slowest_ = std::max(slowest_, seconds);
    return code;
  }
  std::string theirs(const Bytes& card, const Bytes& crl) const {
    return openssl_opinion({.anchors = {root_},
                            .intermediates = {},
                            .lists = {crl},
                            .leaf = card,
                            .policies = {std::string(kDefaultCardPolicy)},
                            .explicit_policy = true});
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
  std::size_t mutants_ = 0, accepted_ = 0;
  double slowest_ = 0;
};

TEST_F(MutantsTest, OfACertificate) {
  ASSERT_EQ(ours(card_, crl_), ErrorCode::kNone);
  for (const auto& tbs : mutants_of(tbs_of(card_))) {
    ++mutants_;
    const auto mutant = sign_again(tbs, test_root_key());
    if (ours(mutant, crl_) != ErrorCode::kNone) continue;
    ++accepted_;
    EXPECT_EQ(theirs(mutant, crl_), "ok") << to_hex(mutant);
  }
  for (const auto& mutant : mutants_of(card_)) {
    ++mutants_;
    EXPECT_NE(ours(mutant, crl_), ErrorCode::kNone) << to_hex(mutant);
  }
  EXPECT_GT(mutants_, 2000U);
}

TEST_F(MutantsTest, OfAList) {
  pki_.crl_spec.entries.push_back(
      {serial_from(100), test_now(), RevocationReason::kCertificateHold});
  const auto revoking = pki_.crl();
  ASSERT_EQ(ours(card_, revoking), ErrorCode::kCardOnHold);
  for (const auto& list : {crl_, revoking}) {
    for (const auto& tbs : mutants_of(tbs_of(list))) {
      ++mutants_;
      const auto mutant = sign_again(tbs, test_root_key());
      if (ours(card_, mutant) != ErrorCode::kNone) continue;
      ++accepted_;
      EXPECT_EQ(theirs(card_, mutant), "ok") << to_hex(mutant);
    }
    for (const auto& mutant : mutants_of(list)) {
      ++mutants_;
      EXPECT_NE(ours(card_, mutant), ErrorCode::kNone) << to_hex(mutant);
    }
  }
  EXPECT_GT(mutants_, 2000U);
}

// OCSPResponse { status, [0] { SEQUENCE { type, OCTET STRING { basic } } } }.
Bytes wrapped_basic(const Bytes& basic) {
  const auto type = from_hex("06092b0601050507300101").value();
  return der_of(0x30,
                {{0x0A, 0x01, 0x00}, der_of(0xA0, {der_of(0x30, {type, der_of(0x04, {basic})})})});
}

TEST_F(MutantsTest, OfAnOcspAnswer) {
  OcspSpec spec{.certificate = card_};
  spec.write_certificate = false;
  for (const auto status : {OcspStatus::kGood, OcspStatus::kRevoked}) {
    spec.status = status;
    const auto answer = ocsp_answer(spec, pki_.root(), pki_.root());
    const auto basic = parts_of(parts_of(parts_of(answer).at(1)).at(0)).at(1);
    const Bytes inner(basic.begin() + static_cast<std::ptrdiff_t>(basic.size() > 129 ? 4 : 2),
                      basic.end());
    const auto tbs = parts_of(inner).at(0);
    ASSERT_EQ(ours(card_, {}, {wrapped_basic(sign_again(tbs, test_root_key()))}),
              status == OcspStatus::kGood ? ErrorCode::kNone : ErrorCode::kCardRevoked);
    for (const auto& changed : mutants_of(tbs)) {
      ++mutants_;
      const auto mutant = wrapped_basic(sign_again(changed, test_root_key()));
      if (ours(card_, {}, {mutant}) != ErrorCode::kNone) continue;
      ++accepted_;
      EXPECT_EQ(openssl_ocsp_opinion(mutant, root_, card_), "good") << to_hex(mutant);
    }
    for (const auto& mutant : mutants_of(answer)) {
      ++mutants_;
      EXPECT_NE(ours(card_, {}, {mutant}), ErrorCode::kNone) << to_hex(mutant);
    }
  }
  EXPECT_GT(mutants_, 1000U);
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
    EXPECT_EQ(judged(p384, mutant, CardAlgorithm::kEcdsaP384Sha384), ErrorCode::kCardSignature);
  }
  const auto rsa = test_card_key().sign(payload).value();
  EXPECT_EQ(judged(card_, rsa, CardAlgorithm::kRsaPkcs1Sha256), ErrorCode::kNone);
  for (std::size_t i = 0; i < rsa.size(); ++i) {
    auto mutant = rsa;
    mutant[i] ^= 0x01;
    EXPECT_EQ(judged(card_, mutant, CardAlgorithm::kRsaPkcs1Sha256), ErrorCode::kCardSignature);
    mutant = rsa;
    mutant.erase(mutant.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(judged(card_, mutant, CardAlgorithm::kRsaPkcs1Sha256), ErrorCode::kCardSignature);
  }
}

}  // namespace
}  // namespace certrelay
