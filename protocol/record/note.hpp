// C2SP signed-note (https://c2sp.org/signed-note): a text with Ed25519 signatures below it.
#pragma once

#include <string>
#include <vector>

#include "protocol/base/bytes.hpp"

namespace certrelay {

inline constexpr std::size_t kNoteBytesMax = 8192;
inline constexpr std::size_t kNoteSignaturesMax = 16;  // witnesses may add theirs

using NoteKeyId = std::array<std::uint8_t, 4>;
using Ed25519PublicKey = std::array<std::uint8_t, 32>;

struct NoteSignature {
  std::string name;  // of the key: no space, no plus, no control character
  NoteKeyId key_id{};
  Bytes signature;  // 64 bytes for Ed25519; of a witness's other algorithm any
  friend bool operator==(const NoteSignature&, const NoteSignature&) = default;
};

struct SignedNote {
  std::string text;  // what is signed; ends with a line feed, has no empty line
  std::vector<NoteSignature> signatures;
  friend bool operator==(const SignedNote&, const SignedNote&) = default;
};

// The key's public half with its name: what an auditor pins.
struct NoteVerifier {
  std::string name;
  Ed25519PublicKey key{};

  NoteKeyId key_id() const;  // SHA-256(name ‖ LF ‖ 0x01 ‖ key), its first 4 bytes
  // The form of the signed-note vkey: name+hash+base64(0x01 ‖ key).
  std::string text() const;
  // Errors: kMalformed (also: the hash is not the key's).
  static Result<NoteVerifier> parse(std::string_view text);
  friend bool operator==(const NoteVerifier&, const NoteVerifier&) = default;
};

// Whether `name` may name a key: 1 to 200 visible ASCII characters without plus.
bool is_note_key_name(std::string_view name);

// Precondition: the text and names have the documented form (CHECK).
std::string encode_note(const SignedNote& note);
// Strict; says nothing about the signatures. Errors: kMalformed, kLimitExceeded, kInvalidUtf8.
Result<SignedNote> parse_note(std::string_view bytes);
// The Ed25519 signature by that key, never null; lives as long as `note`. Errors: kUnknownKey.
Result<const NoteSignature*> signature_of(const SignedNote& note, const NoteVerifier& verifier);

}  // namespace certrelay
