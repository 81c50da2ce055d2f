// The register in force, and the only way to another one.
#pragma once

#include <optional>

#include "protocol/wire/reconciliation_message.hpp"
#include "protocol/wire/registry_message.hpp"
#include "protocol/wire/registry_statement.hpp"
#include "relay/env/clock.hpp"
#include "relay/registry/generation.hpp"
#include "relay/registry/generation_builder.hpp"
#include "relay/registry/overlaid_register.hpp"

namespace certrelay {

struct RegisterEnv {
  Files* files;
  const SqliteVfs* vfs;
  Entropy* entropy;
  const Clock* clock;
};

struct RegisterSettings {
  std::string folder;       // holds nothing but the register
  std::string outer_key;    // path of its file
  std::uint32_t owner = 0;  // uid that every file must have (R33)
  // How long an extract serves after it was activated, where changes are not used (R50).
  std::chrono::seconds extract_age_max = std::chrono::hours(26);
  // Where changes are used: how long silence of the source system is borne.
  std::optional<std::chrono::seconds> feed_silence_max;
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
  // again. Errors: kAlreadyExists (there is a root), and the file system's.
  static Result<void> init(const RegisterEnv& env, const RegisterSettings& settings);

  // Checks owner, mode and digests of everything that is in force, and removes what an
  // interrupted import left. Without an activated extract it opens and is not ready.
  // Errors: kNotFound (not initialised), kWrongOwner, kKeyFileInvalid, kNoRootKey, Generation's.
  static Result<std::unique_ptr<SealedRegister>> open(const RegisterEnv& env,
                                                      RegisterSettings settings);

  Result<std::shared_ptr<const RegisterSnapshot>> snapshot() const override;
  RegisterState state() const override;
  Result<void> still_current(const RegisterVersion& version,
                             const HouseholdId& household) const override;

  // A finished generation that is not in force yet. Dies with the object or the process.
  struct Built {
    std::shared_ptr<const Generation> generation;
    std::string stem;  // names within the register's folder
    std::string keys;
    std::string overlay{};              // none before the activation
    std::uint64_t base_generation = 0;  // the changes of that one up to the next are contained
    std::uint64_t last_change = 0;
    std::size_t added_keys = 0;  // that the register in force had besides keys.bin
  };
  // Reads, checks and builds; takes long, call it off the event loop, one at a time. The register
  // in force is untouched; after an error nothing is left behind.
  // Errors: kOldGeneration, walk_extract's, the store's.
  Result<Built> build(const Manifest& manifest, ExtractFiles& files, Diagnostics& diagnostics);
  // Puts it in force in one durable step; snapshots handed out before stay valid.
  // `contact`: when the source system said so; freshness counts from it.
  // Holds and the promise of a heartbeat stay. Errors: kOldGeneration; kChangesNotContained (a
  // change in force is missing in the extract); the file system's (the old register is in force).
  Result<void> activate(const Built& built, UtcTime contact);
  // Removes the files of former generations that no snapshot uses any more. Call it now and then.
  void remove_retired();
  // Removes a generation that will not be put in force.
  void discard(const Built& built);

  // What came after the extract (sealed_register_feed.cpp). The caller has verified the signature
  // and the time; generation and number are judged here. All block for the disk.
  //
  // A change in sequence is durable and in force when it returns ok: applied, or quarantined with
  // findings. A number that was acknowledged gives the same acknowledgement for the same body.
  // Errors: kWrongGeneration, kChangeGap, kChangeConflict, decode_change's, kOverlayFull, the
  // store's: nothing has changed then, but the number is known to be sent and everything stops
  // until it, or a full extract, came.
  Result<ChangeOutcome> change(const RegistryStatement& statement, ByteView body);
  // Errors: kWrongGeneration, kChangeGap, kHeartbeatBehind, kPromiseInvalid, the store's.
  Result<void> heartbeat(const RegistryStatement& statement,
                         const std::optional<UtcTime>& complete_until);
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

  // For open() alone.
  SealedRegister(const RegisterEnv& env, RegisterSettings settings, RootSlots roots);

 private:
  std::string path(std::string_view name) const;
  FileRule rule() const { return {settings_.owner, 0600}; }
  Result<void> load_current();
  Result<void> sweep() const;
  Result<Built> build_in(const Manifest& manifest, ExtractFiles& files, Diagnostics& diagnostics,
                         Built names);
  Result<KeyTable> keys_in_force() const;
  std::shared_ptr<const Generation> in_force() const;
  std::shared_ptr<Overlay> overlay() const;
  Overlay::Env overlay_env() const;
  Overlay::Place overlay_place(const CurrentRegister& current) const;
  Result<std::shared_ptr<Overlay>> new_overlay(const Built& built, CurrentRegister& next,
                                               UtcTime contact);
  Result<void> check_contained(const Built& built) const;
  Result<ChangeOutcome> repeated_change(const Overlay& overlay, std::uint64_t sequence,
                                        const Digest& body) const;
  Result<ChangeOutcome> next_change(Overlay& overlay, const RegistryStatement& statement,
                                    ByteView body);
  Result<HeldSubject> set_hold(const PersonId& person, std::string_view reason, bool held);

  RegisterEnv env_;
  RegisterSettings settings_;
  RootSlots roots_;
  struct Retired {
    std::weak_ptr<const Generation> generation;
    Built names;
  };

  std::mutex activation_;     // one CURRENT, or one frame of the overlay, is written at a time
  mutable std::mutex mutex_;  // of the four below; never held across a write
  std::shared_ptr<const Generation> generation_;
  std::shared_ptr<Overlay> overlay_;  // of generation_
  std::optional<CurrentRegister> current_;
  std::vector<Retired> retired_;  // under mutex_
};

}  // namespace certrelay
