#pragma once

#include <optional>
#include <string>
#include <vector>

#include "relay/env/files.hpp"
#include "relay/registry/erasure/erasure_order.hpp"
#include "relay/registry/erasure/root_turn.hpp"

namespace certrelay {

// The evidence of one stage of one erasure (R21, R39): a text file of lines "name: value" that an
// auditor reads without a program, and whose SHA-256 stands in the ledger. It names nobody, and its
// digests are of ciphertext. FORMAT.md.
enum class ErasureStage : std::uint8_t { kKeysDestroyed = 1, kResidueDropped = 2 };

struct Evidence {
  ErasureStage stage = ErasureStage::kKeysDestroyed;
  std::uint64_t number = 0;  // of the erasure
  UtcTime at;
  std::uint64_t persons = 0;
  // Individual numbers whose keys ended by themselves (R49); then `persons` is 0 and nobody
  // ordered.
  std::uint64_t numbers = 0;
  RootTurn turn;
  bool token = false;    // the root's key was destroyed in a PKCS#11 token
  bool resumed = false;  // finished by a later start
  std::optional<ResidueDrop> residue = std::nullopt;
  std::optional<ErasureOrder> order = std::nullopt;  // of stage one
};

// "erasure-00000017-keys.txt"
std::string evidence_name(ErasureStage stage, std::uint64_t number);
std::string to_text(const Evidence& evidence);

// What the monthly report needs of such a file.
struct EvidenceLine {
  ErasureStage stage = ErasureStage::kKeysDestroyed;
  std::uint64_t number = 0;
  UtcTime at;
  std::uint64_t persons = 0;
  std::uint64_t numbers = 0;
  friend bool operator==(const EvidenceLine&, const EvidenceLine&) = default;
};
// Errors: kStoreCorrupt.
Result<EvidenceLine> read_evidence(std::string_view text);
// All in the folder with a time in [from, until), by time. Errors: as above, the file system's.
Result<std::vector<EvidenceLine>> list_evidence(Files& files, const std::string& folder,
                                                UtcTime from, UtcTime until);

}  // namespace certrelay
