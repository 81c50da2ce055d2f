// A real card or token at this machine: its 利用者証明用電子証明書 and the key that goes with it,
// behind a PKCS#11 module (OpenSC's for a JPKI card, SoftHSM2's in tests).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "firmware/kiosk/card_signature.hpp"
#include "firmware/kiosk/token/pin_prompt.hpp"

namespace certrelay {

struct TokenChoice {
  std::string module;  // path of the PKCS#11 library
  std::string label;   // of the token; empty: the one that has a fitting certificate
};

class TokenSignature;  // the logged-in session

class TokenCard final : public PresentedCard {
 public:
  using AskPin = std::function<Result<Pin>(std::string_view prompt)>;

  // Looks for the one certificate of authentication (CA false, digitalSignature alone, a key that
  // JPKI uses), which needs no PIN, and only then asks for the PIN, once: a wrong one counts at
  // the card, and after the third it is blocked. A reader with its own keypad asks by itself.
  // Errors: kTokenUnavailable, kTokenPin, kTokenObjects; `where` says how to mend.
  static Result<std::unique_ptr<TokenCard>> open(const TokenChoice& choice, const AskPin& ask);
  ~TokenCard() override;
  TokenCard(const TokenCard&) = delete;
  TokenCard& operator=(const TokenCard&) = delete;

  const Bytes& certificate() const override { return certificate_; }
  CardAlgorithm algorithm() const override { return algorithm_; }
  // In the token; the signature is verified under the certificate before anybody gets it.
  // Errors: kTokenUnavailable, kTokenObjects (the key is not the certificate's).
  Result<Bytes> sign(ByteView payload) const override;

  // For open() alone.
  TokenCard(std::unique_ptr<TokenSignature> session, Bytes certificate, CardAlgorithm algorithm);

 private:
  std::unique_ptr<TokenSignature> session_;
  Bytes certificate_;
  CardAlgorithm algorithm_;
};

}  // namespace certrelay
