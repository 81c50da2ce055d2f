// A site's first state: the two accounts, and the ledger's entries that say so and close the door.
#pragma once

#include "firmware/ctl/init/received.hpp"
#include "relay/env/entropy.hpp"

namespace certrelay {

// Writes certificates/, state/ and last certrelay.toml, which closes the door: from then on an
// account begins with an application that the center's head approves (R30). After an error or a
// crash the stage is as before, and a call begins anew. Preconditions: `site` was read without a
// finding; the stage is kKeysMade. Errors: Files', the ledger's and the accounts' stores'.
Result<void> finish_site(Files& files, Entropy& entropy, const InitPlan& plan,
                         const ReceivedSite& site, const std::string& folder, UtcTime now);

}  // namespace certrelay
