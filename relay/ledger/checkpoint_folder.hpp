#pragma once

#include <optional>

#include "relay/env/files.hpp"
#include "relay/keys/checkpoint_key.hpp"

namespace certrelay {

// The folder that the city copies off the machine: one signed note a file, named
// checkpoint-<size, 20 digits>, written whole or not at all.
class CheckpointFolder {
 public:
  // `files` must outlive it.
  CheckpointFolder(Files& files, std::string path) : files_(files), path_(std::move(path)) {}

  // Makes the folder if it is absent. Errors: those of Files.
  Result<void> prepare();
  // Errors: those of Files and CheckpointKey::sign.
  Result<void> write(const CheckpointKey& key, const Checkpoint& checkpoint);
  // The sizes of the checkpoints there, ascending; other names are passed over. An absent folder
  // has none. Errors: those of Files.
  Result<std::vector<std::uint64_t>> sizes();
  // The note of that size as it was written. Errors: those of Files.
  Result<std::string> note(std::uint64_t size);
  // That note, verified. Errors: verify_checkpoint's, kCheckpointMismatch (another size than its
  // name says).
  Result<Checkpoint> read(std::uint64_t size, const NoteVerifier& verifier);
  // Keeps every checkpoint over more than `size` entries as lost-checkpoint-<size>: of entries that
  // are gone with two persons' knowledge. Errors: those of Files.
  Result<void> set_aside_beyond(std::uint64_t size);

 private:
  std::string file_of(std::uint64_t size) const;
  Files& files_;
  std::string path_;
};

}  // namespace certrelay
