// The ledger's export: JSON lines that a stranger can verify (FORMAT.md). A head, one line an
// entry, an end; without its end an export is cut off.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "protocol/record/checkpoint.hpp"

namespace certrelay {

inline constexpr std::size_t kExportLineBytesMax = 32'768;

struct ExportHead {
  std::string origin;
  ChainState before;  // the state before the first exported entry
  // A signed note over as many entries as the export reaches, or fewer: its tree must be met.
  std::optional<std::string> checkpoint;
  // Of a ledger whose first entries left: the signed statement about them, whose state is `before`.
  std::optional<std::string> pruning = std::nullopt;
  friend bool operator==(const ExportHead&, const ExportHead&) = default;
};

struct ExportEntry {
  Bytes entry;  // canonical
  Digest chain{};
  friend bool operator==(const ExportEntry&, const ExportEntry&) = default;
};

struct ExportEnd {
  LedgerSequence last;
  Digest root{};  // of the tree of all entries up to `last`
  friend bool operator==(const ExportEnd&, const ExportEnd&) = default;
};

using ExportLine = std::variant<ExportHead, ExportEntry, ExportEnd>;

// One line without its line feed.
std::string encode_export_line(const ExportLine& line);
// Errors: those of parse_strict_json and JsonObject; kMalformed.
Result<ExportLine> parse_export_line(std::string_view line);

// Takes an export line by line and verifies entries, chain, tree, and that the checkpoint's tree
// was met. Who signed the checkpoint is the caller's to verify.
class ExportVerifier {
 public:
  // After an error the verifier takes no more lines, and state() says where it stands.
  // Errors: parse_export_line's, verify_next's, kTreeMismatch (the end's root or number is not what
  // the entries give), kCheckpointMismatch, parse_pruning_note's, kStatementInvalid, kMalformed
  // (order of lines), the errors of parse_note and parse_checkpoint.
  Result<void> take(std::string_view line);
  // Whether the end was reached. Errors: kMalformed (cut off).
  Result<void> expect_end() const;

  // The state after the last good entry: the first bad one has the next number.
  const ChainState& state() const { return state_; }
  const std::string& origin() const { return origin_; }
  const std::optional<std::string>& checkpoint() const { return checkpoint_; }
  const std::optional<std::string>& pruning() const { return pruning_; }

 private:
  Result<void> take_head(ExportHead head);
  Result<void> take_entry(const ExportEntry& entry);
  Result<void> take_end(const ExportEnd& end);
  enum class Stage : std::uint8_t { kHead, kEntries, kEnd, kFailed };
  Stage stage_ = Stage::kHead;
  std::string origin_;
  ChainState state_;
  std::optional<std::string> checkpoint_;
  std::optional<std::string> pruning_;
  std::optional<Checkpoint> promised_;  // by checkpoint_, until its tree is met
};

}  // namespace certrelay
