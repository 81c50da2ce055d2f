// The source system's Ed25519 key: its own side signs statements, the vault's verifies them (R10).
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "protocol/wire/registry_statement.hpp"
#include "relay/keys/public_key.hpp"

namespace certrelay {

// Move-only. Held by `certrelayctl extract push` on the source system's side, never by the vault.
class FeederKey {
 public:
  // Errors: kWrongPassphrase, kKeyUnusable.
  static Result<FeederKey> from_pem(std::string_view pem, std::string_view pass_phrase);
  static Result<FeederKey> generate();

  const std::string& keyid() const { return keyid_; }
  const Bytes& spki() const { return key_.spki(); }
  Result<std::string> encrypted_pem(std::string_view pass_phrase, PassPhraseOrigin origin) const {
    return key_.encrypted_pem(pass_phrase, origin);
  }

  // `body` in the clear. Preconditions: see statement_bytes(). Errors: kInternal.
  Result<SignedStatement> sign(StatementKind kind, const MunicipalityCode& municipality,
                               const RegistryStatement& statement, ByteView body) const;

 private:
  explicit FeederKey(PrivateKey key);
  PrivateKey key_;
  std::string keyid_;
};

// One or two pinned keys of the source system. Safe to use from several threads.
class FeederVerifier {
 public:
  static constexpr std::size_t kKeysMax = 2;
  // Errors: kKeyUnusable, kLimitExceeded, kDuplicateValue.
  static Result<FeederVerifier> from_pems(const std::vector<std::string>& pems);

  // The signature alone: generation, sequence and sent_at are the register's to judge.
  // Errors: kUnknownSigner, kBadSignature.
  Result<void> verify(StatementKind kind, const MunicipalityCode& municipality,
                      const SignedStatement& statement, ByteView body) const;
  // From the next statement on the keys are those of `next`.
  void replace(const FeederVerifier& next);
  // SHA-256 of the keys in their order: which are pinned.
  Digest identity() const;

 private:
  using Keys = std::shared_ptr<const std::vector<PublicKey>>;
  struct Slot {
    mutable std::mutex mutex;
    Keys keys;
  };
  explicit FeederVerifier(std::vector<PublicKey> keys);
  Keys keys() const;
  std::unique_ptr<Slot> slot_;
};

}  // namespace certrelay
