// The proofs' texts, and what holds one against the checkpoint in it.
#include <algorithm>
#include <charconv>

#include "protocol/record/proof.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";
constexpr std::string_view kOld = "old ";

Error bad_proof() { return {ErrorCode::kMalformed, "proof"}; }

Result<std::string_view> take_line(std::string_view& text, std::string_view word) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return bad_proof();
  const auto line = text.substr(0, end);
  if (!line.starts_with(word)) return bad_proof();
  text.remove_prefix(end + 1);
  return line.substr(word.size());
}

Result<std::uint64_t> take_number(std::string_view& text, std::string_view word) {
  CERTRELAY_TRY(const auto digits, take_line(text, word));
  std::uint64_t out = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  if (fault != std::errc() || std::to_string(out) != digits) return bad_proof();
  return out;
}

// The hashes to the empty line; what stays of `text` is the checkpoint.
Result<std::vector<Digest>> take_hashes(std::string_view& text) {
  std::vector<Digest> out;
  for (;;) {
    CERTRELAY_TRY(const auto line, take_line(text, ""));
    if (line.empty()) return out;
    CERTRELAY_TRY(const auto bytes, from_base64(line));
    Digest hash{};
    if (bytes.size() != hash.size()) return bad_proof();
    if (out.size() == kProofHashesMax) return Error{ErrorCode::kLimitExceeded, "proof: hashes"};
    std::ranges::copy(bytes, hash.begin());
    out.push_back(hash);
  }
}

std::string rest_of(const std::vector<Digest>& hashes, const std::string& checkpoint) {
  std::string out;
  for (const auto& hash : hashes) out += to_base64(hash) + "\n";
  return out + "\n" + checkpoint;
}

Result<Checkpoint> checkpoint_in(std::string_view note) {
  CERTRELAY_TRY(const auto parsed, parse_note(note));
  return parse_checkpoint(parsed.text);
}

}  // namespace

std::string encode_entry_proof(const EntryProof& proof) {
  return std::string(kFirstLine) + "\n" + std::string(kExtra) + to_base64(proof.entry) + "\n" +
         std::string(kIndex) + std::to_string(proof.index) + "\n" +
         rest_of(proof.hashes, proof.checkpoint);
}

Result<EntryProof> parse_entry_proof(std::string_view text) {
  if (text.size() > kProofBytesMax) return Error{ErrorCode::kLimitExceeded, "proof: too long"};
  EntryProof out;
  CERTRELAY_TRY(const auto rest, take_line(text, kFirstLine));
  if (!rest.empty()) return bad_proof();
  CERTRELAY_TRY(const auto extra, take_line(text, kExtra));
  CERTRELAY_TRY(out.entry, from_base64(extra));
  CERTRELAY_TRY(out.index, take_number(text, kIndex));
  CERTRELAY_TRY(out.hashes, take_hashes(text));
  out.checkpoint = text;
  return out;
}

std::string encode_growth_proof(const GrowthProof& proof) {
  return std::string(kOld) + std::to_string(proof.old_size) + "\n" +
         rest_of(proof.hashes, proof.checkpoint);
}

Result<GrowthProof> parse_growth_proof(std::string_view text) {
  if (text.size() > kProofBytesMax) return Error{ErrorCode::kLimitExceeded, "proof: too long"};
  GrowthProof out;
  CERTRELAY_TRY(out.old_size, take_number(text, kOld));
  CERTRELAY_TRY(out.hashes, take_hashes(text));
  out.checkpoint = text;
  return out;
}

Result<Entry> verify(const EntryProof& proof) {
  CERTRELAY_TRY(auto entry, decode_entry(proof.entry));
  if (entry.sequence.value() != proof.index + 1) return bad_proof();
  CERTRELAY_TRY(const auto checkpoint, checkpoint_in(proof.checkpoint));
  CERTRELAY_TRY(verify_inclusion(leaf_hash(proof.entry), proof.index, checkpoint.size,
                                 checkpoint.root, proof.hashes));
  return entry;
}

Result<void> verify(const GrowthProof& proof, const Checkpoint& old) {
  CERTRELAY_TRY(const auto checkpoint, checkpoint_in(proof.checkpoint));
  if (checkpoint.origin != old.origin || proof.old_size != old.size) return bad_proof();
  return verify_consistency(old.size, old.root, checkpoint.size, checkpoint.root, proof.hashes);
}

}  // namespace certrelay
