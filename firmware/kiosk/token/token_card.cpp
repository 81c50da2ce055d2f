#include "firmware/kiosk/token/token_card.hpp"

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include <algorithm>
#include <iterator>

#include "firmware/kiosk/token/card_session.hpp"
#include "relay/identity/card_verifier.hpp"
#include "relay/identity/certificate.hpp"

namespace certrelay {

// The module outlives the session on it.
class TokenSignature {
 public:
  TokenSignature(TokenModule module_loaded, CK_OBJECT_HANDLE private_key, CardSession logged_in)
      : module_(std::move(module_loaded)), key_(private_key), session_(std::move(logged_in)) {}

  Result<Bytes> sign(CK_MECHANISM_TYPE how, Bytes data) const {
    return session_.sign(key_, how, std::move(data));
  }

 private:
  TokenModule module_;
  CK_OBJECT_HANDLE key_;
  CardSession session_;
};

namespace {

// A certificate that a resident could present, and where it lies.
struct FoundCard {
  const TokenSlot* slot;
  CardSession session;
  Bytes certificate;
  Bytes id;  // CKA_ID, which its key shares
  CardAlgorithm algorithm;
};

Error unavailable(const char* how_to_mend) { return {ErrorCode::kTokenUnavailable, how_to_mend}; }
Error objects(const char* how_to_mend) { return {ErrorCode::kTokenObjects, how_to_mend}; }

// A JPKI card holds four certificates: two of the person, of which one signs documents, and two
// of authorities. Only one of them may be presented.
std::optional<CardAlgorithm> algorithm_of_presentable(ByteView der) {
  const auto view = parse_certificate(der);
  if (!view || !view.value().key_usage ||
      view.value().key_usage->bits != key_usage::kDigitalSignature ||
      (view.value().basic_constraints && view.value().basic_constraints->is_authority)) {
    return {};
  }
  const auto key = CardPublicKey::from_spki(view.value().spki, KeyRules{});
  if (!key) return {};
  for (const auto algorithm : {CardAlgorithm::kRsaPkcs1Sha256, CardAlgorithm::kEcdsaP384Sha384}) {
    if (key.value().fits(signature_algorithm_of(algorithm))) return algorithm;
  }
  return {};
}

// Adds what the slot shows without a PIN.
Result<void> look_into(const CK_FUNCTION_LIST& calls, const TokenSlot& slot,
                       std::vector<FoundCard>& found) {
  CERTRELAY_TRY(auto first, CardSession::open(calls, slot.id));
  CERTRELAY_TRY(const auto certificates, first.find(CKO_CERTIFICATE, nullptr));
  for (const auto object : certificates) {
    const auto der = first.attribute(object, CKA_VALUE);
    const auto id = first.attribute(object, CKA_ID);
    if (!der || !id) continue;
    const auto algorithm = algorithm_of_presentable(der.value());
    if (!algorithm) continue;
    CERTRELAY_TRY(auto session, CardSession::open(calls, slot.id));
    found.push_back({&slot, std::move(session), der.value(), id.value(), *algorithm});
  }
  return ok();
}

// One slot that cannot be read hides no card in another.
Result<std::vector<FoundCard>> look_for_cards(const CK_FUNCTION_LIST& calls,
                                              const std::vector<TokenSlot>& slots,
                                              const std::string& label) {
  std::vector<FoundCard> found;
  Error why = label.empty()
                  ? unavailable(
                        "token: none is at a reader; put the card on it, and see that "
                        "pcscd runs")
                  : unavailable("token: none has that label; `pkcs11-tool -L` lists them");
  bool looked = false;
  for (const auto& slot : slots) {
    const bool is_filled = (slot.flags & CKF_TOKEN_INITIALIZED) != 0;
    if (!is_filled || (!label.empty() && slot.label != label)) continue;
    const auto done = look_into(calls, slot, found);
    if (done) {
      looked = true;
    } else if (!looked) {
      why = done.error();
    }
  }
  if (!looked && found.empty()) return why;
  return found;
}

Result<void> log_in(const FoundCard& card, const TokenCard::AskPin& ask) {
  const auto flags = card.slot->flags;
  if ((flags & CKF_USER_PIN_LOCKED) != 0) {
    return Error{ErrorCode::kTokenPin,
                 "PIN: blocked after too many wrong ones; the municipality's window resets it"};
  }
  if ((flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0) return card.session.log_in(nullptr);
  const bool last = (flags & CKF_USER_PIN_FINAL_TRY) != 0;
  CERTRELAY_TRY(auto pin, ask("PIN (" + card.slot->label +
                              (last ? ", the last try before it is blocked): " : "): ")));
  return card.session.log_in(&pin);
}

// DigestInfo of SHA-256 (RFC 8017 §9.2, note 1): what CKM_RSA_PKCS pads and signs. Every card can
// do this one; not every module hashes by itself.
Bytes digest_info(ByteView payload) {
  Bytes out{0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
            0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
  const auto digest = sha256(payload);
  out.insert(out.end(), digest.begin(), digest.end());
  return out;
}

Result<Bytes> sha384(ByteView payload) {
  Bytes out(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  if (EVP_Digest(payload.data(), payload.size(), out.data(), &size, EVP_sha384(), nullptr) != 1) {
    return Error{ErrorCode::kInternal, "token: SHA-384"};
  }
  out.resize(size);
  return out;
}

// PKCS#11 gives r and s side by side; the wire has them in DER (RFC 3279 §2.2.3).
Result<Bytes> ecdsa_der(ByteView pair) {
  const Error bad{ErrorCode::kTokenObjects, "token: no ECDSA signature"};
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> signature(ECDSA_SIG_new(),
                                                                        ECDSA_SIG_free);
  if (!signature || pair.empty() || pair.size() % 2 != 0) return bad;
  const int half = static_cast<int>(pair.size() / 2);
  auto* r = BN_bin2bn(pair.data(), half, nullptr);
  auto* s = BN_bin2bn(pair.data() + half, half, nullptr);
  if (ECDSA_SIG_set0(signature.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return bad;
  }
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  if (size <= 0) return bad;
  Bytes out(der, der + size);
  OPENSSL_free(der);
  return out;
}

}  // namespace

TokenCard::TokenCard(std::unique_ptr<TokenSignature> session, Bytes certificate,
                     CardAlgorithm algorithm)
    : session_(std::move(session)), certificate_(std::move(certificate)), algorithm_(algorithm) {}
TokenCard::~TokenCard() = default;

Result<std::unique_ptr<TokenCard>> TokenCard::open(const TokenChoice& choice, const AskPin& ask) {
  auto module = TokenModule::load(choice.module);
  if (!module) {
    return unavailable(
        "token: no PKCS#11 module of that path; for a My Number card it is "
        "opensc-pkcs11.so of Debian's opensc-pkcs11");
  }
  const auto slots = module.value().slots();
  if (!slots) return unavailable("token: the module finds no reader; see that pcscd runs");
  CERTRELAY_TRY(auto found, look_for_cards(module.value().calls(), slots.value(), choice.label));
  if (found.empty()) {
    return objects("token: no certificate of authentication on it; is this the right card?");
  }
  if (found.size() > 1) {
    return objects("token: several certificates of authentication; choose with --token-label");
  }
  auto& card = found.front();
  CERTRELAY_TRY(log_in(card, ask));
  CERTRELAY_TRY(const auto keys, card.session.find(CKO_PRIVATE_KEY, &card.id));
  if (keys.size() != 1) return objects("token: not exactly one key of the certificate's CKA_ID");
  auto signature = std::make_unique<TokenSignature>(std::move(module).value(), keys.front(),
                                                    std::move(card.session));
  return std::make_unique<TokenCard>(std::move(signature), std::move(card.certificate),
                                     card.algorithm);
}

Result<Bytes> TokenCard::sign(ByteView payload) const {
  Bytes signature;
  if (algorithm_ == CardAlgorithm::kRsaPkcs1Sha256) {
    CERTRELAY_TRY(signature, session_->sign(CKM_RSA_PKCS, digest_info(payload)));
  } else {
    CERTRELAY_TRY(auto digest, sha384(payload));
    CERTRELAY_TRY(const auto pair, session_->sign(CKM_ECDSA, std::move(digest)));
    CERTRELAY_TRY(signature, ecdsa_der(pair));
  }
  CERTRELAY_TRY(const auto view, parse_certificate(certificate_));
  if (!check_payload_signature(view.spki, algorithm_, payload, signature, KeyRules{})) {
    return objects("token: its key is not its certificate's");
  }
  return signature;
}

}  // namespace certrelay
