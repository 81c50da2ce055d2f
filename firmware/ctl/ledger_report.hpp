// What `certrelayctl ledger verify` looks at and says.
#pragma once

#include <boost/json/object.hpp>

#include "relay/ledger/verify.hpp"

namespace certrelay {

// Where certrelayd keeps it under a state_dir.
std::string ledger_file(const std::string& state_dir);
// A checkpoint key's public half; none when `path` is empty. Errors: Files', kMalformed.
Result<std::optional<NoteVerifier>> read_verifier_key(Files& files, const std::string& path);

// A signed note and the checkpoint in it, as the city has copied it away. Errors: Files',
// verify_checkpoint's.
struct HandedOut {
  std::string note;
  Checkpoint checkpoint;
};
Result<HandedOut> read_checkpoint(Files& files, const std::string& path,
                                  const NoteVerifier& verifier);

// The ledger and the checkpoints under a site's state_dir. Errors: verify_ledger's.
Result<VerifyReport> verify_state(Files& files, const SqliteVfs& vfs, const std::string& state_dir,
                                  const std::optional<NoteVerifier>& verifier,
                                  const std::vector<Checkpoint>& also = {},
                                  const VerifyProgress& progress = {});

// One line without a line feed: what agrees, or the first bad entry.
std::string in_words(const VerifyReport& report);
// The same for a program: origin, first, last, checkpoints, root; bad_entry and reason.
boost::json::object as_object(const VerifyReport& report);
// One line: why nothing could be verified, and how to mend it.
std::string could_not_read(const Error& error);

}  // namespace certrelay
