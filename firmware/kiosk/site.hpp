// The city's folder as the world around the relay uses it: who we are, whom we trust, where it is.
#pragma once

#include "firmware/client/peer.hpp"
#include "firmware/kiosk/city/kiosk_site.hpp"
#include "firmware/kiosk/city/softcard.hpp"

namespace certrelay {

// Everything relative to `folder`. Errors of all: those of Files::read_all and the parsers.
Result<KioskSite> load_site(Files& files, const std::string& folder);
Result<std::vector<CastMember>> load_cast(Files& files, const std::string& folder);
// The listener's files for load_peer().
PeerFiles peer_files(const std::string& folder, const ListenerFiles& listener);
// `path` as it is.
Result<Softcard> load_softcard(Files& files, const std::string& path);

}  // namespace certrelay
