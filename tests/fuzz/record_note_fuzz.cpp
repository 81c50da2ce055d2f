// Notes, checkpoints and verifier keys: whatever parses has one spelling.
#include "protocol/base/check.hpp"
#include "protocol/record/checkpoint.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = certrelay::as_text(certrelay::ByteView(data, size));
  if (const auto note = certrelay::parse_note(text)) {
    CERTRELAY_CHECK(certrelay::encode_note(note.value()) == text);
    if (const auto checkpoint = certrelay::parse_checkpoint(note.value().text)) {
      CERTRELAY_CHECK(certrelay::encode_checkpoint(checkpoint.value()) == note.value().text);
    }
  }
  if (const auto key = certrelay::NoteVerifier::parse(text)) {
    CERTRELAY_CHECK(key.value().text() == text);
  }
  return 0;
}
