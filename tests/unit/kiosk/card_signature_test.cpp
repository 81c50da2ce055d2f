// Goal: the softcard signs its own transaction and nothing else, and OpenSSL agrees.
#include "firmware/kiosk/card_signature.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "firmware/kiosk/pki/profiles.hpp"

namespace certrelay {
namespace {

using namespace std::chrono_literals;

const Validity kLong{UtcTime{std::chrono::sys_days{2020y / 1 / 1}},
                     UtcTime{std::chrono::sys_days{2120y / 1 / 1}}};

struct TestCard {
  PkiKey key;
  Softcard card;
};

TestCard make_card(PkiKeyKind kind, CardAlgorithm algorithm) {
  const PkiKey root_key = PkiKey::generate(PkiKeyKind::kEcP256).value();
  const auto root =
      PkiAuthority::self_signed(jpki_root_spec(serial_from(1), kLong), root_key).value();
  const PkiKey key = PkiKey::generate(kind).value();
  const Bytes der = root.issue(jpki_card_spec("見本", serial_from(2), kLong), key).value();
  return {key, {der, algorithm, key.to_pkcs8_pem("").value()}};
}

const TestCard& rsa_card() {
  static const TestCard card = make_card(PkiKeyKind::kRsa2048, CardAlgorithm::kRsaPkcs1Sha256);
  return card;
}

OwnTransaction own_transaction() {
  return {MunicipalityCode::parse("392901").value(),
          TransactionId::parse("0b8f6a52-6f0c-4d3a-9b6e-0d7f3a1c2e45").value(),
          KioskId::parse("KIOSK-01").value(),
          CertificateKind::kJuminhyo,
          UtcTime{std::chrono::sys_days{2026y / 11 / 22} + 12h},
          PeerName::parse("jlis-center").value()};
}

CardPayload payload_of(const OwnTransaction& own) {
  return {own.municipality, own.transaction, own.kiosk, own.kind,
          own.expires_at,   own.peer,        {1, 2, 3}};
}

bool openssl_accepts(const PkiKey& key, const EVP_MD* digest, ByteView payload,
                     ByteView signature) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  return EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key.handle()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), payload.data(),
                          payload.size()) == 1;
}

TEST(CardSignature, VerifiesWithOpenSslForBothAlgorithms) {
  const OwnTransaction own = own_transaction();
  const Bytes payload = card_payload_bytes(payload_of(own));
  const auto rsa = sign_with_card(PresentedSoftcard(rsa_card().card), own, payload);
  ASSERT_TRUE(rsa) << rsa.error().where;
  EXPECT_EQ(rsa.value().card_certificate, rsa_card().card.certificate);
  EXPECT_EQ(rsa.value().algorithm, CardAlgorithm::kRsaPkcs1Sha256);
  EXPECT_EQ(rsa.value().signature.size(), 256U);
  EXPECT_TRUE(openssl_accepts(rsa_card().key, EVP_sha256(), payload, rsa.value().signature));

  const TestCard next = make_card(PkiKeyKind::kEcP384, CardAlgorithm::kEcdsaP384Sha384);
  const auto ec = sign_with_card(PresentedSoftcard(next.card), own, payload);
  ASSERT_TRUE(ec) << ec.error().where;
  EXPECT_TRUE(openssl_accepts(next.key, EVP_sha384(), payload, ec.value().signature));
}

TEST(CardSignature, TakesMillisecondsOfTheExpiryAsTheyStandInThePayload) {
  OwnTransaction own = own_transaction();
  CardPayload payload = payload_of(own);
  payload.expires_at += 999ms;
  EXPECT_TRUE(sign_with_card(PresentedSoftcard(rsa_card().card), own, card_payload_bytes(payload)));
  payload.expires_at += 1ms;
  EXPECT_EQ(sign_with_card(PresentedSoftcard(rsa_card().card), own, card_payload_bytes(payload))
                .error()
                .code,
            ErrorCode::kRefusedBySoftcard);
}

TEST(CardSignature, RefusesEveryOtherTransaction) {
  const OwnTransaction own = own_transaction();
  const auto refused = [&](CardPayload payload) {
    const auto result =
        sign_with_card(PresentedSoftcard(rsa_card().card), own, card_payload_bytes(payload));
    return !result && result.error().code == ErrorCode::kRefusedBySoftcard;
  };
  EXPECT_FALSE(refused(payload_of(own)));
  CardPayload other = payload_of(own);
  other.municipality = MunicipalityCode::parse("131016").value();
  EXPECT_TRUE(refused(other));
  other = payload_of(own);
  other.transaction = TransactionId::parse("0b8f6a52-6f0c-4d3a-9b6e-0d7f3a1c2e46").value();
  EXPECT_TRUE(refused(other));
  other = payload_of(own);
  other.kiosk = KioskId::parse("KIOSK-02").value();
  EXPECT_TRUE(refused(other));
  other = payload_of(own);
  other.kind = CertificateKind::kKisaiJiko;
  EXPECT_TRUE(refused(other));
  other = payload_of(own);
  other.peer = PeerName::parse("somebody-else").value();
  EXPECT_TRUE(refused(other));
}

TEST(CardSignature, RefusesWhatIsNoPayload) {
  const Bytes payload = card_payload_bytes(payload_of(own_transaction()));
  Bytes longer = payload;
  longer.push_back(0);
  Bytes shorter(payload.begin(), payload.end() - 1);
  for (const Bytes& bytes : {longer, shorter, Bytes{}, Bytes(32, 7)}) {
    EXPECT_EQ(
        sign_with_card(PresentedSoftcard(rsa_card().card), own_transaction(), bytes).error().code,
        ErrorCode::kRefusedBySoftcard);
  }
}

TEST(CardSignature, RefusesAKeyOfAnotherAlgorithm) {
  Softcard card = rsa_card().card;
  card.algorithm = CardAlgorithm::kEcdsaP384Sha384;
  const Bytes payload = card_payload_bytes(payload_of(own_transaction()));
  EXPECT_EQ(sign_with_card(PresentedSoftcard(card), own_transaction(), payload).error().code,
            ErrorCode::kKeyUnusable);
  card.private_key_pem = "none";
  EXPECT_EQ(sign_with_card(PresentedSoftcard(card), own_transaction(), payload).error().code,
            ErrorCode::kKeyUnusable);
}

}  // namespace
}  // namespace certrelay
