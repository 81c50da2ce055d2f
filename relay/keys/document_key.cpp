#include "relay/keys/document_key.hpp"

#include "protocol/base/der_tag.hpp"
#include "protocol/base/der_writer.hpp"
#include "relay/keys/ecdsa_form.hpp"
#include "relay/keys/public_key.hpp"
#include "relay/keys/x509_parts.hpp"

namespace certrelay {
namespace {

constexpr std::uint8_t kContext0 = 0xA0;

// Contents of OBJECT IDENTIFIERs.
constexpr std::array<std::uint8_t, 9> kData{0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01};
constexpr std::array<std::uint8_t, 9> kSignedData{0x2A, 0x86, 0x48, 0x86, 0xF7,
                                                  0x0D, 0x01, 0x07, 0x02};
constexpr std::array<std::uint8_t, 9> kContentType{0x2A, 0x86, 0x48, 0x86, 0xF7,
                                                   0x0D, 0x01, 0x09, 0x03};
constexpr std::array<std::uint8_t, 9> kMessageDigest{0x2A, 0x86, 0x48, 0x86, 0xF7,
                                                     0x0D, 0x01, 0x09, 0x04};
constexpr std::array<std::uint8_t, 11> kSigningCertificateV2{0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D,
                                                             0x01, 0x09, 0x10, 0x02, 0x2F};
constexpr std::array<std::uint8_t, 9> kSha256{0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01};
constexpr std::array<std::uint8_t, 8> kEcdsaWithSha256{0x2A, 0x86, 0x48, 0xCE,
                                                       0x3D, 0x04, 0x03, 0x02};
constexpr std::array<std::uint8_t, 1> kVersion1{1};

Bytes joined(std::initializer_list<ByteView> parts) {
  Bytes out;
  for (const auto part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

Bytes algorithm(ByteView oid) {
  return der_value(der_tag::kSequence, {der_value(der_tag::kOid, {oid})});
}

Bytes attribute(ByteView type, ByteView value) {
  return der_value(der_tag::kSequence,
                   {der_value(der_tag::kOid, {type}), der_value(der_tag::kSet, {value})});
}

// The content of the SET of signed attributes: DER orders it by the encodings, and the shorter
// comes first here because the lengths stand in front.
Bytes signed_attributes(const Digest& content, ByteView certificate) {
  return joined({attribute(kContentType, der_value(der_tag::kOid, {kData})),
                 attribute(kMessageDigest, der_value(der_tag::kOctetString, {content})),
                 attribute(kSigningCertificateV2, signing_certificate_v2(certificate))});
}

}  // namespace

Bytes signing_certificate_v2(ByteView certificate) {
  // SigningCertificateV2 { certs { ESSCertIDv2 { certHash } } }
  const auto id =
      der_value(der_tag::kSequence, {der_value(der_tag::kOctetString, {sha256(certificate)})});
  return der_value(der_tag::kSequence, {der_value(der_tag::kSequence, {id})});
}

Result<DocumentKey> DocumentKey::with_chain(std::string_view chain_pem) {
  CERTRELAY_TRY(auto parts, read_x509_chain(chain_pem, kDocumentChainMax));
  DocumentKey out;
  out.chain_ = std::move(parts.chain);
  out.issuer_ = std::move(parts.issuer);
  out.serial_ = std::move(parts.serial);
  out.spki_ = std::move(parts.spki);
  out.not_before_ = parts.not_before;
  out.not_after_ = parts.not_after;
  CERTRELAY_TRY(PublicKey::from_spki(out.spki_, KeyType::kEcdsaP256));
  return out;
}

Result<DocumentKey> DocumentKey::from_pem(std::string_view chain_pem, std::string_view key_pem,
                                          std::string_view pass_phrase) {
  CERTRELAY_TRY(auto out, with_chain(chain_pem));
  CERTRELAY_TRY(auto key, PrivateKey::from_pem(key_pem, pass_phrase, KeyType::kEcdsaP256));
  out.key_ = std::make_unique<PrivateKey>(std::move(key));
  CERTRELAY_TRY(out.prove());
  return out;
}

Result<DocumentKey> DocumentKey::from_token(std::string_view chain_pem,
                                            const TokenSettings& token) {
  CERTRELAY_TRY(auto out, with_chain(chain_pem));
  CERTRELAY_TRY(out.key_, TokenSigner::open(token));
  CERTRELAY_TRY(out.prove());
  return out;
}

Result<void> DocumentKey::prove() const {
  constexpr std::string_view kProof = "certrelay document key";
  CERTRELAY_TRY(const auto signature, sign(as_bytes(kProof)));
  CERTRELAY_TRY(const auto key, PublicKey::from_spki(spki_, KeyType::kEcdsaP256));
  if (!key.verify(as_bytes(kProof), signature)) {
    return Error{ErrorCode::kKeyUnusable, "document key: the certificate is another key's"};
  }
  return ok();
}

Result<RawSignature> DocumentKey::sign(ByteView message) const {
  if (const auto* token = std::get_if<std::unique_ptr<TokenSigner>>(&key_)) {
    return (*token)->sign(message);
  }
  CERTRELAY_TRY(const auto der, std::get<std::unique_ptr<PrivateKey>>(key_)->sign(message));
  return to_raw_signature(der);
}

Result<Bytes> DocumentKey::sign_detached(const Digest& content) const {
  const auto attributes = signed_attributes(content, certificate());
  // Signed as a SET, sent as [0] (RFC 5652 §5.4).
  CERTRELAY_TRY(const auto signature, sign(der_value(der_tag::kSet, {attributes})));
  const auto version = der_value(der_tag::kInteger, {kVersion1});
  const auto signer =
      der_value(der_tag::kSequence,
                {version, der_value(der_tag::kSequence, {issuer_, serial_}), algorithm(kSha256),
                 der_value(kContext0, {attributes}), algorithm(kEcdsaWithSha256),
                 der_value(der_tag::kOctetString, {to_der_signature(signature)})});
  Bytes certificates;
  for (const auto& one : chain_) certificates.insert(certificates.end(), one.begin(), one.end());
  const auto data =
      der_value(der_tag::kSequence,
                {version, der_value(der_tag::kSet, {algorithm(kSha256)}),
                 der_value(der_tag::kSequence, {der_value(der_tag::kOid, {kData})}),
                 der_value(kContext0, {certificates}), der_value(der_tag::kSet, {signer})});
  return der_value(der_tag::kSequence,
                   {der_value(der_tag::kOid, {kSignedData}), der_value(kContext0, {data})});
}

std::size_t DocumentKey::detached_bytes_max() const {
  // What is not chain, issuer and serial: attributes (150), a signature (80), heads and algorithms.
  std::size_t out = 512 + issuer_.size() + serial_.size();
  for (const auto& one : chain_) out += one.size();
  return out;
}

}  // namespace certrelay
