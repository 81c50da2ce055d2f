// The city's folder as the world around the relay uses it: who we are, whom we trust, where it is.
#pragma once

#include <optional>

#include "firmware/client/address.hpp"
#include "firmware/client/tls_context.hpp"
#include "firmware/kiosk/city/kiosk_site.hpp"
#include "firmware/kiosk/city/softcard.hpp"
#include "relay/env/files.hpp"
#include "relay/keys/answer_verifier.hpp"

namespace certrelay {

// One listener, ready to be called. Shared by all threads.
struct Peer {
  TlsContext tls;
  AnswerVerifier verifier;
  Address address;
};

// Everything relative to `folder`. Errors of all: those of Files::read_all and the parsers; where()
// names the kind of file. kCannotReach when the address file is absent: the relay does not run.
Result<KioskSite> load_site(Files& files, const std::string& folder);
Result<std::vector<CastMember>> load_cast(Files& files, const std::string& folder);
Result<Peer> load_peer(Files& files, const std::string& folder, const ListenerFiles& listener);
// `path` as it is.
Result<Softcard> load_softcard(Files& files, const std::string& path);

}  // namespace certrelay
