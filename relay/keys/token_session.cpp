#include "relay/keys/token_session.hpp"

#include <algorithm>
#include <array>

namespace certrelay {
namespace {

constexpr std::size_t kObjectsMax = 16;
constexpr CK_ULONG kTagBits = 8 * kSealTagSize;
constexpr CK_ULONG kNonceBits = 8 * kSealNonceSize;

const Error kFailed{ErrorCode::kTokenFailed, "token: a call failed"};
const Error kUnusableToken{ErrorCode::kTokenUnusable, "token: module, token or PIN"};

template <class T>
CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, T& value) {
  return {type, &value, sizeof(value)};
}

// PKCS#11 takes everything by pointers that are not const and writes to none of these.
CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, Bytes& value) {
  return {type, value.data(), value.size()};
}
CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, std::string& value) {
  return {type, value.data(), value.size()};
}

CK_GCM_PARAMS gcm(Bytes& nonce, Bytes& context) {
  return {nonce.data(), nonce.size(), kNonceBits, context.data(), context.size(), kTagBits};
}

}  // namespace

Result<std::unique_ptr<TokenSession>> TokenSession::open(const TokenSettings& settings) {
  CERTRELAY_TRY(auto module, TokenModule::load(settings.module));
  auto out = std::make_unique<TokenSession>(std::move(module), settings.label);
  CERTRELAY_TRY(const auto slot, out->slot_of(settings.token));
  CERTRELAY_TRY(out->log_in(slot, settings.pin));
  return out;
}

TokenSession::~TokenSession() {
  // Nothing to report: no call follows.
  if (session_) static_cast<void>(calls_->C_CloseSession(*session_));
}

Result<CK_SLOT_ID> TokenSession::slot_of(const std::string& token) const {
  CERTRELAY_TRY(const auto slots, module_.slots());
  for (const auto& slot : slots) {
    if (slot.label == token) return slot.id;
  }
  return kUnusableToken;
}

Result<void> TokenSession::log_in(CK_SLOT_ID slot, const std::string& pin) {
  CK_SESSION_HANDLE session = 0;
  const CK_FLAGS flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;
  if (calls_->C_OpenSession(slot, flags, nullptr, nullptr, &session) != CKR_OK)
    return kUnusableToken;
  session_ = session;
  Bytes secret(pin.begin(), pin.end());
  const auto done = calls_->C_Login(session, CKU_USER, secret.data(), secret.size());
  wipe(secret);
  if (done != CKR_OK && done != CKR_USER_ALREADY_LOGGED_IN) return kUnusableToken;
  return ok();
}

Result<std::vector<CK_OBJECT_HANDLE>> TokenSession::find(Bytes id) const {
  CK_OBJECT_CLASS kind = CKO_SECRET_KEY;
  auto label = label_;
  std::array wanted{attribute(CKA_CLASS, kind), attribute(CKA_ID, id), attribute(CKA_LABEL, label)};
  return find_all(wanted);
}

Result<std::vector<CK_OBJECT_HANDLE>> TokenSession::find_all(std::span<CK_ATTRIBUTE> wanted) const {
  if (calls_->C_FindObjectsInit(*session_, wanted.data(), wanted.size()) != CKR_OK) return kFailed;
  std::vector<CK_OBJECT_HANDLE> out(kObjectsMax);
  CK_ULONG count = 0;
  const auto found = calls_->C_FindObjects(*session_, out.data(), out.size(), &count);
  const auto ended = calls_->C_FindObjectsFinal(*session_);
  if (found != CKR_OK || ended != CKR_OK) return kFailed;
  out.resize(count);
  return out;
}

Result<CK_OBJECT_HANDLE> TokenSession::make_key(Bytes id) const {
  CK_BBOOL yes = CK_TRUE;
  CK_BBOOL no = CK_FALSE;
  CK_ULONG size = sizeof(Key256);
  auto label = label_;
  std::array form{attribute(CKA_TOKEN, yes),       attribute(CKA_PRIVATE, yes),
                  attribute(CKA_SENSITIVE, yes),   attribute(CKA_EXTRACTABLE, no),
                  attribute(CKA_ENCRYPT, yes),     attribute(CKA_DECRYPT, yes),
                  attribute(CKA_DESTROYABLE, yes), attribute(CKA_VALUE_LEN, size),
                  attribute(CKA_ID, id),           attribute(CKA_LABEL, label)};
  CK_MECHANISM how{CKM_AES_KEY_GEN, nullptr, 0};
  CK_OBJECT_HANDLE key = 0;
  const auto made = calls_->C_GenerateKey(*session_, &how, form.data(), form.size(), &key);
  if (made != CKR_OK) return kFailed;
  return key;
}

Result<void> TokenSession::destroy(CK_OBJECT_HANDLE object) const {
  if (calls_->C_DestroyObject(*session_, object) != CKR_OK) return kFailed;
  return ok();
}

Result<Bytes> TokenSession::encrypt(CK_OBJECT_HANDLE key, Bytes nonce, Bytes context,
                                    Bytes clear) const {
  auto parameters = gcm(nonce, context);
  CK_MECHANISM how{CKM_AES_GCM, &parameters, sizeof(parameters)};
  Bytes out(clear.size() + kSealTagSize);
  CK_ULONG size = out.size();
  const auto begun = calls_->C_EncryptInit(*session_, &how, key);
  const auto done =
      begun == CKR_OK ? calls_->C_Encrypt(*session_, clear.data(), clear.size(), out.data(), &size)
                      : begun;
  wipe(clear);
  if (done != CKR_OK || size != out.size()) return kFailed;
  return out;
}

Result<Bytes> TokenSession::decrypt(CK_OBJECT_HANDLE key, Bytes nonce, Bytes context,
                                    Bytes sealed) const {
  auto parameters = gcm(nonce, context);
  CK_MECHANISM how{CKM_AES_GCM, &parameters, sizeof(parameters)};
  if (calls_->C_DecryptInit(*session_, &how, key) != CKR_OK) return kFailed;
  Bytes out(sealed.size());
  CK_ULONG size = out.size();
  const auto done = calls_->C_Decrypt(*session_, sealed.data(), sealed.size(), out.data(), &size);
  if (done == CKR_OK) {
    out.resize(size);
    return out;
  }
  wipe(out);
  // A wrong tag has several names; what says that the token is gone has these.
  const std::array gone{CKR_DEVICE_ERROR,      CKR_DEVICE_REMOVED,         CKR_TOKEN_NOT_PRESENT,
                        CKR_HOST_MEMORY,       CKR_SESSION_HANDLE_INVALID, CKR_SESSION_CLOSED,
                        CKR_USER_NOT_LOGGED_IN};
  if (std::find(gone.begin(), gone.end(), done) != gone.end()) return kFailed;
  return Error{ErrorCode::kSealBroken, "token: does not open"};
}

Result<std::vector<CK_OBJECT_HANDLE>> TokenSession::find_signing_keys() const {
  CK_OBJECT_CLASS kind = CKO_PRIVATE_KEY;
  auto label = label_;
  std::array wanted{attribute(CKA_CLASS, kind), attribute(CKA_LABEL, label)};
  return find_all(wanted);
}

Result<RawSignature> TokenSession::sign_p256(CK_OBJECT_HANDLE key, const Digest& digest) const {
  CK_MECHANISM how{CKM_ECDSA, nullptr, 0};
  if (calls_->C_SignInit(*session_, &how, key) != CKR_OK) return kFailed;
  auto input = digest;
  RawSignature out{};
  CK_ULONG size = out.size();
  if (calls_->C_Sign(*session_, input.data(), input.size(), out.data(), &size) != CKR_OK ||
      size != out.size()) {
    return kFailed;
  }
  return out;
}

Result<Bytes> TokenSession::public_point() const {
  CK_OBJECT_CLASS kind = CKO_PUBLIC_KEY;
  auto label = label_;
  std::array wanted{attribute(CKA_CLASS, kind), attribute(CKA_LABEL, label)};
  CERTRELAY_TRY(const auto keys, find_all(wanted));
  if (keys.size() != 1) return Error{ErrorCode::kTokenUnusable, "token: one key of that label"};
  Bytes out(128);
  auto point = attribute(CKA_EC_POINT, out);
  if (calls_->C_GetAttributeValue(*session_, keys.front(), &point, 1) != CKR_OK) return kFailed;
  out.resize(point.ulValueLen);
  return out;
}

Result<std::array<std::uint8_t, 64>> TokenSession::sign_ed25519(CK_OBJECT_HANDLE key,
                                                                Bytes message) const {
  CK_MECHANISM how{CKM_EDDSA, nullptr, 0};
  if (calls_->C_SignInit(*session_, &how, key) != CKR_OK) return kFailed;
  std::array<std::uint8_t, 64> out{};
  CK_ULONG size = out.size();
  if (calls_->C_Sign(*session_, message.data(), message.size(), out.data(), &size) != CKR_OK ||
      size != out.size()) {
    return kFailed;
  }
  return out;
}

}  // namespace certrelay
