// What came after the extract: the changes, quarantines, holds and signs of life of one generation,
// durable in a log and indexed in memory.
#pragma once

#include <set>
#include <shared_mutex>
#include <unordered_map>

#include "relay/registry/generation.hpp"
#include "relay/registry/overlay_frames.hpp"
#include "relay/registry/sealed_log.hpp"

namespace certrelay {

// Memory and file are bounded: past a limit a full extract is due (kOverlayFull).
struct OverlayLimits {
  std::size_t changes_max = 200'000;
  std::size_t records_max = 500'000;  // versions of persons' records, cards and holds together
};

// An applied or quarantined change on its way into the overlay.
struct PlannedChange {
  std::vector<StoredPerson> records{};
  std::vector<std::uint64_t> deleted{};
  std::vector<std::uint64_t> changed{};
  std::vector<std::uint64_t> touched{};
  std::vector<std::uint64_t> closed{};
  std::vector<std::uint64_t> reopened{};
  // Whose data the change's body tells, ascending; each has a record here. Who is only named by the
  // id is not among them: the frame names him too.
  std::vector<std::uint64_t> described{};
  bool others = false;  // it may tell data of somebody without a record here
};

// Whose 個人番号 no record in force has any more, while its key still lives.
struct EndedNumbers {
  std::vector<std::uint64_t> persons{};  // ascending
  // One of them is on the register without it, which a death does: R49 waits for nobody.
  bool at_once = false;
};

// How the source system stands.
struct FeedState {
  std::uint64_t sequence = 0;   // the last change acknowledged
  std::uint64_t announced = 0;  // the highest number that it is known to have used
  UtcTime last_contact{};
  UtcTime complete_until{};
  bool fed = false;
  std::size_t quarantined = 0;              // households
  std::vector<ScheduledFrame> scheduled{};  // generations that are to follow this one
  bool gap() const { return announced > sequence; }
};

// Thread-safe; writes one at a time (the caller's lock).
class Overlay {
 public:
  struct Place {
    std::string log;    // paths
    std::string added;  // the keys of persons who were new
    std::uint64_t frames = 0;
  };
  struct Env {
    Files* files;
    Entropy* entropy;
    FileRule rule;
    OverlayLimits limits;
  };
  struct Hold {
    std::uint64_t person;
    std::uint64_t household;
    std::string reason;
  };

  // New files with the first contact and the holds that outlive the former generation. `base` is
  // the generation, `root` the epoch's root, `key` the log's own.
  // Errors: the log's. What was written is swept at the next start.
  static Result<std::shared_ptr<Overlay>> create(const Env& env, const Place& place,
                                                 std::shared_ptr<const Generation> base,
                                                 const RootRef& root, const Key256& key,
                                                 const ContactFrame& contact,
                                                 const std::vector<Hold>& holds);
  // Errors: the log's, kStoreCorrupt, kSealBroken (a record does not open).
  static Result<std::shared_ptr<Overlay>> open(const Env& env, const Place& place,
                                               std::shared_ptr<const Generation> base,
                                               const RootRef& root, const Key256& key);

  const std::shared_ptr<const Generation>& base() const { return base_; }
  FeedState feed() const;
  // Where the register stands: what a view is made of. The edition counts up with everything that
  // changes an answer, holds included.
  RegisterVersion version() const;
  std::uint64_t frames() const { return log_->frames(); }
  std::vector<Hold> holds() const;
  // How many keys were made besides keys.bin; never falls, so that no key is overlooked.
  std::size_t added_keys() const;
  // Into `table`: the keys that are not in keys.bin yet.
  void fold_keys(KeyTable& table) const;
  // Keys besides keys.bin under another root, with the key that lives until the next one.
  struct AddedKeys {
    std::unique_ptr<SealedLog> log;
    Key256 turn_key;
  };
  // Those of `persons` (ascending) whose key is among them, ascending.
  std::vector<std::uint64_t> added_among(const std::vector<std::uint64_t>& persons) const;
  // A new file of those keys under another root, without those persons (ascending): for an erasure,
  // which then hands it to turn_keys(). Errors: the log's.
  Result<AddedKeys> copy_added(const std::string& path, const RootRef& root,
                               const std::vector<std::uint64_t>& without) const;
  // From here on keys are added to that file, and those persons have none. None: nothing will be
  // appended to this overlay any more. The former file's root is held by nobody after it.
  void turn_keys(std::optional<AddedKeys> added, const std::vector<std::uint64_t>& without);
  // Counts on where a former overlay of the same log stood.
  void continue_from(const Overlay& former);
  // Whom a change deleted and none brought back.
  std::vector<std::uint64_t> deleted() const;
  // A change sent the person's record, and none deleted it since.
  bool has_record(std::uint64_t person) const;

  // What was answered to a change.
  struct Acknowledged {
    UtcTime in_force_at{};
    Bytes with_findings;  // empty: none
  };
  std::optional<Acknowledged> acknowledged(std::uint64_t sequence) const;
  // Whether `body` is what was acknowledged under that number (1 to feed().sequence). kErased: it
  // told data of somebody whose key is gone since, and nobody can say any more (decision 0102).
  // Errors: damaged bytes.
  enum class Repeat : std::uint8_t { kSame, kOther, kErased };
  Result<Repeat> compare(std::uint64_t sequence, ByteView body) const;
  // The numbers of the changes that still close a household, ascending, the first `max`.
  std::vector<std::uint64_t> put_aside(std::size_t max) const;
  // kRegisterChanged when something touched the household after that edition. No file is read.
  Result<void> untouched_since(std::uint64_t edition, std::uint64_t household) const;

  // As of an edition.
  struct PersonState {
    enum class Kind : std::uint8_t { kAsBase, kRecord, kDeleted } kind = Kind::kAsBase;
    std::uint64_t sequence = 0;
    std::uint64_t offset = 0;
    std::uint32_t size = 0;
    bool numbered = false;  // the record has a sealed number
  };
  PersonState person(std::uint64_t person, std::uint64_t edition) const;
  bool held(std::uint64_t person, std::uint64_t edition) const;
  bool quarantined(std::uint64_t household, std::uint64_t edition) const;
  // Whose card a change made it, whether it still is or not; none: ask the base.
  std::optional<std::uint64_t> card_owner(const CardKey& card) const;
  // The record that `state` names; with `subject` the pseudonym too. Errors: kSealBroken,
  // kStoreCorrupt, kUnknownPerson (erased).
  Result<StoredPerson> record(std::uint64_t person, const PersonState& state,
                              SubjectPseudonym* subject = nullptr) const;
  Result<Key256> key_of(std::uint64_t person) const;
  // The record's number, where it has one. Errors: kUnknownPerson (its key is gone), damaged bytes.
  Result<std::optional<IndividualNumber>> open_number(const StoredPerson& stored) const;
  // By the caller's lock like a write. Errors: damaged bytes.
  Result<EndedNumbers> ended_numbers();
  // Every person that any change named.
  std::vector<std::uint64_t> persons() const;

  // Durable, then in force; each record's number is sealed first, under the key that `number` of it
  // names if that lives. `body`: as it came, for compare(). Errors: the log's, kOverlayFull;
  // nothing has changed then.
  Result<void> append(PlannedChange plan, ChangeFrame frame, ByteView body);
  Result<void> append(const ContactFrame& frame);
  // In force in memory even when it cannot be written: nobody may forget a gap.
  Result<void> append(const AnnouncedFrame& frame);
  Result<void> append(const HoldFrame& frame);
  Result<void> append(const ScheduledFrame& frame);

  // For create() and open() alone.
  Overlay(const Env& env, std::shared_ptr<const Generation> base);

 private:
  struct PersonAt {
    std::uint64_t edition;
    PersonState state;
  };
  struct FlagAt {
    std::uint64_t edition;
    bool set;
  };
  struct HoldAt {
    std::vector<FlagAt> history;
    std::uint64_t household = 0;
    std::string reason;
  };
  using Blind = std::array<std::uint8_t, 32>;
  struct BlindHash {
    std::size_t operator()(const Blind& blind) const;
  };

  Result<void> visit(const SealedLog::Frame& frame);
  Result<void> visit_added(const SealedLog::Frame& frame);
  // What the index needs of a record.
  struct Indexed {
    std::vector<Blind> cards{};
    bool numbered = false;
  };
  Result<void> ensure_keys(std::vector<StoredPerson>& records);
  Result<Key256> number_key(std::uint64_t person, const SealedNumber& number) const;
  Result<bool> needs_number_key(StoredPerson& record) const;
  Result<void> seal_number_of(StoredPerson& record) const;
  Result<Key256> number_key_in_force(std::uint64_t person) const;
  Result<bool> has_number_key(std::uint64_t person) const;
  Result<Key256> key_of_row(std::uint64_t row) const;
  Result<Key256> repeat_key(std::uint64_t sequence, const std::vector<std::uint64_t>& rows) const;
  Result<RepeatMark> mark(std::uint64_t sequence, std::vector<std::uint64_t> rows,
                          ByteView body) const;
  Result<void> check_room(std::size_t records) const;
  Bytes context(std::uint64_t sequence, std::uint64_t person) const;
  // Into the index. `records` of a change, in its order.
  void take(const ChangeFrame& frame, std::uint64_t tail_at, const std::vector<Indexed>& records);
  void take(const ContactFrame& frame);
  void take(const AnnouncedFrame& frame);
  void take(const HoldFrame& frame);
  void take(const ScheduledFrame& frame);
  std::vector<Blind> blinds_of(const StoredPerson& stored) const;
  void count_quarantine(std::uint64_t household, std::uint64_t sequence, bool closed);

  Env env_;
  std::shared_ptr<const Generation> base_;
  std::unique_ptr<SealedLog> log_;
  std::unique_ptr<SealedLog> added_;

  mutable std::shared_mutex mutex_;  // of all below; never held across a file
  FeedState feed_;
  std::uint64_t edition_ = 0;
  std::size_t records_ = 0;
  std::unordered_map<std::uint64_t, std::vector<PersonAt>> persons_;
  std::unordered_map<std::uint64_t, HoldAt> holds_;
  std::unordered_map<std::uint64_t, std::vector<FlagAt>> quarantined_;
  std::unordered_map<std::uint64_t, std::vector<std::uint64_t>> closed_by_;  // changes' numbers
  std::unordered_map<std::uint64_t, std::uint64_t> touched_;
  std::unordered_map<Blind, std::uint64_t, BlindHash> cards_;
  std::unordered_map<std::uint64_t, Key256> added_keys_;
  std::optional<Key256> turn_key_;  // none: a former overlay, which is only read
  // Persons whose last record has no number, or who were deleted; not those looked at in vain.
  std::set<std::uint64_t> numberless_;
  std::size_t keys_made_ = 0;
  // A RepeatMark, its rows in mark_rows_: a list of its own each would be as large again.
  struct Mark {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    decltype(RepeatMark::key_check) key_check{};
    decltype(RepeatMark::body) body{};
  };
  std::vector<Acknowledged> acknowledged_;  // of changes 1, 2, 3 ...
  std::vector<Mark> marks_;                 // likewise
  std::vector<std::uint64_t> mark_rows_;
};

}  // namespace certrelay
