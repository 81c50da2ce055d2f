// The files of the vault, from what the configuration names.
#pragma once

#include "firmware/daemon/config.hpp"

namespace certrelay {

// What the vault opens at its start, at SIGHUP and while it serves. A file that may be replaced
// while it runs (a card list, an answer key) brings its folder: its successor is another file.
// Throws StartFailure when such a folder is the root of all.
FileRules vault_files(const Config& config);

// Makes site.state_dir where it is missing and closes every file that is not of vault_files(). To
// be called with one thread. Throws StartFailure.
void confine_vaults_files(const Config& config);

}  // namespace certrelay
