#include "firmware/client/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <csignal>

#include "firmware/client/pem.hpp"

namespace certrelay {
namespace {

constexpr unsigned char kAlpn[] = "\x08http/1.1";

Result<void> use_own(SSL_CTX* context, const TlsCredentials& credentials) {
  CERTRELAY_TRY(const auto chain, read_certificates(credentials.certificate_pem));
  CERTRELAY_TRY(const auto key, read_private_key(credentials.private_key_pem));
  if (SSL_CTX_use_certificate(context, chain.front().get()) != 1) {
    return Error{ErrorCode::kMalformed, "client certificate"};
  }
  for (std::size_t i = 1; i < chain.size(); ++i) {
    if (SSL_CTX_add1_chain_cert(context, chain[i].get()) != 1) {
      return Error{ErrorCode::kMalformed, "client certificate chain"};
    }
  }
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1) {
    return Error{ErrorCode::kTlsFailed, "client key is not the certificate's"};
  }
  return ok();
}

Result<void> trust_only(SSL_CTX* context, const std::string& ca_pem) {
  CERTRELAY_TRY(const auto authorities, read_certificates(ca_pem));
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  for (const auto& authority : authorities) {
    if (X509_STORE_add_cert(store, authority.get()) != 1) {
      return Error{ErrorCode::kMalformed, "server authority"};
    }
  }
  return ok();
}

// The certificate must carry this name as an exact SAN: no wildcard, no common name.
Result<void> demand_name(SSL_CTX* context, const std::string& name) {
  X509_VERIFY_PARAM* demand = SSL_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_hostflags(
      demand, X509_CHECK_FLAG_NO_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  const std::unique_ptr<ASN1_OCTET_STRING, decltype(&ASN1_OCTET_STRING_free)> ip(
      a2i_IPADDRESS(name.c_str()), ASN1_OCTET_STRING_free);
  const int done = ip != nullptr ? X509_VERIFY_PARAM_set1_ip_asc(demand, name.c_str())
                                 : X509_VERIFY_PARAM_set1_host(demand, name.c_str(), name.size());
  if (name.empty() || done != 1) return Error{ErrorCode::kMalformed, "server name"};
  return ok();
}

}  // namespace

void TlsContext::Free::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }

Result<TlsContext> TlsContext::make(const TlsCredentials& credentials) {
  if (std::signal(SIGPIPE, SIG_IGN) == SIG_ERR) return Error{ErrorCode::kInternal, "SIGPIPE"};
  ERR_clear_error();
  std::unique_ptr<ssl_ctx_st, Free> context(SSL_CTX_new(TLS_client_method()));
  if (context == nullptr || SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION) != 1 ||
      SSL_CTX_set_max_proto_version(context.get(), TLS1_3_VERSION) != 1 ||
      SSL_CTX_set_alpn_protos(context.get(), kAlpn, sizeof kAlpn - 1) != 0) {
    return Error{ErrorCode::kInternal, "TLS context"};
  }
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  CERTRELAY_TRY(use_own(context.get(), credentials));
  CERTRELAY_TRY(trust_only(context.get(), credentials.server_ca_pem));
  CERTRELAY_TRY(demand_name(context.get(), credentials.server_name));
  return TlsContext(std::move(context), credentials.server_name);
}

}  // namespace certrelay
