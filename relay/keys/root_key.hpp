// The root: the key over every person's key, and the outer key over the root.
#pragma once

#include <optional>
#include <string>

#include "relay/env/files.hpp"
#include "relay/keys/seal.hpp"

namespace certrelay {

// Who must own a file and which mode it must have (R33).
struct FileRule {
  std::uint32_t owner = 0;  // uid
  std::uint32_t mode = 0600;
};

// A regular file of exactly that owner and mode. Errors: kWrongOwner, kNotFound, kIoError.
Result<void> check_file(Files& files, const std::string& path, const FileRule& rule);

// The outer key's file: 32 bytes, nothing else.
// Errors: check_file's, kKeyFileInvalid.
Result<Key256> load_outer_key(Files& files, const std::string& path, const FileRule& rule);
// Makes such a file, durable. Errors: kAlreadyExists, and the file system's.
Result<void> create_outer_key(Files& files, Entropy& entropy, const std::string& path);

// One file with two slots of 4,096 bytes each, written in place and never moved, because an old
// root is destroyed by overwriting the very blocks that hold it. Never in a backup or a snapshot,
// never on a copy-on-write file system. FORMAT.md of relay/registry documents the bytes.
class RootSlots {
 public:
  static constexpr std::size_t kSlots = 2;
  static constexpr std::size_t kSlotSize = 4096;

  // Makes the file with a fresh root of epoch 1 in the first slot. Errors: kAlreadyExists, and the
  // file system's. `files` must outlive the object, as `entropy` must.
  static Result<RootSlots> create(Files& files, Entropy& entropy, const std::string& path,
                                  const Key256& outer);
  // Errors: kNoRootKey (no slot opens under `outer`), kStoreCorrupt (size), check_file's.
  static Result<RootSlots> open(Files& files, const std::string& path, const FileRule& rule,
                                const Key256& outer);

  // The root of that epoch. Errors: kNoRootKey.
  Result<const Key256*> root(std::uint64_t epoch) const;
  // The highest epoch; between add() and destroy() there are two.
  std::uint64_t newest() const;
  // Writes a fresh root of the next epoch into the free slot, synced and read back.
  // Errors: kLimitExceeded (no slot is free), the file system's, kStoreCorrupt (read back).
  Result<std::uint64_t> add(Entropy& entropy, const Key256& outer);
  // Zeroes the slot of that epoch in place, syncs and reads back.
  // Errors: kNoRootKey, the file system's, kStoreCorrupt (read back).
  Result<void> destroy(std::uint64_t epoch);

 private:
  struct Root {
    std::uint64_t epoch;
    Key256 key;
  };
  RootSlots(Files& files, std::string path) : files_(&files), path_(std::move(path)) {}
  Result<void> write_slot(std::size_t slot, ByteView bytes);

  Files* files_;
  std::string path_;
  std::array<std::optional<Root>, kSlots> slots_;
};

}  // namespace certrelay
