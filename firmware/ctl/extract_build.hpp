// `certrelayctl extract build`: from a source system's tables to a signed extract.
#pragma once

#include "protocol/extract/diagnostic.hpp"
#include "protocol/extract/manifest.hpp"
#include "relay/env/files.hpp"
#include "relay/keys/feeder_key.hpp"

namespace certrelay {

// What the tables do not say.
struct ExtractHead {
  MunicipalityCode municipality;
  std::uint64_t generation = 0;
  std::uint64_t base_generation = 0;
  std::uint64_t last_change = 0;
  UtcTime created{};           // whole seconds are kept
  std::string operator_name;   // who runs the extract (R26)
  std::vector<Bytes> issuers;  // DER Names, counted by cards.csv
  // persons.csv has 個人番号: never by what a file says, only by whoever gives the command (R08).
  IndividualNumbers numbers = IndividualNumbers::kNotHeld;
};

// `folder`/extract.json, strict: municipality_code, generation, base_generation, last_change,
// operator, issuers (base64 of DER). Errors: Files', JsonObject's, kManifestMalformed.
Result<ExtractHead> load_extract_head(Files& files, const std::string& folder, UtcTime created);

inline constexpr std::string_view kStatementFile = "manifest.statement";

// Reads the seven tables and images/ of `source` (rows in any order, LF or CRLF), checks every rule
// of an extract, and writes manifest, statement, tables and images to `target`, a folder that it
// makes. After an error nothing is left there. Faults name the lines of the source.
// Holds the tables in memory: about 0.6 KB a resident.
// Errors: kAlreadyExists (`target`), the first fault's code, Files', FeederKey::sign's.
Result<Manifest> build_extract(Files& files, const std::string& source, const std::string& target,
                               const ExtractHead& head, const FeederKey& key,
                               Diagnostics& diagnostics);

}  // namespace certrelay
