#pragma once

#include <memory>
#include <string>

#include "relay/keys/outer_key.hpp"

namespace certrelay {

struct TokenSettings {
  std::string module;                    // path of the PKCS#11 library
  std::string token;                     // label of the token
  std::string pin;                       // of its user
  std::string label = "certrelay root";  // of our objects
};

class TokenSession;

// The outer key in a PKCS#11 token (v2.40): one AES-256 key object a root, made in the token,
// sensitive and never extractable, that seals that root (CKM_AES_GCM). An erasure destroys the
// object, so that every copy of the slots is dead with it, wherever it lies. The object's id is the
// epoch and the first eight bytes of the nonce: several sites may share a token.
class TokenOuterKey final : public OuterKey {
 public:
  // Loads the module, finds the token and logs in. Errors: kTokenUnusable.
  static Result<std::unique_ptr<TokenOuterKey>> open(const TokenSettings& settings);
  ~TokenOuterKey() override;

  Result<Bytes> seal_root(std::uint64_t epoch, ByteView context, const Key256& root,
                          Entropy& entropy) override;
  Result<Key256> open_root(std::uint64_t epoch, ByteView context, ByteView sealed) override;
  // Looks afterwards that no such object is left.
  Result<void> destroy(std::uint64_t epoch, ByteView sealed) override;
  bool destroys() const override { return true; }

  // For open() alone.
  explicit TokenOuterKey(std::unique_ptr<TokenSession> session);

 private:
  std::unique_ptr<TokenSession> session_;
};

}  // namespace certrelay
