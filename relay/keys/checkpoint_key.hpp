// The key that the ledger's checkpoints are signed with (Ed25519, signed note).
#pragma once

#include "protocol/ids/ids.hpp"
#include "protocol/record/checkpoint.hpp"
#include "relay/keys/private_key.hpp"

namespace certrelay {

// The ledger's name, and the name of the key that signs its checkpoints: "certrelay/392901".
std::string ledger_origin(const MunicipalityCode& municipality);

// Move-only. Safe to use from several threads. The key's name is the ledger's origin.
class CheckpointKey {
 public:
  // Errors: kWrongPassphrase, kKeyUnusable; kMalformed (is_note_key_name(origin) is false).
  static Result<CheckpointKey> from_pem(std::string_view origin, std::string_view pem,
                                        std::string_view pass_phrase);
  static Result<CheckpointKey> generate(std::string_view origin);

  // What an auditor pins; its text() is the public half's file.
  const NoteVerifier& verifier() const { return verifier_; }
  const std::string& origin() const { return verifier_.name; }
  Result<std::string> encrypted_pem(std::string_view pass_phrase, PassPhraseOrigin origin) const {
    return key_.encrypted_pem(pass_phrase, origin);
  }

  // The whole signed note. Precondition: checkpoint.origin is origin() (CHECK). Errors: kInternal.
  Result<std::string> sign(const Checkpoint& checkpoint) const;

 private:
  CheckpointKey(PrivateKey key, NoteVerifier verifier);
  static Result<CheckpointKey> wrap(std::string_view origin, PrivateKey key);
  PrivateKey key_;
  NoteVerifier verifier_;
};

// The checkpoint in a signed note by that key, whose name must be the checkpoint's origin.
// Errors: parse_note's and parse_checkpoint's, kUnknownKey, kBadSignature.
Result<Checkpoint> verify_checkpoint(std::string_view note, const NoteVerifier& verifier);

}  // namespace certrelay
