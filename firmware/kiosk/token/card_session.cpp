#include "firmware/kiosk/token/card_session.hpp"

#include <array>
#include <utility>

namespace certrelay {
namespace {

constexpr std::size_t kAttributeBytesMax = std::size_t{16} * 1024;
constexpr std::size_t kSignatureBytesMax = 512;

Error lost() {
  return {ErrorCode::kTokenUnavailable,
          "token: it no longer answers; put the card on the reader again"};
}

Error pin_error(CK_RV answer) {
  switch (answer) {
    case CKR_PIN_INCORRECT:
    case CKR_PIN_LEN_RANGE:
    case CKR_PIN_INVALID:
      return {ErrorCode::kTokenPin,
              "PIN: wrong. Of a My Number card it is the four digits of 利用者証明用電子証明書; "
              "after the third wrong one in a row the card blocks itself"};
    case CKR_PIN_LOCKED:
      return {ErrorCode::kTokenPin,
              "PIN: blocked after too many wrong ones; the municipality's window resets it"};
    case CKR_PIN_EXPIRED:
      return {ErrorCode::kTokenPin, "PIN: expired; change it with the token's own tool"};
    case CKR_FUNCTION_CANCELED:
      return {ErrorCode::kTokenPin, "PIN: given up at the reader"};
    default:
      return lost();
  }
}

}  // namespace

Result<CardSession> CardSession::open(const CK_FUNCTION_LIST& calls, CK_SLOT_ID slot) {
  CK_SESSION_HANDLE session = 0;
  if (calls.C_OpenSession(slot, CKF_SERIAL_SESSION, nullptr, nullptr, &session) != CKR_OK) {
    return lost();
  }
  return CardSession(calls, session);
}

CardSession::CardSession(CardSession&& other) noexcept
    : calls_(other.calls_), session_(std::exchange(other.session_, std::nullopt)) {}

CardSession::~CardSession() {
  // Nothing to report: no call follows. Closing a token's last session logs out.
  if (session_) static_cast<void>(calls_.C_CloseSession(*session_));
}

Result<std::vector<CK_OBJECT_HANDLE>> CardSession::find(CK_OBJECT_CLASS kind,
                                                        const Bytes* id) const {
  Bytes own_id = id != nullptr ? *id : Bytes();
  std::array wanted{CK_ATTRIBUTE{CKA_CLASS, &kind, sizeof(kind)},
                    CK_ATTRIBUTE{CKA_ID, own_id.data(), own_id.size()}};
  const CK_ULONG conditions = id != nullptr ? 2 : 1;
  if (calls_.C_FindObjectsInit(*session_, wanted.data(), conditions) != CKR_OK) return lost();
  std::vector<CK_OBJECT_HANDLE> out(kTokenObjectsMax);
  CK_ULONG count = 0;
  const auto found = calls_.C_FindObjects(*session_, out.data(), out.size(), &count);
  const auto ended = calls_.C_FindObjectsFinal(*session_);
  if (found != CKR_OK || ended != CKR_OK) return lost();
  out.resize(count);
  return out;
}

Result<Bytes> CardSession::attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const {
  Bytes out(kAttributeBytesMax);
  CK_ATTRIBUTE wanted{type, out.data(), out.size()};
  const auto done = calls_.C_GetAttributeValue(*session_, object, &wanted, 1);
  if (done != CKR_OK || wanted.ulValueLen > out.size()) {
    return Error{ErrorCode::kTokenObjects, "token: an object without its value"};
  }
  out.resize(wanted.ulValueLen);
  return out;
}

Result<void> CardSession::log_in(Pin* pin) const {
  CK_RV done = CKR_OK;
  if (pin == nullptr) {
    done = calls_.C_Login(*session_, CKU_USER, nullptr, 0);
  } else {
    const auto typed = pin->reveal();
    done = calls_.C_Login(*session_, CKU_USER, typed.data(), typed.size());
  }
  if (done == CKR_OK || done == CKR_USER_ALREADY_LOGGED_IN) return ok();
  return pin_error(done);
}

Result<Bytes> CardSession::sign(CK_OBJECT_HANDLE key, CK_MECHANISM_TYPE how, Bytes data) const {
  CK_MECHANISM mechanism{how, nullptr, 0};
  if (calls_.C_SignInit(*session_, &mechanism, key) != CKR_OK) {
    return Error{ErrorCode::kTokenObjects, "token: its key does not sign as its certificate says"};
  }
  Bytes out(kSignatureBytesMax);
  CK_ULONG size = out.size();
  const auto done = calls_.C_Sign(*session_, data.data(), data.size(), out.data(), &size);
  if (done != CKR_OK || size > out.size()) return lost();
  out.resize(size);
  return out;
}

}  // namespace certrelay
