// What stands between an extract's folder and its sender's key: `extract inspect` and `extract
// push` ask the same functions, so that the second signs nothing that the first would refuse.
#pragma once

#include <optional>

#include "firmware/ctl/push_source.hpp"
#include "relay/keys/feeder_key.hpp"

namespace certrelay {

// Every fault goes to `found`, with its file and its mend; a file that cannot be read is one.

// manifest.json; nothing when it cannot be used.
std::optional<PushSource> open_extract(Files& files, const std::string& folder, Diagnostics& found);

// manifest.statement is over the very bytes of `source`, by one of the verifier's keys.
void check_statement(Files& files, const std::string& folder, const PushSource& source,
                     const FeederVerifier& verifier, Diagnostics& found);

// The manifest is of `own` municipality; without one every one will do.
void check_municipality(const Manifest& manifest, const std::optional<MunicipalityCode>& own,
                        Diagnostics& found);

// Everything that the manifest names lies in the folder, and nothing else does.
void check_names(Files& files, const std::string& folder, const Manifest& manifest,
                 Diagnostics& found);

}  // namespace certrelay
