#include "relay/keys/pinned_keys.hpp"

namespace certrelay {

Result<std::vector<PublicKey>> pinned_keys(const std::vector<std::string>& pems, KeyType type,
                                           std::size_t max) {
  if (pems.empty() || pems.size() > max) {
    return Error{ErrorCode::kLimitExceeded, "pinned keys: count"};
  }
  std::vector<PublicKey> keys;
  for (const auto& pem : pems) {
    CERTRELAY_TRY(auto key, PublicKey::from_pem(pem, type));
    if (key_of(keys, key.id())) return Error{ErrorCode::kDuplicateValue, "pinned keys: twice"};
    keys.push_back(std::move(key));
  }
  return keys;
}

Result<const PublicKey*> key_of(const std::vector<PublicKey>& keys, std::string_view id) {
  for (const auto& key : keys) {
    if (key.id() == id) return &key;
  }
  return Error{ErrorCode::kUnknownSigner, "pinned keys: unknown key id"};
}

}  // namespace certrelay
