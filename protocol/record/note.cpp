#include "protocol/record/note.hpp"

#include <algorithm>

#include "protocol/base/check.hpp"
#include "protocol/base/sha256.hpp"
#include "protocol/base/utf8.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kSignatureLine = "\xE2\x80\x94 ";  // em dash, space
constexpr std::array<std::uint8_t, 1> kEd25519{0x01};
constexpr std::size_t kKeyNameMax = 200;

Error malformed(std::string_view where) { return {ErrorCode::kMalformed, where}; }

// Line feeds are the only control characters of a note.
bool is_note_text(std::string_view text) {
  const auto fine = [](char c) { return c == '\n' || static_cast<unsigned char>(c) >= 0x20; };
  return !text.empty() && text.front() != '\n' && text.back() == '\n' &&
         text.find("\n\n") == std::string_view::npos && std::ranges::all_of(text, fine);
}

Result<NoteSignature> parse_signature(std::string_view line) {
  if (!line.starts_with(kSignatureLine)) return malformed("note: signature line");
  line.remove_prefix(kSignatureLine.size());
  const auto space = line.find(' ');
  if (space == std::string_view::npos || !is_note_key_name(line.substr(0, space))) {
    return malformed("note: key name");
  }
  CERTRELAY_TRY(const auto bytes, from_base64(line.substr(space + 1)));
  NoteSignature out{.name = std::string(line.substr(0, space)), .key_id = {}, .signature = {}};
  if (bytes.size() <= out.key_id.size()) return malformed("note: signature");
  const auto split = bytes.begin() + static_cast<std::ptrdiff_t>(out.key_id.size());
  std::copy(bytes.begin(), split, out.key_id.begin());
  out.signature.assign(split, bytes.end());
  return out;
}

}  // namespace

bool is_note_key_name(std::string_view name) {
  const auto fine = [](char c) { return c > ' ' && c < '\x7F' && c != '+'; };
  return !name.empty() && name.size() <= kKeyNameMax && std::ranges::all_of(name, fine);
}

NoteKeyId NoteVerifier::key_id() const {
  const auto digest = Sha256().add(name).add("\n").add(kEd25519).add(key).finish();
  return {digest[0], digest[1], digest[2], digest[3]};
}

std::string NoteVerifier::text() const {
  Bytes bytes{kEd25519[0]};
  bytes.insert(bytes.end(), key.begin(), key.end());
  return name + "+" + to_hex(key_id()) + "+" + to_base64(bytes);
}

Result<NoteVerifier> NoteVerifier::parse(std::string_view text) {
  const auto first = text.find('+');
  const auto second = text.find('+', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos || !is_note_key_name(text.substr(0, first))) {
    return malformed("note: verifier key");
  }
  CERTRELAY_TRY(const auto bytes, from_base64(text.substr(second + 1)));
  NoteVerifier out{.name = std::string(text.substr(0, first)), .key = {}};
  if (bytes.size() != 1 + out.key.size() || bytes[0] != kEd25519[0]) {
    return malformed("note: verifier key");
  }
  std::copy(bytes.begin() + 1, bytes.end(), out.key.begin());
  if (out.text() != text) return malformed("note: verifier key");
  return out;
}

std::string encode_note(const SignedNote& note) {
  CERTRELAY_CHECK(is_note_text(note.text));
  std::string out = note.text + "\n";
  for (const auto& signature : note.signatures) {
    CERTRELAY_CHECK(is_note_key_name(signature.name));
    Bytes bytes(signature.key_id.begin(), signature.key_id.end());
    bytes.insert(bytes.end(), signature.signature.begin(), signature.signature.end());
    out += std::string(kSignatureLine) + signature.name + " " + to_base64(bytes) + "\n";
  }
  return out;
}

Result<SignedNote> parse_note(std::string_view bytes) {
  if (bytes.size() > kNoteBytesMax) return Error{ErrorCode::kLimitExceeded, "note: too long"};
  if (!is_strict_utf8(bytes)) return Error{ErrorCode::kInvalidUtf8, "note"};
  const auto split = bytes.find("\n\n");
  if (split == std::string_view::npos) return malformed("note: no empty line");
  SignedNote out{.text = std::string(bytes.substr(0, split + 1)), .signatures = {}};
  if (!is_note_text(out.text)) return malformed("note: text");
  auto rest = bytes.substr(split + 2);
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) return malformed("note: last line");
    CERTRELAY_TRY(auto signature, parse_signature(rest.substr(0, end)));
    if (out.signatures.size() == kNoteSignaturesMax) {
      return Error{ErrorCode::kLimitExceeded, "note: signatures"};
    }
    out.signatures.push_back(std::move(signature));
    rest.remove_prefix(end + 1);
  }
  if (out.signatures.empty()) return malformed("note: no signature");
  return out;
}

Result<const NoteSignature*> signature_of(const SignedNote& note, const NoteVerifier& verifier) {
  const auto id = verifier.key_id();
  for (const auto& signature : note.signatures) {
    if (signature.name == verifier.name && signature.key_id == id) return &signature;
  }
  return Error{ErrorCode::kUnknownKey, "note: no signature by that key"};
}

}  // namespace certrelay
