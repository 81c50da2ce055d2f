// Where a start begins to read: a signed statement beside the ledger, written with each checkpoint.
#pragma once

#include "relay/env/files.hpp"
#include "relay/keys/checkpoint_key.hpp"
#include "relay/ledger/start_state.hpp"

namespace certrelay {

// The ledger after some entry, and what the entries up to it come to. FORMAT.md, "Start mark".
struct StartMark {
  ChainState at;
  StartState state;
};

// Where it lies. `path` is the ledger's.
std::string start_mark_path(const std::string& path);

// Old or new, whole. Errors: Files', CheckpointKey::sign's.
Result<void> write_start_mark(Files& files, const std::string& path, const CheckpointKey& key,
                              const StartMark& mark);

// None where there is none, or none that this key signed and this program understands: everything
// is then read from the first entry on, so that a mark can only spare work, never hide anything.
// Errors: Files' but kNotFound.
Result<std::optional<StartMark>> read_start_mark(Files& files, const std::string& path,
                                                 const NoteVerifier& verifier);

// Of a ledger that was put in another's place. Ok when there is none. Errors: Files'.
Result<void> remove_start_mark(Files& files, const std::string& path);

}  // namespace certrelay
