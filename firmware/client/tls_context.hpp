// Our side of mutual TLS 1.3: one certificate and key, one pinned authority of the server, one
// name.
#pragma once

#include <memory>
#include <string>

#include "protocol/base/bytes.hpp"

struct ssl_ctx_st;

namespace certrelay {

struct TlsCredentials {
  std::string certificate_pem;  // ours, the leaf first
  std::string private_key_pem;  // ours, not encrypted; wiped by the caller
  std::string server_ca_pem;    // the only authorities that may have issued the server's
  std::string server_name;      // a DNS name or an IP address that its certificate must carry
};

// Shared by any number of threads and connections; immutable once made.
// TLS 1.3 alone, no tickets, no resumption, no early data, ALPN http/1.1.
class TlsContext {
 public:
  // Also ignores SIGPIPE in this process: a peer that hangs up is an answer, not a death.
  // Errors: kMalformed (a PEM text), kTlsFailed (key and certificate do not belong together).
  static Result<TlsContext> make(const TlsCredentials& credentials);

  ssl_ctx_st* get() const { return context_.get(); }
  const std::string& server_name() const { return server_name_; }

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };
  TlsContext(std::unique_ptr<ssl_ctx_st, Free> context, std::string server_name)
      : context_(std::move(context)), server_name_(std::move(server_name)) {}
  std::unique_ptr<ssl_ctx_st, Free> context_;
  std::string server_name_;
};

}  // namespace certrelay
