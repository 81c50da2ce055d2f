#include "relay/keys/feeder_key.hpp"

#include <algorithm>

#include "protocol/base/check.hpp"
#include "protocol/wire/answer_signature.hpp"
#include "relay/keys/pinned_keys.hpp"

namespace certrelay {

FeederKey::FeederKey(PrivateKey key) : key_(std::move(key)), keyid_(key_id(key_.spki())) {}

Result<FeederKey> FeederKey::from_pem(std::string_view pem, std::string_view pass_phrase) {
  CERTRELAY_TRY(auto key, PrivateKey::from_pem(pem, pass_phrase, KeyType::kEd25519));
  return FeederKey(std::move(key));
}

Result<FeederKey> FeederKey::generate() {
  CERTRELAY_TRY(auto key, PrivateKey::generate(KeyType::kEd25519));
  return FeederKey(std::move(key));
}

Result<SignedStatement> FeederKey::sign(StatementKind kind, const MunicipalityCode& municipality,
                                        const RegistryStatement& statement, ByteView body) const {
  const auto message = statement_bytes(kind, municipality, statement, sha256(body));
  CERTRELAY_TRY(const auto bytes, key_.sign(message));
  SignedStatement out{.statement = statement, .keyid = keyid_, .signature = {}};
  CERTRELAY_CHECK(bytes.size() == out.signature.size());
  std::ranges::copy(bytes, out.signature.begin());
  return out;
}

Result<FeederVerifier> FeederVerifier::from_pems(const std::vector<std::string>& pems) {
  CERTRELAY_TRY(auto keys, pinned_keys(pems, KeyType::kEd25519, kKeysMax));
  return FeederVerifier(std::move(keys));
}

FeederVerifier::FeederVerifier(std::vector<PublicKey> keys) : slot_(std::make_unique<Slot>()) {
  slot_->keys = std::make_shared<const std::vector<PublicKey>>(std::move(keys));
}

FeederVerifier::Keys FeederVerifier::keys() const {
  const std::lock_guard guard(slot_->mutex);
  return slot_->keys;
}

void FeederVerifier::replace(const FeederVerifier& next) {
  auto keys = next.keys();
  const std::lock_guard guard(slot_->mutex);
  slot_->keys = std::move(keys);
}

Digest FeederVerifier::identity() const {
  std::string all;
  for (const auto& key : *keys()) all += key.id();
  return sha256(all);
}

Result<void> FeederVerifier::verify(StatementKind kind, const MunicipalityCode& municipality,
                                    const SignedStatement& statement, ByteView body) const {
  const auto pinned = keys();
  CERTRELAY_TRY(const auto* key, key_of(*pinned, statement.keyid));
  const auto message = statement_bytes(kind, municipality, statement.statement, sha256(body));
  return key->verify(message, statement.signature);
}

}  // namespace certrelay
