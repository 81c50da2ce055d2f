// First call of `certrelayctl init`: every private key of the site, made on the box, and what the
// authorities and the peers are given of them.
#pragma once

#include "firmware/ctl/init/init_plan.hpp"
#include "relay/env/entropy.hpp"
#include "relay/env/files.hpp"

namespace certrelay {

// How far a site's folder has come.
enum class InitStage : std::uint8_t {
  kNothing,   // no such folder, or an empty one
  kBegun,     // interrupted while the keys were made: the next call begins anew
  kKeysMade,  // waits for the certificates
  kFinished,  // has its configuration; the door is closed
};

// The files that end a stage are written last, so each names one that is whole.
inline constexpr const char* kFingerprintsFile = "to-authorities/fingerprints.txt";
inline constexpr const char* kSiteConfigFile = "certrelay.toml";
inline constexpr const char* kPlanFile = "init-plan.toml";

// Errors: kWrongOwner (not a folder that is its owner's alone, R33), kAlreadyExists (it holds what
// init has not made), Files'.
Result<InitStage> init_stage(Files& files, const std::string& folder, std::uint32_t owner);

// Whether the folder has its configuration, or the state of a relay that has run.
bool is_finished_site(Files& files, const std::string& folder);

// Makes the folder (0700) with the plan, the keys and what is handed out. After an error or a crash
// the stage is kBegun and nothing of it counts; a call in that stage destroys what is left and
// begins anew. Precondition: kNothing or kBegun. Errors: Files', kMalformed (a name that a
// certificate cannot carry), kInternal.
Result<void> make_site_keys(Files& files, Entropy& entropy, const InitPlan& plan,
                            const std::string& plan_text, const std::string& folder);

// The pass phrase over the site's PKCS#8 files. Errors: Files'.
Result<std::string> read_site_password(Files& files, const std::string& folder);

}  // namespace certrelay
