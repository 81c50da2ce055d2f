// A demonstration's authorities never fit a relay that serves residents: their private keys lie in
// the open.
#pragma once

#include <string>

#include "firmware/daemon/config.hpp"

namespace certrelay {

// Unless `demo = true`: throws StartFailure when a certificate of the file, PEM or DER, is a
// demonstration's (relay/keys/demonstration.hpp). What holds none is for its own reader to refuse.
// `what`: the key of the configuration.
void refuse_demonstration(const Config& config, const std::string& what, ByteView file);

}  // namespace certrelay
