// Notes, checkpoints, verifier keys and what is built of them: whatever parses has one spelling.
#include "protocol/base/check.hpp"
#include "protocol/record/checkpoint.hpp"
#include "protocol/record/proof.hpp"
#include "protocol/record/retention.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = certrelay::as_text(certrelay::ByteView(data, size));
  if (const auto note = certrelay::parse_note(text)) {
    CERTRELAY_CHECK(certrelay::encode_note(note.value()) == text);
    if (const auto checkpoint = certrelay::parse_checkpoint(note.value().text)) {
      CERTRELAY_CHECK(certrelay::encode_checkpoint(checkpoint.value()) == note.value().text);
    }
  }
  if (const auto proof = certrelay::parse_entry_proof(text)) {
    CERTRELAY_CHECK(certrelay::encode_entry_proof(proof.value()) == text);
    (void)certrelay::verify(proof.value());
  }
  if (const auto proof = certrelay::parse_growth_proof(text)) {
    CERTRELAY_CHECK(certrelay::encode_growth_proof(proof.value()) == text);
    (void)certrelay::verify(proof.value(), {});
  }
  if (const auto pruned = certrelay::parse_pruning_note(text)) {
    const auto again = certrelay::parse_pruning(certrelay::to_checkpoint(pruned.value()));
    CERTRELAY_CHECK(again.has_value() && again.value() == pruned.value());
  }
  if (const auto key = certrelay::NoteVerifier::parse(text)) {
    CERTRELAY_CHECK(key.value().text() == text);
  }
  return 0;
}
