// One generation of the register, opened: the sealed base, the card index and the keys.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>

#include "relay/ports/register_port.hpp"
#include "relay/registry/base_file.hpp"
#include "relay/registry/generation_seal.hpp"
#include "relay/registry/stored_person.hpp"

namespace certrelay {

// A generation is three files that share a stem. The seal's name tells the root it is sealed under,
// so that the next root's lies beside it until CURRENT names one of the two.
inline constexpr std::string_view kBaseEnd = ".base";
inline constexpr std::string_view kIndexEnd = ".idx";
std::string seal_end(std::uint64_t epoch);

// Under which name a person's record is sealed: displaced or of another generation, it does not
// open.
Bytes record_context(std::uint64_t generation, std::uint64_t person);

// A person's pseudonym under the person's own key.
SubjectPseudonym pseudonym_under(const Key256& key);

struct GenerationPlace {
  std::string stem;  // path of the generation's files without their ends
  std::string keys;  // path of keys.bin
  RegisterVersion version;
  std::uint64_t epoch = 0;
  std::uint64_t key_count = 0;
};

// Immutable but for an erasure, which takes keys away; its files may be removed while it lives. See
// RegisterSnapshot.
class Generation final : public RegisterSnapshot {
 public:
  // Checks owner and mode of every file (R33), compares the base and the index with the sealed
  // digests and opens every key page: a flipped bit anywhere refuses.
  // `files` must outlive it. Errors: check_file's, kSealBroken, kDigestMismatch,
  // kStoreCorrupt, kWrongGeneration, the file system's.
  static Result<std::shared_ptr<Generation>> open(Files& files, const GenerationPlace& place,
                                                  const Key256& root, const FileRule& rule);

  // Where the rows of a generation's two indexes lie.
  struct Rows {
    SortedRows persons;
    SortedRows cards;
  };
  // For open() alone: it has checked what it passes.
  Generation(Files& files, GenerationPlace place, const Key256& root, GenerationSeal seal,
             Rows rows);

  RegisterVersion version() const override { return version_; }
  Result<LinkedPerson> find_card(const CardKey& card) const override;
  Result<HouseholdView> household_of(const PersonId& person) const override;
  Result<SubjectPseudonym> pseudonym(const PersonId& person) const override;
  Result<std::optional<IndividualNumber>> individual_number(const PersonId& person) const override;
  const Catalogue& catalogue() const override { return seal_.catalogue; }

  // What the base says of one person. Errors: as household_of.
  Result<StoredPerson> stored(const PersonId& person, SubjectPseudonym* subject = nullptr) const;
  // Errors: kUnknownPerson (not in the base, or the key is gone); damaged bytes.
  Result<Key256> key_of(const PersonId& person) const;
  // The key over that person's number, in that slot. Errors: as key_of().
  Result<Key256> number_key(std::uint64_t person, std::uint64_t slot) const;
  // Persons whose number the generation before held and this one does not, until the root was
  // turned since: their keys die with it.
  std::uint64_t numbers_ended() const;
  void settle_numbers();
  // Every person of the base, ascending. Errors: damaged bytes, and visit's.
  Result<void> each_person(const std::function<Result<void>(std::uint64_t)>& visit) const;

  const GenerationSeal& contents() const { return seal_; }
  GenerationPlace place() const;
  // For the plan of the next extract: who has a row, erased or not, ascending. Errors: the store's.
  Result<std::vector<std::uint64_t>> person_ids() const;
  // Who has a key and no record: left with this generation or an earlier one (R51), ascending.
  // Opens every page of keys the first time, and after a rekey(). Errors: damaged bytes.
  Result<std::vector<std::uint64_t>> left_behind() const;

  // Those of `persons` (ascending) that have a key. Opens every page. Errors: damaged bytes.
  Result<std::vector<std::uint64_t>> with_key(const std::vector<std::uint64_t>& persons) const;

  // From the next look-up on the keys are those in `keys`, of the same slots, sealed under that
  // root; whoever has none there any more is unknown. When it returns, nobody reads the former file
  // or holds its root.
  void rekey(const std::string& keys, std::uint64_t epoch, const Key256& root);

 private:
  // A file of keys and its root; wiped when the last reader has let it go.
  struct Keyring {
    std::string path;
    std::uint64_t epoch;
    Key256 root;
  };
  // What one thread needs for a look-up; handed out and taken back.
  struct Reader {
    BaseReader base;
    CardIndex index;
    std::shared_ptr<const Keyring> ring;
    KeyFile keys;
  };
  class Loan;

  std::string path(std::string_view end) const { return stem_ + std::string(end); }
  std::shared_ptr<const Keyring> ring() const;
  void give_back(std::unique_ptr<Reader> reader) const;
  Result<std::unique_ptr<Reader>> open_reader() const;
  Result<Loan> borrow() const;
  Result<StoredPerson> record_of(const Reader& reader, const PersonId& person,
                                 SubjectPseudonym* subject) const;

  Files* files_;
  std::string stem_;
  RegisterVersion version_;
  std::uint64_t key_count_;
  GenerationSeal seal_;
  Rows rows_;
  mutable std::mutex mutex_;  // of all below
  mutable std::condition_variable returned_;
  std::shared_ptr<const Keyring> ring_;
  mutable std::vector<std::unique_ptr<Reader>> idle_;
  mutable std::optional<std::vector<std::uint64_t>> left_behind_;
  std::uint64_t numbers_ended_;
};

}  // namespace certrelay
