// Certificates for TLS in tests: a server's and a client's authority, made once a process.
#pragma once

#include <string>

#include "firmware/client/tls_context.hpp"
#include "tests/support/scripted_tls_server.hpp"

namespace certrelay {

inline constexpr const char* kTestServerName = "center.relay.example";

struct TlsTestFiles {
  ScriptedTlsFiles server;          // a certificate for kTestServerName; knows the client authority
  TlsCredentials client;            // of the client authority; expects kTestServerName
  TlsCredentials stranger;          // of another authority than the server knows
  std::string other_authority_pem;  // an authority that issued nobody
};

const TlsTestFiles& tls_test_files();

}  // namespace certrelay
