// The register in force, and the only way to another one.
#pragma once

#include <optional>

#include "relay/env/clock.hpp"
#include "relay/registry/generation.hpp"
#include "relay/registry/generation_builder.hpp"

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
};

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
  };
  // Reads, checks and builds; takes long, call it off the event loop, one at a time. The register
  // in force is untouched; after an error nothing is left behind.
  // Errors: kOldGeneration, walk_extract's, the store's.
  Result<Built> build(const Manifest& manifest, ExtractFiles& files, Diagnostics& diagnostics);
  // Puts it in force in one durable step; snapshots handed out before stay valid.
  // `contact`: when the source system said so; freshness counts from it.
  // Errors: kOldGeneration, the file system's (the old register is in force).
  Result<void> activate(const Built& built, UtcTime contact);
  // Removes the files of former generations that no snapshot uses any more. Call it now and then.
  void remove_retired();
  // Removes a generation that will not be put in force.
  void discard(const Built& built);

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

  RegisterEnv env_;
  RegisterSettings settings_;
  RootSlots roots_;
  struct Retired {
    std::weak_ptr<const Generation> generation;
    Built names;
  };

  std::mutex activation_;     // one CURRENT is written at a time
  mutable std::mutex mutex_;  // of the two below; never held across a write
  std::shared_ptr<const Generation> generation_;
  std::optional<CurrentRegister> current_;
  std::vector<Retired> retired_;  // under mutex_
};

}  // namespace certrelay
