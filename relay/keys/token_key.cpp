#include "relay/keys/token_key.hpp"

#include "protocol/base/codec.hpp"
#include "relay/keys/token_session.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kIdNonceSize = 8;

Bytes copy(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

// `sealed` begins with the nonce.
Bytes id_of(std::uint64_t epoch, ByteView sealed) {
  ByteWriter out;
  out.u64(epoch);
  out.raw(sealed.first(kIdNonceSize));
  return std::move(out).take();
}

}  // namespace

TokenOuterKey::TokenOuterKey(std::unique_ptr<TokenSession> session)
    : session_(std::move(session)) {}
TokenOuterKey::~TokenOuterKey() = default;

Result<std::unique_ptr<TokenOuterKey>> TokenOuterKey::open(const TokenSettings& settings) {
  CERTRELAY_TRY(auto session, TokenSession::open(settings));
  return std::make_unique<TokenOuterKey>(std::move(session));
}

Result<Bytes> TokenOuterKey::seal_root(std::uint64_t epoch, ByteView context, const Key256& root,
                                       Entropy& entropy) {
  const auto nonce = random_bytes<kSealNonceSize>(entropy);
  CERTRELAY_TRY(const auto key, session_->make_key(id_of(epoch, nonce)));
  CERTRELAY_TRY(const auto body,
                session_->encrypt(key, copy(nonce), copy(context), copy(root.reveal())));
  auto out = copy(nonce);
  out.insert(out.end(), body.begin(), body.end());
  return out;
}

Result<Key256> TokenOuterKey::open_root(std::uint64_t epoch, ByteView context, ByteView sealed) {
  const Error broken{ErrorCode::kSealBroken, "token: no such key, or not sealed by it"};
  if (sealed.size() <= kSealOverhead) return broken;
  CERTRELAY_TRY(const auto keys, session_->find(id_of(epoch, sealed)));
  if (keys.size() != 1) return broken;
  CERTRELAY_TRY(auto clear, session_->decrypt(keys.front(), copy(sealed.first(kSealNonceSize)),
                                              copy(context), copy(sealed.subspan(kSealNonceSize))));
  if (clear.size() != sizeof(Key256)) {
    wipe(clear);
    return broken;
  }
  Key256 out(clear);
  wipe(clear);
  return out;
}

Result<void> TokenOuterKey::destroy(std::uint64_t epoch, ByteView sealed) {
  const auto id = id_of(epoch, sealed);
  CERTRELAY_TRY(const auto keys, session_->find(id));
  for (const auto key : keys) {
    CERTRELAY_TRY(session_->destroy(key));
  }
  CERTRELAY_TRY(const auto left, session_->find(id));
  if (!left.empty()) return Error{ErrorCode::kTokenFailed, "token: the key is still there"};
  return ok();
}

}  // namespace certrelay
