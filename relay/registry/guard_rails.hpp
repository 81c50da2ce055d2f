// What an extract may not do to the register in force without a second person (rules.md).
#pragma once

#include "protocol/extract/records.hpp"
#include "protocol/wire/registry_message.hpp"
#include "relay/registry/generation_seal.hpp"

namespace certrelay {

// Shares in percent; a share that is exactly reached still passes.
struct GuardRails {
  unsigned deleted_persons_percent_max = 2;
  unsigned deleted_cards_percent_max = 5;
  // Of any table, against what the register as it stands would weigh, and of the images together.
  unsigned shrink_percent_max = 10;
};

struct TrippedRail {
  ErrorCode code;   // kDeletionsAboveShare, kExtractShrank, kOlderGeneration
  Finding finding;  // for the clerk and the second person, in Japanese
};

// Sizes of the tables and, as "images/", of all images together.
std::vector<FileBytes> file_bytes_of(const Manifest& manifest);

// `plan` compares with the register as it stands; `base` is the extract under it. None without a
// base: the first extract has nothing to be compared with.
std::vector<TrippedRail> tripped_rails(const GuardRails& rails, const ExtractPlan& plan,
                                       const Manifest& manifest, const GenerationSeal* base);

}  // namespace certrelay
