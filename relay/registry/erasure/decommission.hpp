// The end of a machine (R19, R21): the residents' data and keys at any time, the ledger only after
// its take-over. Works on the files alone, so that it goes on where a power cut ended it.
#pragma once

#include "protocol/base/sha256.hpp"
#include "protocol/base/time.hpp"
#include "relay/keys/root_key.hpp"
#include "relay/registry/erasure/erasure_order.hpp"

namespace certrelay {

struct DecommissionSettings {
  std::string state_folder;              // the marker and the record lie here
  std::vector<std::string> folders;      // register and spool: emptied
  std::string root_slots;                // path, within one of them
  std::optional<std::string> outer_key;  // its file, where there is one of our own
  FileRule rule;                         // of the slots
  std::string program;                   // name and version, for the record
};

enum class Decommissioned : std::uint8_t {
  kNo,
  kBegun,      // a power cut ended it: sanitise() again
  kResidents,  // their data and keys are gone
  kWhole,      // the ledger too
};
// Asked before anything else is opened. Errors: the file system's.
Result<Decommissioned> decommission_state(Files& files, const std::string& state_folder);

// Order and time, durable; from here on the machine never serves again. Errors: kDecommissioned,
// the file system's.
Result<void> begin_decommission(Files& files, const DecommissionSettings& settings,
                                const ErasureOrder& order, UtcTime now);

// Destroys the roots (in the token, or in their slots, read back), then overwrites and removes
// every file of the folders and the outer key's, then writes the record of sanitisation and returns
// it. Again after an error or a power cut. `outer` opens the slots. Errors: kNotYetSanitised (not
// begun), the file system's, the outer key's.
Result<std::string> sanitise(Files& files, const DecommissionSettings& settings, OuterKey& outer,
                             UtcTime now);

// What shows that the ledger lives on elsewhere, or need not: both sizes and roots were computed,
// ours from the ledger, the other from the copy.
struct LedgerTakeOver {
  std::uint64_t own_size = 0;
  Digest own_root{};
  std::optional<std::uint64_t> copy_size;
  Digest copy_root{};
  UtcTime last_entry;  // of ours
};
inline constexpr std::chrono::years kLedgerYears{5};

// Overwrites and removes the ledger's files and adds a line to the record.
// Errors: kNotYetSanitised, kTakeOverMissing (the copy differs or lacks entries, and the last entry
// is not five years old), the file system's.
Result<void> destroy_ledger(Files& files, const DecommissionSettings& settings,
                            const std::string& ledger_folder, const LedgerTakeOver& take_over,
                            UtcTime now);
// Goes on where a power cut ended destroy_ledger(): then the ledger can be compared no more, and
// what it was found to be lies in a file. False: none was begun. Errors: the file system's.
Result<bool> resume_ledger_destruction(Files& files, const DecommissionSettings& settings,
                                       const std::string& ledger_folder);

}  // namespace certrelay
