#include "relay/ledger/start_mark.hpp"

#include <algorithm>

#include "protocol/base/codec.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kChain = "start-chain ";
constexpr std::string_view kTree = "start-tree ";
constexpr std::string_view kState = "start-state ";
constexpr std::size_t kLines = 3;
// An unfinished transaction takes some 200 bytes: room for 300,000 of them.
constexpr std::size_t kMarkBytesMax = std::size_t{64} << 20U;

Error bad_mark() { return {ErrorCode::kMalformed, "ledger: start mark"}; }

Result<Bytes> after_word(std::string_view line, std::string_view word) {
  if (!line.starts_with(word)) return bad_mark();
  return from_base64(line.substr(word.size()));
}

Result<StartMark> parse(ByteView bytes, const NoteVerifier& verifier) {
  ByteReader in(bytes);
  CERTRELAY_TRY(const auto note, in.short_bytes(kNoteBytesMax));
  CERTRELAY_TRY(const auto state, in.raw(in.remaining()));
  CERTRELAY_TRY(const auto checkpoint, verify_checkpoint(as_text(note), verifier));
  if (checkpoint.extensions.size() != kLines) return bad_mark();
  CERTRELAY_TRY(const auto chain, after_word(checkpoint.extensions[0], kChain));
  CERTRELAY_TRY(const auto tree, after_word(checkpoint.extensions[1], kTree));
  CERTRELAY_TRY(const auto digest, after_word(checkpoint.extensions[2], kState));
  StartMark out;
  if (chain.size() != out.at.chain.size() || !std::ranges::equal(digest, sha256(state))) {
    return bad_mark();
  }
  std::ranges::copy(chain, out.at.chain.begin());
  CERTRELAY_TRY(out.at.tree, MerkleFrontier::parse(tree));
  if (out.at.tree.size() != checkpoint.size || out.at.tree.root() != checkpoint.root) {
    return bad_mark();
  }
  out.at.last = LedgerSequence(checkpoint.size);
  CERTRELAY_TRY(out.state, StartState::parse(state));
  return out;
}

}  // namespace

std::string start_mark_path(const std::string& path) { return path + ".start"; }

Result<void> write_start_mark(Files& files, const std::string& path, const CheckpointKey& key,
                              const StartMark& mark) {
  const auto state = mark.state.encode();
  auto checkpoint = checkpoint_of(key.origin(), mark.at);
  checkpoint.extensions = {std::string(kChain) + to_base64(mark.at.chain),
                           std::string(kTree) + to_base64(mark.at.tree.encode()),
                           std::string(kState) + to_base64(sha256(state))};
  CERTRELAY_TRY(const auto note, key.sign(checkpoint));
  ByteWriter out;
  out.short_text(note);
  out.raw(state);
  return files.write_durably(start_mark_path(path), out.view());
}

Result<std::optional<StartMark>> read_start_mark(Files& files, const std::string& path,
                                                 const NoteVerifier& verifier) {
  const auto bytes = files.read_all(start_mark_path(path), kMarkBytesMax);
  if (!bytes) {
    const auto code = bytes.error().code;
    const bool none = code == ErrorCode::kNotFound || code == ErrorCode::kLimitExceeded;
    if (none) return std::optional<StartMark>();
    return bytes.error();
  }
  auto mark = parse(bytes.value(), verifier);
  if (!mark) return std::optional<StartMark>();
  return std::optional(std::move(mark).value());
}

Result<void> remove_start_mark(Files& files, const std::string& path) {
  const auto removed = files.remove(start_mark_path(path));
  if (!removed && removed.error().code == ErrorCode::kNotFound) return ok();
  return removed;
}

}  // namespace certrelay
