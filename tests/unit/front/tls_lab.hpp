// Certificates of a listener and of clients good and bad, and a client that tells what it saw.
#pragma once

#include <future>
#include <string>

#include "firmware/kiosk/pki/profiles.hpp"
#include "relay/front/tls.hpp"

namespace certrelay::testing {

struct ClientFiles {
  Bytes certificate;  // DER; empty: none is presented
  std::optional<PkiKey> key;
  Digest spki{};
};

// Made once a process.
struct TlsLab {
  TlsLab();
  ClientFiles client(const PkiAuthority& issuer, std::string san) const;

  PkiAuthority servers;
  PkiAuthority clients;
  PkiAuthority others;
  TlsSettings settings;  // of the server: its key under the pass phrase "correct horse"
  ClientFiles good;      // DNS:center.example
};
const TlsLab& tls_lab();
// 2040-01-01 to 2041-01-01: by the machine's own clock nothing here is valid yet.
Validity lab_validity();

struct ClientWish {
  ClientFiles files;
  std::string request;            // sent as soon as the handshake is done on our side
  int version_max = 0x0304;       // TLS 1.3
  std::string alpn = "http/1.1";  // empty: none offered
};
struct ClientSight {
  bool handshake = false;  // done as far as the client can tell
  bool tls13 = false;
  bool resumable = false;  // the server sent a ticket
  std::string received;
};
// Speaks to 127.0.0.1:port in a thread of its own, and ends after ten seconds at the latest.
std::future<ClientSight> speak(std::uint16_t port, ClientWish wish);

}  // namespace certrelay::testing
