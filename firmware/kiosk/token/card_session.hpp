// Internal to this folder: one read-only session of a PKCS#11 module on one slot.
#pragma once

#include <optional>
#include <vector>

#include "firmware/kiosk/token/pin_prompt.hpp"
#include "relay/keys/token_module.hpp"

namespace certrelay {

inline constexpr std::size_t kTokenObjectsMax = 64;

class CardSession {
 public:
  // `calls` outlive the session. Errors: kTokenUnavailable.
  static Result<CardSession> open(const CK_FUNCTION_LIST& calls, CK_SLOT_ID slot);
  CardSession(CardSession&& other) noexcept;
  CardSession& operator=(CardSession&&) = delete;
  CardSession(const CardSession&) = delete;
  CardSession& operator=(const CardSession&) = delete;
  ~CardSession();

  // Objects of that class, and of that CKA_ID if one is given. Errors: kTokenUnavailable.
  Result<std::vector<CK_OBJECT_HANDLE>> find(CK_OBJECT_CLASS kind, const Bytes* id) const;
  // At most 16 KiB. Errors: kTokenObjects (the object has none).
  Result<Bytes> attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const;
  // As the token's user; without a PIN the reader's own keypad asks. Errors: kTokenPin,
  // kTokenUnavailable.
  Result<void> log_in(Pin* pin) const;
  // Errors: kTokenUnavailable, kTokenObjects (not with that key).
  Result<Bytes> sign(CK_OBJECT_HANDLE key, CK_MECHANISM_TYPE how, Bytes data) const;

 private:
  CardSession(const CK_FUNCTION_LIST& calls, CK_SESSION_HANDLE session)
      : calls_(calls), session_(session) {}

  const CK_FUNCTION_LIST& calls_;
  std::optional<CK_SESSION_HANDLE> session_;
};

}  // namespace certrelay
