// The certificate factory that tests and `city create` share: what it writes, OpenSSL reads back.
#include <gtest/gtest.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "firmware/kiosk/pki/profiles.hpp"

namespace certrelay {
namespace {

const UtcTime kNow = parse_rfc3339("2026-11-22T10:00:00Z").value();
const Validity kYear{kNow - std::chrono::hours(24), kNow + std::chrono::hours(24 * 365)};

TEST(PkiFactoryTest, MakesAJpkiCardThatItsRootVerifies) {
  const auto key = PkiKey::generate(PkiKeyKind::kRsa2048).value();
  const auto root = PkiAuthority::self_signed(jpki_root_spec(serial_from(1), kYear), key).value();
  const auto der = root.issue(jpki_card_spec("見本0001", serial_from(2), kYear), key).value();
  const auto* at = der.data();
  const std::unique_ptr<X509, decltype(&X509_free)> x(
      d2i_X509(nullptr, &at, static_cast<long>(der.size())), X509_free);
  ASSERT_TRUE(x);
  EXPECT_EQ(X509_verify(x.get(), key.handle()), 1);
  EXPECT_EQ(X509_get_key_usage(x.get()), static_cast<std::uint32_t>(KU_DIGITAL_SIGNATURE));
  EXPECT_EQ(X509_get_extended_key_usage(x.get()), static_cast<std::uint32_t>(XKU_SSL_CLIENT));
}

TEST(PkiFactoryTest, KeyComesBackFromEncryptedPkcs8AndNotWithAnotherPassphrase) {
  const auto key = PkiKey::generate(PkiKeyKind::kEcP384).value();
  const auto pem = key.to_pkcs8_pem("secret").value();
  EXPECT_NE(pem.find("BEGIN ENCRYPTED PRIVATE KEY"), std::string::npos);
  EXPECT_EQ(PkiKey::from_pkcs8_pem(pem, "secret").value().public_key_der(), key.public_key_der());
  EXPECT_EQ(PkiKey::from_pkcs8_pem(pem, "Secret").error().code, ErrorCode::kMalformed);
  EXPECT_EQ(PkiKey::from_pkcs8_pem(pem, "").error().code, ErrorCode::kMalformed);
}

TEST(PkiFactoryTest, CrlCarriesNumberReasonAndSignature) {
  const auto key = PkiKey::generate(PkiKeyKind::kEcP256).value();
  const auto root = PkiAuthority::self_signed(jpki_root_spec(serial_from(1), kYear), key).value();
  const auto der =
      root.issue_crl({.number = 7,
                      .this_update = kNow,
                      .next_update = kNow + std::chrono::hours(48),
                      .entries = {{serial_from(9), kNow, RevocationReason::kCertificateHold}},
                      .more = {}})
          .value();
  const auto* at = der.data();
  const std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)> crl(
      d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())), X509_CRL_free);
  ASSERT_TRUE(crl);
  EXPECT_EQ(X509_CRL_verify(crl.get(), key.handle()), 1);
  EXPECT_EQ(sk_X509_REVOKED_num(X509_CRL_get_REVOKED(crl.get())), 1);
}

TEST(PkiFactoryTest, RefusesASerialOfZeroOrOver20Octets) {
  const auto key = PkiKey::generate(PkiKeyKind::kEcP256).value();
  const auto made = [&](Bytes serial) {
    return PkiAuthority::self_signed(jpki_root_spec(std::move(serial), kYear), key);
  };
  EXPECT_FALSE(made({0}).has_value());
  EXPECT_TRUE(made(Bytes(20, 0x11)).has_value());
  EXPECT_FALSE(made(Bytes(21, 0x11)).has_value());
}

TEST(PkiFactoryTest, SerialsHaveEightPositiveOctets) {
  EXPECT_EQ(to_hex(serial_from(1)), "4000000000000001");
  EXPECT_EQ(to_hex(serial_from(~0ULL)), "7fffffffffffffff");
}

}  // namespace
}  // namespace certrelay
