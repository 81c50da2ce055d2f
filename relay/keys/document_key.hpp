// The key that finished certificates are signed with (PAdES, the printed seal): P-256, in a file or
// a PKCS#11 token, with the X.509 certificate that speaks for it.
#pragma once

#include <memory>
#include <variant>

#include "protocol/base/time.hpp"
#include "relay/keys/private_key.hpp"
#include "relay/keys/token_signer.hpp"

namespace certrelay {

// A signer's certificate and those of its issuers.
inline constexpr std::size_t kDocumentChainMax = 4;

// Move-only. Safe to use from several threads.
class DocumentKey {
 public:
  // `chain_pem`: one to four "CERTIFICATE" blocks, the key's own first, then its issuers.
  // Errors: kWrongPassphrase; kKeyUnusable (a key or certificate of another kind, or a certificate
  // of another key).
  static Result<DocumentKey> from_pem(std::string_view chain_pem, std::string_view key_pem,
                                      std::string_view pass_phrase);
  // Also proves the key by a signature. Errors: kKeyUnusable, kTokenUnusable, kTokenFailed.
  static Result<DocumentKey> from_token(std::string_view chain_pem, const TokenSettings& token);

  // Whether the certificate is within its validity then.
  bool valid_at(UtcTime time) const { return time >= not_before_ && time <= not_after_; }
  UtcTime not_after() const { return not_after_; }
  const Bytes& spki() const { return spki_; }
  const Bytes& certificate() const { return chain_.front(); }  // DER

  // ECDSA over SHA-256 of `message`. Errors: kInternal, kTokenFailed.
  Result<RawSignature> sign(ByteView message) const;

  // A detached CMS signature (RFC 5652) of content with that digest, as CAdES baseline B within a
  // PDF wants it (ETSI EN 319 122-1 §6, EN 319 142-1 §6.3): signed attributes content-type,
  // message-digest and signing-certificate-v2, no signing-time; the chain. Errors: as sign().
  Result<Bytes> sign_detached(const Digest& content) const;
  // No signature of sign_detached() is longer.
  std::size_t detached_bytes_max() const;

 private:
  DocumentKey() = default;
  static Result<DocumentKey> with_chain(std::string_view chain_pem);
  Result<void> prove() const;

  std::variant<std::unique_ptr<PrivateKey>, std::unique_ptr<TokenSigner>> key_;
  std::vector<Bytes> chain_;  // DER
  Bytes issuer_;              // of the first: a Name, and its serial INTEGER, DER
  Bytes serial_;
  Bytes spki_;
  UtcTime not_before_{}, not_after_{};
};

// The signed attribute that names the signer's certificate (RFC 5035 §3): the attribute's value,
// DER, with the default SHA-256.
Bytes signing_certificate_v2(ByteView certificate);

}  // namespace certrelay
