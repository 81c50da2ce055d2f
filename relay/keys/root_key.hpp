// The root: the key over every person's key, and the outer key over the root.
#pragma once

#include <optional>
#include <vector>

#include "relay/keys/outer_key.hpp"

namespace certrelay {

// One file with two slots of 4,096 bytes each, written in place and never moved, because an old
// root is destroyed by overwriting the very blocks that hold it. Never in a backup or a snapshot,
// never on a copy-on-write file system. FORMAT.md of relay/registry documents the bytes.
class RootSlots {
 public:
  static constexpr std::size_t kSlots = 2;
  static constexpr std::size_t kSlotSize = 4096;

  // Makes the file with a fresh root of epoch 1 in the first slot. Errors: kAlreadyExists, the file
  // system's and the outer key's. `files` and `outer` must outlive the object.
  static Result<RootSlots> create(Files& files, Entropy& entropy, const std::string& path,
                                  OuterKey& outer);
  // Errors: kNoRootKey (no slot opens under `outer`), kStoreCorrupt (size), check_file's, and the
  // outer key's.
  static Result<RootSlots> open(Files& files, const std::string& path, const FileRule& rule,
                                OuterKey& outer);

  // The root of that epoch. Errors: kNoRootKey.
  Result<const Key256*> root(std::uint64_t epoch) const;
  // The highest epoch; between add() and destroy() there are two.
  std::uint64_t newest() const;
  // All epochs that have a root, ascending.
  std::vector<std::uint64_t> epochs() const;
  // Writes a fresh root of the next epoch into the free slot, synced and read back.
  // Errors: kLimitExceeded (no slot is free), the file system's, kStoreCorrupt (read back).
  Result<std::uint64_t> add(Entropy& entropy);
  // Destroys what the outer key has of that epoch, zeroes its slot in place, syncs and reads back.
  // Errors: kNoRootKey, the file system's, kStoreCorrupt (read back), the outer key's.
  Result<void> destroy(std::uint64_t epoch);
  // Zeroes whatever a power cut left in a slot that holds no root; reads every slot back.
  // Errors: as destroy().
  Result<void> scrub();
  // Zeroes both slots, whatever they hold: no root is left (R19). Errors: as destroy().
  Result<void> destroy_all();

 private:
  struct Root {
    std::uint64_t epoch;
    Key256 key;
    Bytes sealed;  // as in the slot
  };
  RootSlots(Files& files, std::string path, OuterKey& outer)
      : files_(&files), path_(std::move(path)), outer_(&outer) {}
  Result<void> write_slot(std::size_t slot, ByteView bytes);

  Files* files_;
  std::string path_;
  OuterKey* outer_;
  std::array<std::optional<Root>, kSlots> slots_;
};

}  // namespace certrelay
