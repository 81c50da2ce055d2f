#pragma once

#include <optional>

#include "protocol/extract/records.hpp"
#include "relay/env/file_mark.hpp"
#include "relay/registry/card_index.hpp"
#include "relay/registry/key_file.hpp"

namespace certrelay {

// A file of the extract and its length, for the next one's guard rails.
struct FileBytes {
  std::string name;  // a table's, or "images/" for all images together
  std::uint64_t bytes = 0;
  friend bool operator==(const FileBytes&, const FileBytes&) = default;
};

// seal.bin of a generation: what the other files must be, the index keys and the menu, sealed
// under the root. Digests of ciphertext only.
struct GenerationSeal {
  std::uint64_t generation = 0;
  std::uint64_t persons = 0;
  std::uint64_t households = 0;
  std::uint64_t cards = 0;
  UtcTime created;
  FileMark base;
  FileMark index;
  IndexKeys index_keys;
  Catalogue catalogue;
  std::vector<FileBytes> files = {};
  IndividualNumbers numbers = IndividualNumbers::kNotHeld;
  // Persons whose number the generation before held and this one does not: the old keys end with
  // the root, whose turn is due. 0 once it was turned.
  std::uint64_t numbers_ended = 0;
};
inline constexpr std::size_t kGenerationSealBytesMax = std::size_t{4} * 1024 * 1024;
// `numbers_ended` instead of the seal's own.
Bytes seal_generation(const GenerationSeal& seal, std::uint64_t numbers_ended, const RootRef& root,
                      Entropy& entropy);
// Errors: kSealBroken, kWrongGeneration, kStoreCorrupt.
Result<GenerationSeal> open_generation_seal(ByteView sealed, const RootRef& root,
                                            std::uint64_t generation);

// CURRENT: which generation is in force, replaced in one step, sealed under the root.
struct CurrentRegister {
  std::uint64_t epoch = 0;  // of the root, outside the seal and bound to it
  std::uint64_t generation = 0;
  std::uint64_t sequence = 0;        // the last change contained
  std::string stem;                  // of the generation
  std::string keys;                  // the keys.bin in force
  std::uint64_t key_count = 0;       // so that a cut keys.bin shows
  UtcTime last_contact;              // of the activation
  std::string overlay{};             // the log of what came after the extract
  std::string added{};               // the keys of persons who were new since; of the root's epoch
  std::uint64_t overlay_frames = 0;  // that the log had when it came in force
  std::array<std::uint8_t, 32> overlay_key{};  // the log's own key
  ~CurrentRegister() { wipe(overlay_key); }
};
Bytes seal_current(const CurrentRegister& current, const Key256& root, Entropy& entropy);
// The root's epoch, before the root is known. Errors: kStoreCorrupt.
Result<std::uint64_t> epoch_of_current(ByteView bytes);
// Errors: kSealBroken, kStoreCorrupt.
Result<CurrentRegister> open_current(ByteView bytes, const Key256& root);

}  // namespace certrelay
