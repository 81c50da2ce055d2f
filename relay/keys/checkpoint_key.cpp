#include "relay/keys/checkpoint_key.hpp"

#include <algorithm>

#include "protocol/base/check.hpp"
#include "relay/keys/public_key.hpp"

namespace certrelay {
namespace {

// SubjectPublicKeyInfo of Ed25519 up to the key itself (RFC 8410 §4).
constexpr std::array<std::uint8_t, 12> kSpkiHead{0x30, 0x2A, 0x30, 0x05, 0x06, 0x03,
                                                 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00};

}  // namespace

std::string ledger_origin(const MunicipalityCode& municipality) {
  return "certrelay/" + std::string(municipality.text());
}

CheckpointKey::CheckpointKey(PrivateKey key, NoteVerifier verifier)
    : key_(std::move(key)), verifier_(std::move(verifier)) {}

Result<CheckpointKey> CheckpointKey::wrap(std::string_view origin, PrivateKey key) {
  if (!is_note_key_name(origin)) return Error{ErrorCode::kMalformed, "checkpoint key: origin"};
  NoteVerifier verifier{.name = std::string(origin), .key = {}};
  const auto& spki = key.spki();
  CERTRELAY_CHECK(spki.size() == kSpkiHead.size() + verifier.key.size());
  CERTRELAY_CHECK(std::equal(kSpkiHead.begin(), kSpkiHead.end(), spki.begin()));
  std::copy(spki.begin() + kSpkiHead.size(), spki.end(), verifier.key.begin());
  return CheckpointKey(std::move(key), std::move(verifier));
}

Result<CheckpointKey> CheckpointKey::from_pem(std::string_view origin, std::string_view pem,
                                              std::string_view pass_phrase) {
  CERTRELAY_TRY(auto key, PrivateKey::from_pem(pem, pass_phrase, KeyType::kEd25519));
  return wrap(origin, std::move(key));
}

Result<CheckpointKey> CheckpointKey::generate(std::string_view origin) {
  CERTRELAY_TRY(auto key, PrivateKey::generate(KeyType::kEd25519));
  return wrap(origin, std::move(key));
}

Result<std::string> CheckpointKey::sign(const Checkpoint& checkpoint) const {
  CERTRELAY_CHECK(checkpoint.origin == verifier_.name);
  SignedNote note{.text = encode_checkpoint(checkpoint), .signatures = {}};
  CERTRELAY_TRY(auto signature, key_.sign(as_bytes(note.text)));
  note.signatures.push_back(
      {.name = verifier_.name, .key_id = verifier_.key_id(), .signature = std::move(signature)});
  return encode_note(note);
}

Result<Checkpoint> verify_checkpoint(std::string_view note, const NoteVerifier& verifier) {
  CERTRELAY_TRY(const auto parsed, parse_note(note));
  CERTRELAY_TRY(const auto* signature, signature_of(parsed, verifier));
  Bytes spki(kSpkiHead.begin(), kSpkiHead.end());
  spki.insert(spki.end(), verifier.key.begin(), verifier.key.end());
  CERTRELAY_TRY(const auto key, PublicKey::from_spki(spki, KeyType::kEd25519));
  CERTRELAY_TRY(key.verify(as_bytes(parsed.text), signature->signature));
  CERTRELAY_TRY(auto checkpoint, parse_checkpoint(parsed.text));
  if (checkpoint.origin != verifier.name) {
    return Error{ErrorCode::kUnknownKey, "checkpoint: another ledger's"};
  }
  return checkpoint;
}

}  // namespace certrelay
