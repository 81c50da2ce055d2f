#include "relay/keys/token_signer.hpp"

#include "protocol/base/sha256.hpp"
#include "relay/keys/token_session.hpp"

namespace certrelay {

TokenSigner::TokenSigner(std::unique_ptr<TokenSession> session, unsigned long key)
    : session_(std::move(session)), key_(key) {}
TokenSigner::~TokenSigner() = default;

Result<std::unique_ptr<TokenSigner>> TokenSigner::open(const TokenSettings& settings) {
  CERTRELAY_TRY(auto session, TokenSession::open(settings));
  CERTRELAY_TRY(const auto keys, session->find_signing_keys());
  if (keys.size() != 1) return Error{ErrorCode::kTokenUnusable, "token: one key of that label"};
  return std::make_unique<TokenSigner>(std::move(session), keys.front());
}

Result<RawSignature> TokenSigner::sign(ByteView message) const {
  const auto digest = sha256(message);
  const std::lock_guard guard(mutex_);
  return session_->sign_p256(key_, digest);
}

}  // namespace certrelay
