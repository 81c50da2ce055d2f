// Proofs over the ledger's tree (RFC 6962 §2.1.1, §2.1.2): that an entry is in a checkpoint's tree,
// and that a later checkpoint's tree continues an earlier one's. Texts of C2SP (FORMAT.md).
#pragma once

#include <optional>

#include "protocol/record/checkpoint.hpp"

namespace certrelay {

inline constexpr std::size_t kProofHashesMax = 64;  // C2SP's limit is 63 for both kinds
inline constexpr std::size_t kProofBytesMax = 32'768;

// The leaves [begin, end), counted from 0.
struct LeafRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  friend bool operator==(const LeafRange&, const LeafRange&) = default;
};

// Whose roots a proof consists of, in its order. Precondition: index < size (CHECK).
std::vector<LeafRange> inclusion_ranges(std::uint64_t index, std::uint64_t size);
// Precondition: 0 < old_size <= size (CHECK). Of equal sizes it is empty.
std::vector<LeafRange> consistency_ranges(std::uint64_t old_size, std::uint64_t size);

// The hashes of such ranges from one walk over the leaves, whatever their number.
class ProofBuilder {
 public:
  // `before`: the tree of the leaves that will not be walked over, because their entries have left.
  // Errors: kEntryPruned (a range begins or ends within what left).
  static Result<ProofBuilder> begin(std::vector<LeafRange> ranges, const MerkleFrontier& before);
  // The next leaf.
  void take(const Digest& leaf);
  // Precondition: the leaves of every range were taken (CHECK).
  std::vector<Digest> hashes() const;

 private:
  struct Part {
    LeafRange range;
    MerkleFrontier tree;
  };
  std::vector<Part> parts_;
  std::uint64_t next_ = 0;
};

// Whether `hashes` lead from the leaf to the root. Errors: kTreeMismatch (they do not), kMalformed
// (another number of hashes than the position demands, or no such position).
Result<void> verify_inclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                              const Digest& root, const std::vector<Digest>& hashes);
// Whether the tree of `size` leaves begins with that of `old_size`. Errors: as above.
Result<void> verify_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t size,
                                const Digest& root, const std::vector<Digest>& hashes);

// https://c2sp.org/tlog-proof: a file that proves an entry to whoever pins the ledger's key.
struct EntryProof {
  Bytes entry;              // canonical; the text's `extra`
  std::uint64_t index = 0;  // from 0: the entry's number less one
  std::vector<Digest> hashes;
  std::string checkpoint;  // the signed note, verbatim
};
std::string encode_entry_proof(const EntryProof& proof);
// Strict. Errors: kMalformed, kLimitExceeded.
Result<EntryProof> parse_entry_proof(std::string_view text);

// As a log sends it to a witness (https://c2sp.org/tlog-witness): that the checkpoint continues the
// tree of `old_size` leaves, whose checkpoint the reader has.
struct GrowthProof {
  std::uint64_t old_size = 0;
  std::vector<Digest> hashes;
  std::string checkpoint;
};
std::string encode_growth_proof(const GrowthProof& proof);
Result<GrowthProof> parse_growth_proof(std::string_view text);

// The entry, once the proof leads from it to the checkpoint in it. Who signed that checkpoint is
// the caller's to verify. Errors: kMalformed (also: the index is not the entry's), kTreeMismatch,
// decode_entry's, parse_note's, parse_checkpoint's.
Result<Entry> verify(const EntryProof& proof);
// Errors: kMalformed (also: of another ledger or size than `old`), kTreeMismatch, as above.
Result<void> verify(const GrowthProof& proof, const Checkpoint& old);

}  // namespace certrelay
