#include "relay/front/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "protocol/base/check.hpp"
#include "relay/front/pem_file.hpp"

namespace certrelay {
namespace {

using ContextPointer = std::shared_ptr<SSL_CTX>;

constexpr std::string_view kOwn = "tls: certificate";
constexpr std::string_view kAuthority = "tls: authority";
constexpr int kChainDepthMax = 2;                 // certificates between leaf and root
constexpr long kCertificateBytesMax = 16 * 1024;  // what a client may send of them
constexpr int kSecurityLevel = 2;                 // RSA of 2048 bits, curves of 224

Error internal() {
  ERR_clear_error();
  return {ErrorCode::kInternal, "tls: context"};
}

Result<void> check_dates(const X509& certificate, UtcTime now, std::string_view where,
                         ErrorCode unreadable) {
  const auto from = utc_of(*X509_get0_notBefore(&certificate));
  const auto to = utc_of(*X509_get0_notAfter(&certificate));
  if (!from || !to) return Error{unreadable, where};
  if (now < from.value()) return Error{ErrorCode::kTlsNotYetValid, where};
  if (now > to.value()) return Error{ErrorCode::kTlsExpired, where};
  return ok();
}

// RFC 7301: the one protocol that we speak, or a fatal alert.
int select_protocol(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* in,
                    unsigned in_size, void*) {
  static constexpr unsigned char kHttp[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, size, kHttp, sizeof kHttp, in, in_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

Result<ContextPointer> strict_context() {
  ContextPointer made(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  SSL_CTX* context = made.get();
  if (context == nullptr || SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) != 1 ||
      SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) != 1 ||
      SSL_CTX_set_num_tickets(context, 0) != 1 || SSL_CTX_set_max_early_data(context, 0) != 1 ||
      SSL_CTX_set_recv_max_early_data(context, 0) != 1 ||
      SSL_CTX_set_purpose(context, X509_PURPOSE_SSL_CLIENT) != 1) {
    return internal();
  }
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_security_level(context, kSecurityLevel);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_verify_depth(context, kChainDepthMax);
  SSL_CTX_set_max_cert_list(context, kCertificateBytesMax);
  SSL_CTX_set_alpn_select_cb(context, select_protocol, nullptr);
  return made;
}

Result<void> use_own(SSL_CTX& context, const TlsSettings& settings, UtcTime now) {
  CERTRELAY_TRY(const auto chain,
                certificates_of(settings.certificate.text, ErrorCode::kTlsCertificateUnusable));
  X509* leaf = chain.front().get();
  CERTRELAY_TRY(const auto key, private_key_of(settings.private_key.text, settings.passphrase));
  if (X509_check_private_key(leaf, key.get()) != 1) {
    ERR_clear_error();
    return Error{ErrorCode::kTlsKeyMismatch, "tls: private key"};
  }
  CERTRELAY_TRY(check_dates(*leaf, now, kOwn, ErrorCode::kTlsCertificateUnusable));
  if (X509_check_purpose(leaf, X509_PURPOSE_SSL_SERVER, 0) != 1 ||
      SSL_CTX_use_certificate(&context, leaf) != 1 ||
      SSL_CTX_use_PrivateKey(&context, key.get()) != 1) {
    ERR_clear_error();
    return Error{ErrorCode::kTlsCertificateUnusable, kOwn};
  }
  for (std::size_t i = 1; i < chain.size(); ++i) {
    if (SSL_CTX_add1_chain_cert(&context, chain[i].get()) != 1) return internal();
  }
  return ok();
}

Result<void> use_authority(SSL_CTX& context, const TlsSettings& settings, UtcTime now) {
  CERTRELAY_TRY(const auto roots,
                certificates_of(settings.authority.text, ErrorCode::kTlsAuthorityUnusable));
  // The store of a new context is empty: the system's authorities are never consulted.
  X509_STORE* store = SSL_CTX_get_cert_store(&context);
  for (const auto& root : roots) {
    if (X509_check_ca(root.get()) != 1) {
      return Error{ErrorCode::kTlsAuthorityUnusable, kAuthority};
    }
    CERTRELAY_TRY(check_dates(*root, now, kAuthority, ErrorCode::kTlsAuthorityUnusable));
    if (X509_STORE_add_cert(store, root.get()) != 1 ||
        SSL_CTX_add_client_CA(&context, root.get()) != 1) {
      return internal();
    }
  }
  return ok();
}

Result<Digest> spki_of(const X509& certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(&certificate), &der);
  if (size <= 0) return Error{ErrorCode::kHandshakeFailed, "tls: public key"};
  const Digest digest = sha256(ByteView(der, static_cast<std::size_t>(size)));
  OPENSSL_free(der);
  return digest;
}

}  // namespace

Result<TlsServer> TlsServer::make(const TlsSettings& settings, UtcTime now) {
  CERTRELAY_TRY(auto context, strict_context());
  CERTRELAY_TRY(use_own(*context, settings, now));
  CERTRELAY_TRY(use_authority(*context, settings, now));
  return TlsServer(std::move(context));
}

TlsFault explain_tls_fault(const Error& error, const TlsSettings& settings) {
  const std::string& certificate =
      error.where == kAuthority ? settings.authority.path : settings.certificate.path;
  switch (error.code) {
    case ErrorCode::kWrongPassphrase:
      return {settings.private_key.path,
              "秘密鍵のパスワードが違います。パスワードのファイルを確認してください。"};
    case ErrorCode::kKeyUnusable:
      return {settings.private_key.path,
              "PKCS#8のPEM形式の秘密鍵ではないか、暗号化の有無がパスワードの設定と合いません。"};
    case ErrorCode::kTlsKeyMismatch:
      return {settings.private_key.path,
              "秘密鍵が証明書と組になっていません。証明書と秘密鍵の指定を確認してください。"};
    case ErrorCode::kTlsAuthorityUnusable:
      return {settings.authority.path,
              "認証局の証明書として使えません。接続元に証明書を発行した認証局を指定してください。"};
    case ErrorCode::kTlsNotYetValid:
      return {certificate,
              "証明書の有効期間がまだ始まっていません。サーバの時計と証明書を確認してください。"};
    case ErrorCode::kTlsExpired:
      return {certificate, "証明書の有効期間が終わっています。新しい証明書に替えてください。"};
    case ErrorCode::kTlsCertificateUnusable:
      return {settings.certificate.path,
              "PEM形式のTLSサーバ証明書として使えません。ファイルを確認してください。"};
    default:
      return {certificate, "TLSの準備ができません。空きメモリとOpenSSLの設定を確認してください。"};
  }
}

void judge_at(SSL& connection, UtcTime now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
  X509_VERIFY_PARAM_set_time(SSL_get0_param(&connection), seconds.count());
}

Result<LeafIdentity> leaf_of(const SSL& connection) {
  const X509* certificate = SSL_get0_peer_certificate(&connection);
  if (certificate == nullptr || SSL_get_verify_result(&connection) != X509_V_OK) {
    return Error{ErrorCode::kHandshakeFailed, "tls: no certificate"};
  }
  LeafIdentity leaf;
  CERTRELAY_TRY(leaf.spki, spki_of(*certificate));
  leaf.names = peer_names_of(*certificate);
  CERTRELAY_TRY(leaf.not_before, utc_of(*X509_get0_notBefore(certificate)));
  CERTRELAY_TRY(leaf.not_after, utc_of(*X509_get0_notAfter(certificate)));
  return leaf;
}

}  // namespace certrelay
