// A listener's side of mutual TLS 1.3: our certificate and key, the role's own authority.
#pragma once

#include <memory>
#include <string>

#include "relay/front/peers.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace certrelay {

struct PemFile {
  std::string path;  // for messages alone: nothing here opens files
  std::string text;
};

struct TlsSettings {
  PemFile certificate;     // ours, the leaf first, then what leads to the root, if anything
  PemFile private_key;     // PKCS#8, encrypted unless the pass phrase is empty
  std::string passphrase;  // the caller wipes it
  PemFile authority;       // issued the clients' certificates; one or more
};

// What a person needs to set a failed TlsServer::make right, on one line.
struct TlsFault {
  std::string path;
  std::string_view mend;  // Japanese
};

// Immutable; shared by any number of connections and threads; a reload makes a new one.
//
// TLS 1.3 alone; no tickets, no resumption, no early data, no compression; ALPN http/1.1 (a client
// that offers none is taken as speaking it, one that offers others only is refused); a client
// certificate is demanded, of the role's own authority and fit for a TLS client.
class TlsServer {
 public:
  // `now` is compared with our certificate's and the authority's validity.
  // Errors: kTlsCertificateUnusable, kWrongPassphrase, kKeyUnusable, kTlsKeyMismatch,
  // kTlsAuthorityUnusable, kTlsNotYetValid, kTlsExpired, kInternal.
  static Result<TlsServer> make(const TlsSettings& settings, UtcTime now);

  ssl_ctx_st* context() const { return context_.get(); }

 private:
  explicit TlsServer(std::shared_ptr<ssl_ctx_st> context) : context_(std::move(context)) {}
  std::shared_ptr<ssl_ctx_st> context_;
};

// Which file, and what to do. `error` comes from make() with these settings.
TlsFault explain_tls_fault(const Error& error, const TlsSettings& settings);

// Before a handshake: the client's certificate is judged at `now`, not by the library's own clock.
void judge_at(ssl_st& connection, UtcTime now);

// After a handshake: what the verified certificate says. Errors: kHandshakeFailed (no certificate,
// or one whose names or times cannot be read).
Result<LeafIdentity> leaf_of(const ssl_st& connection);

}  // namespace certrelay
