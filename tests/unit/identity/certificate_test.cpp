// What the leaf decoder refuses before any signature is looked at.
#include "relay/identity/certificate.hpp"

#include <gtest/gtest.h>

#include "relay/identity/reasons.hpp"
#include "tests/support/test_pki.hpp"

namespace certrelay {
namespace {

// Parts of a v3 TBSCertificate.
enum Part { kVersion, kSerial, kAlgorithm, kIssuer, kValidity, kSubject, kSpki, kExtensions };

// The good card with one part of its signed part replaced, or left out when `with` is empty.
Bytes card_with(Part part, const Bytes& with) {
  const TestPki pki;
  auto parts = parts_of(tbs_of(pki.card()));
  parts.at(part) = with;
  return sign_again(der_of(0x30, parts), test_root_key());
}

ErrorCode parse_code(ByteView der) { return code_of(parse_certificate(der)); }

TEST(CertificateTest, RefusesOtherVersions) {
  EXPECT_EQ(parse_code(card_with(kVersion, {})), ErrorCode::kCertificateVersion);
  EXPECT_EQ(parse_code(card_with(kVersion, {0xA0, 0x03, 0x02, 0x01, 0x01})),
            ErrorCode::kCertificateVersion);
  EXPECT_EQ(parse_code(card_with(kVersion, {0xA0, 0x03, 0x02, 0x01, 0x02})), ErrorCode::kNone);
}

TEST(CertificateTest, SerialIsPositiveAndAtMost20Octets) {
  const auto with = [](Bytes content) {
    return parse_code(card_with(kSerial, der_of(0x02, {std::move(content)})));
  };
  EXPECT_EQ(with({0x00}), ErrorCode::kCertificateSerial);
  EXPECT_EQ(with({0x80}), ErrorCode::kCertificateSerial);
  EXPECT_EQ(with({0x00, 0x7F}), ErrorCode::kCertificateSerial);  // not the shortest form
  EXPECT_EQ(with({0x00, 0x80}), ErrorCode::kNone);
  EXPECT_EQ(with(Bytes(20, 0x11)), ErrorCode::kNone);
  EXPECT_EQ(with(Bytes(21, 0x11)), ErrorCode::kCertificateSerial);
}

TEST(CertificateTest, RefusesAlgorithmsThatDiffer) {
  const auto sha384 = from_hex("300d06092a864886f70d01010c0500").value();
  EXPECT_EQ(parse_code(card_with(kAlgorithm, sha384)), ErrorCode::kCertificateAlgorithmsDiffer);
}

TEST(CertificateTest, RefusesBrokenForm) {
  const TestPki pki;
  auto card = pki.card();
  EXPECT_EQ(parse_code({}), ErrorCode::kCertificateMalformed);
  EXPECT_EQ(parse_code(ByteView(card).first(card.size() - 1)), ErrorCode::kCertificateMalformed);
  card.push_back(0);
  EXPECT_EQ(parse_code(card), ErrorCode::kCertificateMalformed);
  EXPECT_EQ(parse_code(card_with(kIssuer, {0x30, 0x00})), ErrorCode::kCertificateMalformed);
  EXPECT_EQ(parse_code(card_with(kValidity, {0x30, 0x00})), ErrorCode::kCertificateMalformed);
  // issuerUniqueID [1], of no whole octets
  EXPECT_EQ(parse_code(card_with(kExtensions, {0x81, 0x02, 0x01, 0x01})),
            ErrorCode::kCertificateMalformed);
  EXPECT_EQ(parse_code(Bytes(kCertificateBytesMax + 1, 0x30)), ErrorCode::kCertificateMalformed);
}

TEST(CertificateTest, BoundsTheNumberOfExtensions) {
  const auto with = [](std::size_t count) {
    std::vector<Bytes> list;
    for (std::size_t i = 0; i < count; ++i) {
      const auto octet = static_cast<std::uint8_t>(i);
      list.push_back(der_of(0x30, {{0x06, 0x03, 0x2A, 0x03, octet}, {0x04, 0x00}}));
    }
    return parse_code(card_with(kExtensions, der_of(0xA3, {der_of(0x30, list)})));
  };
  EXPECT_EQ(with(0), ErrorCode::kCertificateMalformed);
  EXPECT_EQ(with(kExtensionsMax), ErrorCode::kNone);
  EXPECT_EQ(with(kExtensionsMax + 1), ErrorCode::kCertificateMalformed);
}

TEST(CertificateTest, RefusesExtensionsOfBrokenValue) {
  const auto with = [](std::uint8_t id, std::string_view value, bool critical = true) {
    std::vector<Bytes> parts{{0x06, 0x03, 0x55, 0x1D, id}};
    if (critical) parts.push_back({0x01, 0x01, 0xFF});
    parts.push_back(der_of(0x04, {from_hex(value).value()}));
    return parse_code(card_with(kExtensions, der_of(0xA3, {der_of(0x30, {der_of(0x30, parts)})})));
  };
  constexpr auto kBad = ErrorCode::kCertificateExtensionMalformed;
  EXPECT_EQ(with(19, "30030101ff"), ErrorCode::kNone);  // basic constraints, CA true
  EXPECT_EQ(with(19, "3003010101"), kBad);              // a BOOLEAN of 01
  EXPECT_EQ(with(19, "3003020100"), kBad);              // a leaf with a path length
  EXPECT_EQ(with(19, "30030101ff00"), kBad);            // trailing bytes
  EXPECT_EQ(with(15, "03020780"), ErrorCode::kNone);    // key usage
  EXPECT_EQ(with(15, "03020781"), kBad);                // padding bits set
  EXPECT_EQ(with(15, "03020700"), kBad);                // no usage
  EXPECT_EQ(with(15, "030107"), kBad);
  EXPECT_EQ(with(15, "030405800000"), kBad);
  EXPECT_EQ(with(32, "3000"), kBad);                       // policies: none
  EXPECT_EQ(with(32, "300a300306012a300306012a"), kBad);   // policies: twice the same
  EXPECT_EQ(with(37, "3000"), kBad);                       // extended key usage: none
  EXPECT_EQ(with(14, "0401aa", false), ErrorCode::kNone);  // subject key identifier
  EXPECT_EQ(with(14, "0401aa", true), kBad);               // must not be critical
  EXPECT_EQ(with(54, "0201ff"), kBad);                     // inhibit any policy: negative
}

TEST(PublicKeyTest, RsaIsBounded) {
  const auto parts = parts_of(test_card_key().public_key_der());
  const auto key = parts_of(Bytes(parts[1].begin() + 5, parts[1].end()));  // in the BIT STRING
  const auto with = [&](const Bytes& modulus, const Bytes& exponent) {
    const auto inner = der_of(0x30, {der_of(0x02, {modulus}), der_of(0x02, {exponent})});
    const auto spki = der_of(0x30, {parts[0], der_of(0x03, {{0x00}, inner})});
    return code_of(CardPublicKey::from_spki(spki, KeyRules{}));
  };
  const Bytes modulus(key[0].begin() + 4, key[0].end());
  constexpr auto kBounds = ErrorCode::kPublicKeyOutOfBounds;
  EXPECT_EQ(with(modulus, {0x01, 0x00, 0x01}), ErrorCode::kNone);
  EXPECT_EQ(with(modulus, {0x03}), kBounds);
  EXPECT_EQ(with(modulus, {0x01, 0x00, 0x02}), kBounds);
  EXPECT_EQ(with(modulus, {0x00, 0xFF, 0xFF}), kBounds);
  EXPECT_EQ(with(modulus, {0x00, 0xFF, 0xFF, 0xFF, 0xFF}), ErrorCode::kNone);
  EXPECT_EQ(with(modulus, {0x01, 0x00, 0x00, 0x00, 0x01}), kBounds);
  auto even = modulus;
  even.back() &= 0xFE;
  EXPECT_EQ(with(even, {0x01, 0x00, 0x01}), kBounds);
  const Bytes shorter(modulus.begin() + 2, modulus.end());
  EXPECT_NE(with(shorter, {0x01, 0x00, 0x01}), ErrorCode::kNone);
  auto longer = modulus;
  longer.insert(longer.begin() + 1, 0x01);
  EXPECT_EQ(with(longer, {0x01, 0x00, 0x01}), kBounds);
}

TEST(PublicKeyTest, APointMustBeOnTheCurve) {
  auto spki = test_p384_key().public_key_der();
  EXPECT_EQ(code_of(CardPublicKey::from_spki(spki, KeyRules{})), ErrorCode::kNone);
  spki.back() ^= 1;
  EXPECT_EQ(code_of(CardPublicKey::from_spki(spki, KeyRules{})), ErrorCode::kPublicKeyOutOfBounds);
}

TEST(PublicKeyTest, RefusesSha1AndOtherAlgorithmsOfCertificates) {
  const auto code = [](std::string_view hex, const KeyRules& rules) {
    return code_of(
        parse_signature_algorithm(from_hex(hex).value(), rules, ErrorCode::kCertificateAlgorithm));
  };
  const auto wide = PathRules::for_rfc5280().keys;
  EXPECT_EQ(code("300d06092a864886f70d0101050500", wide), ErrorCode::kCertificateAlgorithm);
  EXPECT_EQ(code("300d06092a864886f70d01010d0500", wide), ErrorCode::kNone);
  EXPECT_EQ(code("300d06092a864886f70d01010d0500", {}), ErrorCode::kCertificateAlgorithm);
  EXPECT_EQ(code("300b06092a864886f70d01010b", wide), ErrorCode::kCertificateAlgorithm);
}

// Every reason has a text of its own, and REASONS.md's texts are the table's.
TEST(ReasonsTest, TextsAreStableAndDistinct) {
  std::vector<std::string_view> texts;
  std::vector<int> codes;
  for (const auto& [first, last] :
       {std::pair{100, 172}, std::pair{180, 182}, std::pair{190, 194}}) {
    for (int code = first; code <= last; ++code) codes.push_back(code);
  }
  for (const int code : codes) {
    const auto text = reason_text(static_cast<ErrorCode>(code));
    EXPECT_NE(text, "other") << code;
    EXPECT_EQ(std::count(texts.begin(), texts.end(), text), 0) << text;
    texts.push_back(text);
  }
  EXPECT_EQ(reason_text(ErrorCode::kCardOnHold), "card_on_hold");
  EXPECT_EQ(reason_text(ErrorCode::kMalformed), "other");
}

}  // namespace
}  // namespace certrelay
