// C2SP tlog-checkpoint (https://c2sp.org/tlog-checkpoint): the text of a signed note that says how
// many entries the ledger has and what their tree's root is.
#pragma once

#include "protocol/record/chain.hpp"
#include "protocol/record/note.hpp"

namespace certrelay {

struct Checkpoint {
  std::string origin;  // the ledger's name, and the name of the key that signs
  std::uint64_t size = 0;
  Digest root{};
  std::vector<std::string> extensions;  // lines of a newer program, kept
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

Checkpoint checkpoint_of(std::string_view origin, const ChainState& state);

// Precondition: is_note_key_name(origin), extensions are not empty and have no line feed (CHECK).
std::string encode_checkpoint(const Checkpoint& checkpoint);
// Strict: one spelling of each value. Errors: kMalformed.
Result<Checkpoint> parse_checkpoint(std::string_view text);

}  // namespace certrelay
