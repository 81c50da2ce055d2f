// keys.bin: one random key a person, 26 to a page, each page sealed under the root. FORMAT.md.
#pragma once

#include <optional>

#include "relay/keys/root_key.hpp"
#include "relay/registry/read_window.hpp"

namespace certrelay {

// Small, because a look-up reads and opens a whole page for one key of it (decision 0075).
inline constexpr std::size_t kKeyPageSize = 1024;
inline constexpr std::size_t kKeysPerPage = 26;

// A root and the number it has in the slots.
struct RootRef {
  const Key256* key;
  std::uint64_t epoch;
};

// The person of a slot whose key was erased; no id of eleven digits has this number.
inline constexpr std::uint64_t kNoPerson = 0xFF'FFFF'FFFF;

// The row of the key over a person's 個人番号, where it is held: ids of eleven digits have 37 bits,
// so the two keys of a person never meet.
constexpr std::uint64_t number_key_of(std::uint64_t person) {
  return person | (std::uint64_t{1} << 38U);
}
constexpr bool is_number_key(std::uint64_t row) { return row >> 38U == 1; }

// The row of the overlay's key that lives until the root is turned next; nobody's.
inline constexpr std::uint64_t kTurnKeyRow = std::uint64_t{1} << 39U;

// What a file of keys holds. Slots whose key was erased stay empty until the next generation, which
// numbers them anew: the base of the one in force names them.
struct KeyCounts {
  std::uint64_t slots = 0;
  std::uint64_t persons = 0;  // with a key; numbers' keys are not counted
};

// What a copy without some keys came to.
struct KeyCopy {
  KeyCounts counts;
  std::uint64_t dropped = 0;  // persons' keys
};

// All keys in memory, in the order of their slots: for an import, which looks every person up.
// Move-only; each key is wiped with it.
class KeyTable {
 public:
  // The slot of that person's key, made now if there is none: a key outlives the generations, and
  // with it the person's pseudonym.
  std::uint64_t slot_of(std::uint64_t person, Entropy& entropy);
  // A key that was made for a person elsewhere; one that is here already stays.
  void fold(std::uint64_t person, const Key256& key);
  // The slot of a new key over that person's number: those of the former generation end with it.
  std::uint64_t add_number_key(std::uint64_t person, Entropy& entropy);
  // Of the persons whose number had a key before close_gaps(), those who were given none since.
  std::uint64_t numbers_ended() const { return former_numbers_.size() - numbers_kept_; }
  const Key256& key(std::uint64_t slot) const { return rows_[slot].key; }
  // kNoPerson where the key was erased; number_key_of() a person.
  std::uint64_t person(std::uint64_t slot) const { return rows_[slot].person; }
  std::uint64_t size() const { return rows_.size(); }
  // Closes the empty slots and sets the numbers' keys aside: all slots get new numbers. For a new
  // generation, before slot_of().
  void close_gaps();

  // Writes all pages to a new file, synced. Errors: kAlreadyExists, the file system's.
  Result<void> write(Files& files, const std::string& path, const RootRef& root,
                     Entropy& entropy) const;

 private:
  friend class KeyFile;
  struct Row {
    std::uint64_t person;
    Key256 key;
  };
  struct Place {
    std::uint64_t person;
    std::uint64_t slot;
  };
  void add(std::uint64_t person, Key256 key);
  std::vector<Row> rows_;
  std::vector<Place> known_;                   // sorted by person: those read from the file
  std::vector<std::uint64_t> former_numbers_;  // rows, ascending
  std::uint64_t numbers_kept_ = 0;
};

// An open keys.bin. One thread at a time.
class KeyFile {
 public:
  // `root` must outlive it. Errors: the file system's, kStoreCorrupt (size).
  static Result<KeyFile> open(Files& files, const std::string& path, const RootRef& root);

  // The key in that slot, which must be that person's. Errors: kSealBroken (the page does not
  // open), kUnknownPerson (the slot is another's or none), the file system's.
  Result<Key256> key(std::uint64_t slot, std::uint64_t person) const;
  // Opens every page. Errors: as key(), kStoreCorrupt.
  Result<KeyTable> load() const;
  // Who has a key, ascending. Opens every page and keeps no key. Errors: as load().
  Result<std::vector<std::uint64_t>> persons() const;
  // Opens every page, so that a damaged one shows at start, and keeps nothing. Errors: as load().
  Result<KeyCounts> check() const;
  // Writes a new file, synced, whose pages are sealed under `to`, without the rows `persons`
  // (ascending; number_key_of() for a number's key); every other key stays in its slot. Errors: as
  // load(), and as KeyTable::write().
  Result<KeyCopy> copy_without(const std::vector<std::uint64_t>& persons, Files& files,
                               const std::string& path, const RootRef& to, Entropy& entropy) const;
  std::uint64_t pages() const { return pages_; }

 private:
  KeyFile(std::unique_ptr<File> file, const RootRef& root, std::uint64_t pages)
      : file_(std::move(file)), root_(root), pages_(pages) {}
  Result<Bytes> open_page(std::uint64_t number, ByteView sealed) const;
  // Every page in order, opened: visit(number, clear) returns Result<void>. The page is wiped
  // after.
  template <class Visit>
  Result<void> walk(const Visit& visit) const;

  std::unique_ptr<File> file_;
  RootRef root_;
  std::uint64_t pages_;
  mutable ReadWindow window_;  // a page, as it is sealed
};

}  // namespace certrelay
