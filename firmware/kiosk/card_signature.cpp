#include "firmware/kiosk/card_signature.hpp"

#include <openssl/evp.h>

#include "firmware/kiosk/pki/key.hpp"

namespace certrelay {
namespace {

Result<void> check_payload(const OwnTransaction& own, ByteView payload) {
  const auto read = parse_card_payload(payload);
  if (!read) return Error{ErrorCode::kRefusedBySoftcard, "the payload is not one"};
  const CardPayloadView& view = read.value();
  if (std::chrono::floor<std::chrono::seconds>(view.expires_at) != own.expires_at) {
    return Error{ErrorCode::kRefusedBySoftcard, "the payload expires at another time"};
  }
  const Bytes rebuilt = card_payload_bytes({own.municipality, own.transaction, own.kiosk, own.kind,
                                            view.expires_at, own.peer, view.challenge});
  if (!std::equal(rebuilt.begin(), rebuilt.end(), payload.begin(), payload.end())) {
    return Error{ErrorCode::kRefusedBySoftcard, "the payload is not of this transaction"};
  }
  return ok();
}

Result<PkiKey> key_of(const Softcard& card) {
  auto key = PkiKey::from_pkcs8_pem(card.private_key_pem, "");
  const int wanted = card.algorithm == CardAlgorithm::kRsaPkcs1Sha256 ? EVP_PKEY_RSA : EVP_PKEY_EC;
  if (!key || EVP_PKEY_get_base_id(key.value().handle()) != wanted) {
    return Error{ErrorCode::kKeyUnusable, "softcard"};
  }
  return key;
}

}  // namespace

Result<Bytes> PresentedSoftcard::sign(ByteView payload) const {
  CERTRELAY_TRY(const PkiKey key, key_of(card_));
  return key.sign(payload);
}

Result<InquiryRequest> sign_with_card(const PresentedCard& card, const OwnTransaction& own,
                                      ByteView payload) {
  CERTRELAY_TRY(check_payload(own, payload));
  CERTRELAY_TRY(Bytes signature, card.sign(payload));
  return InquiryRequest{card.certificate(), std::move(signature), card.algorithm()};
}

}  // namespace certrelay
