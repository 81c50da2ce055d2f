// The register in force, and the only way to another one.
#pragma once

#include <deque>
#include <optional>

#include "protocol/wire/extract_plan.hpp"
#include "protocol/wire/reconciliation_message.hpp"
#include "protocol/wire/registry_message.hpp"
#include "protocol/wire/registry_statement.hpp"
#include "relay/env/clock.hpp"
#include "relay/ports/print_check_port.hpp"
#include "relay/registry/erasure/residue_builder.hpp"
#include "relay/registry/erasure/root_turn.hpp"
#include "relay/registry/generation.hpp"
#include "relay/registry/generation_builder.hpp"
#include "relay/registry/overlaid_register.hpp"

namespace certrelay {

struct RegisterEnv {
  Files* files;
  Entropy* entropy;
  const Clock* clock;
  // None: the file that the settings name.
  OuterKey* outer = nullptr;
  // Which members could not be printed; null only where nothing is ever printed.
  const PrintCheckPort* print_check = nullptr;
};

// Whether a generation below the one in force is taken: only where two persons said so.
enum class Older : std::uint8_t { kRefused, kApproved };

struct RegisterSettings {
  std::string folder;       // holds nothing but the register
  std::string outer_key;    // path of its file, where RegisterEnv brings no outer key
  std::uint32_t owner = 0;  // uid that every file must have (R33)
  // How long an extract serves after it was activated, where changes are not used (R50).
  std::chrono::seconds extract_age_max = std::chrono::hours(26);
  // For demonstrations: an erasure that rests on overwriting is not refused where that is no proof.
  bool any_file_system = false;
  // Where changes are used: how long silence of the source system is borne.
  std::optional<std::chrono::seconds> feed_silence_max;
  // Whether an extract may bring 個人番号: only where the municipality's own assessment says so
  // (R08).
  bool hold_individual_number = false;
  OverlayLimits overlay;
};

// What became of a change: what to answer, and whose prepared certificates are void now.
struct ChangeOutcome {
  RegisterAcknowledgement acknowledgement;
  std::vector<HouseholdId> touched{};
  bool repeated = false;  // acknowledged before; nothing was done
};

// Somebody whose gates were closed by hand, or opened again.
struct HeldSubject {
  HouseholdId household;
  SubjectPseudonym subject{};
};

// How long a promise of no changes may reach: over the New Year and a day.
inline constexpr std::chrono::hours kPromiseMax{8 * 24};

// Thread-safe. All that `env` points to must outlive it.
class SealedRegister final : public RegisterPort {
 public:
  // A root is there: init() was completed.
  static bool initialised(const RegisterEnv& env, const RegisterSettings& settings);
  // Makes what is missing of folder, outer key and root, so that an interrupted one can be done
  // again. Errors: kAlreadyExists (there is a root), kOverwriteUnsafe, and the file system's.
  static Result<void> init(const RegisterEnv& env, const RegisterSettings& settings);

  // Checks owner, mode and digests of everything that is in force, and removes what an
  // interrupted import left. Without an activated extract it opens and is not ready.
  // Errors: kNotFound (not initialised), kOverwriteUnsafe, kWrongOwner, kKeyFileInvalid,
  // kNoRootKey, kForbiddenItem (individual numbers are in force and must not be held),
  // Generation's.
  static Result<std::unique_ptr<SealedRegister>> open(const RegisterEnv& env,
                                                      RegisterSettings settings);

  Result<std::shared_ptr<const RegisterSnapshot>> snapshot() const override;
  RegisterState state() const override;
  Result<void> still_current(const RegisterVersion& version,
                             const HouseholdId& household) const override;

  // A finished generation that is not in force yet. Dies with the object or the process.
  struct Built {
    std::shared_ptr<Generation> generation;
    std::string stem;                   // names within the register's folder
    std::string keys;                   // as it was made: an erasure meanwhile gives it another
    std::uint64_t base_generation = 0;  // the changes of that one up to the next are contained
    std::uint64_t last_change = 0;
    std::size_t added_keys = 0;     // that the register in force had made besides keys.bin
    RegisterVersion compared = {};  // with which version in force the plan compares
    ExtractPlan plan = {};
    std::uint64_t closed_members = 0;
    std::vector<std::uint64_t> touched = {};  // PlanMaker::take_touched()
  };
  // Reads, checks and builds; takes long, call it off the event loop, one at a time. The register
  // in force is untouched; after an error nothing is left behind.
  // An older generation is built, for the guard rails to look at; the same one is not.
  // Errors: kOldGeneration, kForbiddenItem, walk_extract's, PlanMaker's, the store's.
  Result<Built> build(const Manifest& manifest, ExtractFiles& files, Diagnostics& diagnostics);
  // Puts it in force in one durable step; snapshots handed out before stay valid.
  // `contact`: when the source system said so; freshness counts from it.
  // Holds and the promise of a heartbeat stay. Errors: kOldGeneration; kBaseChanged (its plan was
  // made against another generation than the one in force); kChangesNotContained (a change in force
  // is missing in the extract); the file system's. After any error the old register is in force; if
  // the disk left open which of the two CURRENT names, the next call that writes puts the old one
  // back first, and a start before that opens either, whole.
  Result<void> activate(const Built& built, UtcTime contact, Older older = Older::kRefused);
  // The source system wants it in force at that time: whatever becomes of it, over a restart too,
  // the one in force serves no longer than a few seconds past that time (INV-6: it would print what
  // the source system no longer says). Durable. Errors: the store's.
  Result<void> expect_activation(const Built& built, UtcTime at);
  // Whether activate() would take it now. Errors: kOldGeneration, kBaseChanged.
  Result<void> may_follow(const Built& built, Older older) const;
  // The generation in force; null: none. For the guard rails.
  std::shared_ptr<const Generation> in_force() const;
  // Removes the files of former generations that no snapshot uses any more. Call it now and then.
  void remove_retired();
  // Removes a generation that will not be put in force.
  void discard(const Built& built);

  // What came after the extract (sealed_register_feed.cpp). The caller has verified the signature
  // and the time; generation and number are judged here. All block for the disk.
  //
  // A change in sequence is durable and in force when it returns ok: applied, or quarantined with
  // findings. A number that was acknowledged gives the same acknowledgement for the same body.
  // Errors: kWrongGeneration, kChangeGap, kChangeConflict, kAnswerGone (a number that was
  // acknowledged, and the body cannot be compared any more: somebody of whom it told was erased),
  // decode_change's, kOverlayFull, the
  // store's: nothing has changed then, but the number is known to be sent and everything stops
  // until it, or a full extract, came.
  Result<ChangeOutcome> change(const RegistryStatement& statement, ByteView body);
  // Errors: kWrongGeneration, kChangeGap, kHeartbeatBehind, kPromiseInvalid, the store's.
  Result<void> heartbeat(const RegistryStatement& statement,
                         const std::optional<UtcTime>& complete_until);
  // The changes that were put aside and close a household still, with why; oldest first, the first
  // kPutAsideMax. Errors: kStoreCorrupt and the decoder's, of what was stored with a change.
  Result<std::vector<PutAsideChange>> put_aside() const;
  // Which blocks differ from what the source system has. Takes a second for some ten thousand
  // people; call it apart from the other calls.
  // Errors: kRegisterNotReady, kLimitExceeded (too many people at once), damaged bytes.
  Result<ReconciliationAnswer> reconcile(const ReconciliationRequest& request) const;
  // Closes a person's gates until release(), or until the next change of that person; held
  // already: the new reason. Durable. Errors: kRegisterNotReady, kUnknownPerson, the store's.
  Result<HeldSubject> hold(const PersonId& person, std::string_view reason);
  // Errors: as hold(); kNotHeld.
  Result<HeldSubject> release(const PersonId& person);
  std::vector<Overlay::Hold> holds() const;

  // Erasure, stage one: the keys of `persons` (numbers of their ids) are gone for good when it
  // returns ok: there is a new file of keys under a new root, the old root was zeroed in its slot
  // and read back, and no reader holds it. Everybody else's look-ups go on. Whoever has no key is
  // passed over. After an error, or a power cut, either nothing was erased (epoch() as before) or
  // everything but the old root, which the next call, or the next start, destroys first.
  // Errors: kErasureBusy (an import is running, or an older generation is still read),
  // kRegisterNotReady (nothing was ever activated), the store's and the outer key's.
  Result<RootTurn> destroy_keys(std::vector<std::uint64_t> persons);
  // 個人番号 whose key outlived the last record with it: of the dead, of those that the extract in
  // force has without one, of the deleted.
  struct NumbersDue {
    std::uint64_t count = 0;
    bool at_once = false;  // not only of the deleted, whose other data wait too
  };
  // Errors: damaged bytes.
  Result<NumbersDue> numbers_due();
  // Their keys are gone for good when it returns ok, as after destroy_keys(): one step, everybody
  // else's stay. Errors: as destroy_keys(); kNothingToDo.
  Result<RootTurn> end_numbers();
  // Whether the root can be turned now. Errors: kErasureBusy.
  Result<void> may_turn();
  // An extract may bring numbers.
  bool may_hold_numbers() const { return settings_.hold_individual_number; }
  // Stage two: base and card index are built again without the rows that nobody can open, the index
  // under new keys, everything under a new root. Takes long; call it off the event loop. The files
  // before are removed once no snapshot reads them: residue_gone().
  // Errors: as destroy_keys(), and kRegisterChanged (an activation came in between: try again).
  Result<ResidueDrop> drop_residue();
  // No file of a former generation is left. Removes what it can.
  bool residue_gone();
  // Destroys every root that is not in force, as a start does. Ok: an erasure that raised epoch()
  // is done to the end. Errors: kErasureBusy, the store's and the outer key's.
  Result<void> settle_roots();
  // Length and digest of the keys in force, ciphertext. Errors: kRegisterNotReady, the store's.
  Result<FileMark> keys_mark() const;
  // Those of `persons` that have a key, on the register or not, ascending. Errors: damaged bytes.
  Result<std::vector<std::uint64_t>> with_key(std::vector<std::uint64_t> persons) const;
  // The root dies in a token, wherever copies of the slots lie.
  bool root_in_token() const { return outer().destroys(); }
  // The root's number: rises with every erasure. 0: nothing was ever activated.
  std::uint64_t epoch() const;
  // Who has a key but no record in force, ascending: due for erasure (R51): left with a generation,
  // or was deleted by an acknowledged change. Takes a second a million. Errors: damaged bytes.
  Result<std::vector<std::uint64_t>> left_behind() const;

  // For open() alone. `own`: the outer key, where it is not `env`'s.
  SealedRegister(const RegisterEnv& env, RegisterSettings settings, std::unique_ptr<OuterKey> own,
                 RootSlots roots);

 private:
  // A generation in the making that an erasure takes along, under a new root.
  struct Pending {
    std::weak_ptr<Generation> generation;
    std::string stem;
    std::string next_keys = {};  // during a turn
  };
  // On the way to the next root: CURRENT may or may not be the new one already.
  struct Turning {
    CurrentRegister next;
    std::shared_ptr<Generation> rebuilt;      // or none: the same generation goes on
    std::shared_ptr<Overlay> overlay;         // over `rebuilt`
    std::optional<Overlay::AddedKeys> added;  // else: the overlay's keys under the next root
    std::vector<std::uint64_t> without;
  };

  // CURRENT was to name another generation, and the disk does not say whether it does.
  struct Activating {
    CurrentRegister next;
    std::optional<Built> discarded = {};  // by its maker meanwhile; its files wait
  };

  std::string path(std::string_view name) const;
  FileRule rule() const { return {settings_.owner, 0600}; }
  const OuterKey& outer() const { return own_outer_ ? *own_outer_ : *env_.outer; }
  std::string fresh_keys_name() const;
  Result<RootTurn> turn_root(const std::vector<std::uint64_t>& without, const std::string& stem,
                             const GenerationSeal& seal, bool rebuilt);
  Result<RootTurn> prepare_turn(Turning& turning, const GenerationSeal& seal);
  Result<void> prepare_pending(const std::vector<std::uint64_t>& without, const RootRef& to);
  void undo_turn(const CurrentRegister& next);
  Result<void> adopt_turn();
  Result<void> settle();
  // Before anything else is written: which CURRENT is in force must be known.
  Result<void> settle_turning() { return turning_ || activating_ ? settle() : Result<void>(ok()); }
  Result<void> write_activation(const CurrentRegister& next, const Key256& root);
  Result<bool> current_names(const CurrentRegister& next) const;
  Result<void> take_back_activation();
  void adopt_activation(const Built& built, CurrentRegister next, std::shared_ptr<Overlay> overlay);
  void remove_built(const Built& built);
  void remove_overlay(const CurrentRegister& next);
  Result<void> resolve_turning();
  Result<void> open_turned(Turning& turning, bool rebuilt);
  Result<void> load_current();
  Result<void> sweep() const;
  using OverlaidPtr = std::shared_ptr<const OverlaidRegister>;
  Result<Built> build_in(const Manifest& manifest, ExtractFiles& files, Diagnostics& diagnostics,
                         Built names, OverlaidPtr now);
  Result<KeyTable> keys_in_force() const;
  std::shared_ptr<Overlay> overlay() const;
  Overlay::Env overlay_env() const;
  Overlay::Place overlay_place(const CurrentRegister& current) const;
  Result<std::shared_ptr<Overlay>> new_overlay(const Built& built, CurrentRegister& next,
                                               UtcTime contact);
  Result<void> keep_expected(Overlay& next, const Built& built) const;
  Result<void> check_contained(const Built& built) const;
  Result<ChangeOutcome> repeated_change(const Overlay& overlay, std::uint64_t sequence,
                                        ByteView body) const;
  Result<ChangeOutcome> next_change(Overlay& overlay, const RegistryStatement& statement,
                                    ByteView body);
  Result<HeldSubject> set_hold(const PersonId& person, std::string_view reason, bool held);

  RegisterEnv env_;
  RegisterSettings settings_;
  std::unique_ptr<OuterKey> own_outer_;
  struct Retired {
    std::weak_ptr<const Generation> generation;
    std::vector<std::string> paths;
  };

  std::mutex building_;  // one generation is made, or the root turned, at a time; taken first
  // One CURRENT, or one frame of the overlay, is written at a time; of the five below.
  std::mutex activation_;
  RootSlots roots_;
  std::vector<Pending> pending_;
  std::optional<Turning> turning_;
  std::optional<Activating> activating_;
  std::vector<std::string> condemned_;  // paths: sealed under a root that ends
  mutable std::mutex mutex_;            // of the four below; never held across a write
  std::shared_ptr<Generation> generation_;
  std::shared_ptr<Overlay> overlay_;  // of generation_
  std::optional<CurrentRegister> current_;
  std::vector<Retired> retired_;
  // A swap: what was in force until then, and the households of which the two do not say the same.
  struct Swap {
    RegisterVersion former;
    SteadyTime at;
    bool plan_holds;  // nothing came between the plan and the activation
    std::vector<std::uint64_t> touched;
  };
  static constexpr std::size_t kSwapsMax = 4;  // more within one transaction's life is no city
  std::deque<Swap> swaps_;                     // under mutex_, oldest first
  bool turned_ = false;  // under mutex_: keys were erased since generation_ came in force
};

}  // namespace certrelay
