#include "relay/keys/document_verifier.hpp"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <algorithm>

#include "relay/keys/document_key.hpp"
#include "relay/keys/openssl_ptr.hpp"
#include "relay/keys/x509_parts.hpp"

namespace certrelay {
namespace {

const Error kUnsigned{ErrorCode::kDocumentUnsigned, "document: no signature by this certificate"};
const Error kAltered{ErrorCode::kDocumentAltered, "document: not what was signed"};

using CmsPtr = OpensslPtr<CMS_ContentInfo, CMS_ContentInfo_free>;

// The one value of a signed attribute, as it is encoded; empty when it is not there exactly once.
ByteView attribute_value(CMS_SignerInfo* signer, int nid, int type) {
  const void* value = CMS_signed_get0_data_by_OBJ(signer, OBJ_nid2obj(nid), -3, type);
  const auto* string = static_cast<const ASN1_STRING*>(value);
  if (string == nullptr) return {};
  return {ASN1_STRING_get0_data(string), static_cast<std::size_t>(ASN1_STRING_length(string))};
}

CMS_SignerInfo* only_signer(CMS_ContentInfo* cms) {
  auto* signers = cms == nullptr ? nullptr : CMS_get0_SignerInfos(cms);
  if (signers == nullptr || sk_CMS_SignerInfo_num(signers) != 1) return nullptr;
  return sk_CMS_SignerInfo_value(signers, 0);
}

// ECDSA over SHA-256, by both of the signer's algorithms: OpenSSL asks the key alone.
bool is_ecdsa_sha256(CMS_SignerInfo* signer) {
  X509_ALGOR* digest = nullptr;
  X509_ALGOR* signature = nullptr;
  CMS_SignerInfo_get0_algs(signer, nullptr, nullptr, &digest, &signature);
  const auto nid_of = [](const X509_ALGOR* algorithm) {
    const ASN1_OBJECT* name = nullptr;
    int parameters = 0;
    X509_ALGOR_get0(&name, &parameters, nullptr, algorithm);
    return parameters == V_ASN1_UNDEF ? OBJ_obj2nid(name) : NID_undef;
  };
  return nid_of(digest) == NID_sha256 && nid_of(signature) == NID_ecdsa_with_SHA256;
}

}  // namespace

Result<DocumentVerifier> DocumentVerifier::from_pem(std::string_view pem) {
  CERTRELAY_TRY(auto parts, read_x509_chain(pem, kDocumentChainMax));
  CERTRELAY_TRY(auto key, PublicKey::from_spki(parts.spki, KeyType::kEcdsaP256));
  const auto hint = certrelay::seal_key_hint(parts.spki);
  return DocumentVerifier(std::move(parts.chain.front()), std::move(key), hint);
}

Result<void> DocumentVerifier::verify(ByteView message, const RawSignature& signature) const {
  if (!key_.verify(message, signature)) return kAltered;
  return ok();
}

Result<void> DocumentVerifier::verify_detached(ByteView bytes, const Digest& content) const {
  const unsigned char* at = bytes.data();
  const CmsPtr cms(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(bytes.size())));
  auto* signer = only_signer(cms.get());
  const unsigned char* from = certificate_.data();
  const X509Ptr certificate(d2i_X509(nullptr, &from, static_cast<long>(certificate_.size())));
  const auto result = [&]() -> Result<void> {
    if (signer == nullptr || at != bytes.data() + bytes.size() || certificate == nullptr) {
      return kUnsigned;
    }
    if (CMS_SignerInfo_cert_cmp(signer, certificate.get()) != 0 || !is_ecdsa_sha256(signer) ||
        CMS_signed_get_attr_count(signer) != 3) {
      return kUnsigned;
    }
    const auto named =
        attribute_value(signer, NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE);
    if (!std::ranges::equal(named, signing_certificate_v2(certificate_))) return kUnsigned;
    CMS_SignerInfo_set1_signer_cert(signer, certificate.get());
    const auto digest = attribute_value(signer, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING);
    if (!std::ranges::equal(digest, content)) return kAltered;
    if (CMS_SignerInfo_verify(signer) != 1) return kAltered;
    return ok();
  }();
  ERR_clear_error();  // nobody else reads this thread's queue
  return result;
}

}  // namespace certrelay
