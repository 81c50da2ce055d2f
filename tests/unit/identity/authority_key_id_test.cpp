// Goal: an authority key identifier that names another certificate than the issuer's leads nowhere,
// and one that cannot be read is refused. Method: the good card's and list's identifier is written
// anew and signed again. What we accept, OpenSSL accepts.
#include <gtest/gtest.h>

#include "relay/identity/path.hpp"
#include "tests/support/openssl_opinion.hpp"
#include "tests/support/test_pki.hpp"

namespace certrelay {
namespace {

const Bytes kAuthorityKeyIdOid{0x06, 0x03, 0x55, 0x1D, 0x23};

class AuthorityKeyIdTest : public testing::TestWithParam<bool> {
 protected:
  ErrorCode verdict(const Bytes& card, const Bytes& crl) const {
    auto rules = GetParam() ? PathRules::for_jpki({{0x2A, 0x83, 0x08, 0x8C, 0x9B, 0x55, 0x08, 0x05,
                                                    0x01, 0x03, 0x1E}})
                            : PathRules::for_rfc5280();
    const auto store = TrustStore::load({{root_}, {}, {crl}}, rules);
    if (!store) return store.error().code;
    const auto view = parse_certificate(card);
    if (!view) return view.error().code;
    const auto code = code_of(validate_path(store.value(), view.value(), rules, test_now()));
    if (code == ErrorCode::kNone) {
      EXPECT_EQ(openssl_opinion({.anchors = {root_}, .lists = {crl}, .leaf = card}), "ok");
    }
    return code;
  }
  ErrorCode card(const Bytes& value) const {
    return verdict(with_extension_value(card_, kAuthorityKeyIdOid, value), crl_);
  }
  ErrorCode list(const Bytes& value) const {
    return verdict(card_, with_extension_value(crl_, kAuthorityKeyIdOid, value));
  }
  // The root's own key, then what is given.
  Bytes naming(const std::vector<Bytes>& names, const Bytes& serial) const {
    return der_of(0x30, {key_, der_of(0xA1, names), der_of(0x82, {serial})});
  }
  static Bytes directory(ByteView name) { return der_of(0xA4, {Bytes(name.begin(), name.end())}); }

  TestPki pki_;
  Bytes root_ = pki_.root().certificate_der();
  CertificateView view_ = parse_certificate(root_).value();
  Bytes serial_{view_.serial.begin(), view_.serial.end()};
  Bytes card_ = pki_.card();
  Bytes crl_ = pki_.crl();
  Bytes key_ = der_of(0x80, {Bytes(view_.subject_key_id->begin(), view_.subject_key_id->end())});
  Bytes own_ = directory(view_.issuer);
  Bytes other_ = directory(parse_certificate(card_).value().subject);
  Bytes uri_ = der_of(0x86, {Bytes{'a', ':', 'b'}});
};

TEST_P(AuthorityKeyIdTest, TheIssuersOwnNameAndSerialArePassed) {
  EXPECT_EQ(card(der_of(0x30, {key_})), ErrorCode::kNone);
  EXPECT_EQ(card(naming({own_}, serial_)), ErrorCode::kNone);
  EXPECT_EQ(card(naming({uri_, own_}, serial_)), ErrorCode::kNone);
  EXPECT_EQ(list(naming({own_}, serial_)), ErrorCode::kNone);
}

TEST_P(AuthorityKeyIdTest, AnotherCertificateIsNotTheIssuer) {
  constexpr auto kAnother = ErrorCode::kIssuerKeyDiffers;
  EXPECT_EQ(card(naming({own_}, {0x02})), kAnother);
  EXPECT_EQ(card(naming({other_}, serial_)), kAnother);
  EXPECT_EQ(card(naming({own_, other_}, serial_)), kAnother);
  EXPECT_EQ(card(naming({other_, own_}, serial_)), kAnother);
  EXPECT_EQ(card(naming({uri_}, serial_)), kAnother);
  EXPECT_EQ(card(der_of(0x30, {der_of(0xA1, {own_}), {0x82, 0x01, 0x02}})), kAnother);
}

TEST_P(AuthorityKeyIdTest, AListOfAnotherCertificateIsNotTheIssuers) {
  EXPECT_EQ(list(naming({own_}, {0x02})), ErrorCode::kCrlSignature);
  EXPECT_EQ(list(naming({other_}, serial_)), ErrorCode::kCrlSignature);
}

TEST_P(AuthorityKeyIdTest, WhatCannotBeReadIsRefused) {
  const std::vector<Bytes> broken{
      naming({{0xFF, 0xFF, 0xFF}}, serial_),
      naming({}, serial_),
      naming({own_}, {}),
      naming({own_}, {0x00}),
      naming({own_}, {0xFF}),
      naming({own_}, {0x00, 0x01}),
      naming({own_}, Bytes(21, 0x11)),
      naming({{0x86, 0x01, 0xE3}}, serial_),
      der_of(0x30, {key_, der_of(0xA1, {own_})}),
      der_of(0x30, {key_, {0x82, 0x01, 0x01}}),
      der_of(0x30, {key_, {0x82, 0x01, 0x01}, der_of(0xA1, {own_})}),
  };
  for (const auto& value : broken) {
    EXPECT_EQ(card(value), ErrorCode::kCertificateExtensionMalformed) << to_hex(value);
    EXPECT_EQ(list(value), ErrorCode::kCrlMalformed) << to_hex(value);
  }
}

INSTANTIATE_TEST_SUITE_P(Profiles, AuthorityKeyIdTest, testing::Bool(),
                         [](const auto& of) { return of.param ? "jpki" : "rfc5280"; });

}  // namespace
}  // namespace certrelay
