// A register in a file system that forgets, for the tests of the registry.
#pragma once

#include "relay/keys/import_key.hpp"
#include "relay/registry/sealed_register.hpp"
#include "relay/registry/spool.hpp"
#include "tests/support/forgetful_files.hpp"
#include "tests/support/seeded_entropy.hpp"
#include "tests/support/sim_clock.hpp"
#include "tests/unit/extract/sample_extract.hpp"

namespace certrelay {

// The head of a household of sample_extract, and a person's number in the register.
inline PersonId head(std::uint64_t household) { return sample::person_id(household * 10 + 1); }
inline std::uint64_t number(const PersonId& person) {
  return std::stoull(std::string(person.text()));
}

struct RegisterWorld {
  // `numbers`: the municipality holds 個人番号.
  explicit RegisterWorld(bool numbers = false) : RegisterWorld(nullptr, numbers) {}
  // With an outer key of the caller's, where it is not a file; it outlives the world.
  explicit RegisterWorld(OuterKey* other, bool numbers = false);
  RegisterEnv env() { return {&files, &entropy, &clock, token, print_check}; }
  Result<std::unique_ptr<SealedRegister>> open() { return SealedRegister::open(env(), settings); }
  // Builds and activates. Errors: SealedRegister's.
  Result<void> import(SealedRegister& target, const sample::Extract& extract);
  // Every file in the register's folder.
  std::vector<std::string> stored_files();

  testing::ForgetfulFiles files;
  testing::SeededEntropy entropy{7};
  testing::SimClock clock;
  RegisterSettings settings;
  OuterKey* token = nullptr;
  // Set it, then open: without one nothing is asked of the fonts.
  const PrintCheckPort* print_check = nullptr;
};

}  // namespace certrelay
