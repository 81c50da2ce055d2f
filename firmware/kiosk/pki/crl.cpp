#include "firmware/kiosk/pki/certificate.hpp"
#include "firmware/kiosk/pki/raw_extension.hpp"

namespace certrelay {
namespace pki_detail {

ExtensionHandle make_raw_extension(const RawExtension& raw) {
  const Handle<ASN1_OBJECT, ASN1_OBJECT_free> object(OBJ_txt2obj(raw.oid.c_str(), 1));
  const Handle<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free> value(ASN1_OCTET_STRING_new());
  if (!object || !value ||
      ASN1_OCTET_STRING_set(value.get(), raw.value.data(), static_cast<int>(raw.value.size())) !=
          1) {
    return nullptr;
  }
  return ExtensionHandle(
      X509_EXTENSION_create_by_OBJ(nullptr, object.get(), raw.critical ? 1 : 0, value.get()));
}

}  // namespace pki_detail

namespace {

using pki_detail::asn1_integer;
using pki_detail::asn1_time;
using pki_detail::Handle;

bool add_entry(X509_CRL* crl, const RevokedEntry& entry) {
  Handle<X509_REVOKED, X509_REVOKED_free> revoked(X509_REVOKED_new());
  const auto serial = asn1_integer(entry.serial);
  const auto time = asn1_time(entry.revoked_at);
  if (!revoked || !serial || !time ||
      X509_REVOKED_set_serialNumber(revoked.get(), serial.get()) != 1 ||
      X509_REVOKED_set_revocationDate(revoked.get(), time.get()) != 1) {
    return false;
  }
  if (entry.reason != RevocationReason::kUnspecified) {  // RFC 5280 §5.3.1: absent instead of 0
    const Handle<ASN1_ENUMERATED, ASN1_ENUMERATED_free> reason(ASN1_ENUMERATED_new());
    if (!reason || ASN1_ENUMERATED_set(reason.get(), static_cast<long>(entry.reason)) != 1 ||
        X509_REVOKED_add1_ext_i2d(revoked.get(), NID_crl_reason, reason.get(), 0, 0) != 1) {
      return false;
    }
  }
  auto* given = revoked.release();  // the list owns it when it took it
  if (X509_CRL_add0_revoked(crl, given) == 1) return true;
  X509_REVOKED_free(given);
  return false;
}

bool add_extensions(X509_CRL* crl, X509* issuer, const CrlSpec& spec) {
  const Handle<ASN1_INTEGER, ASN1_INTEGER_free> number(ASN1_INTEGER_new());
  X509V3_CTX context{};
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, nullptr, nullptr, crl, 0);
  const pki_detail::ExtensionHandle key_id(
      X509V3_EXT_conf_nid(nullptr, &context, NID_authority_key_identifier, "keyid:always"));
  bool done = number && key_id && ASN1_INTEGER_set_uint64(number.get(), spec.number) == 1 &&
              X509_CRL_add_ext(crl, key_id.get(), -1) == 1 &&
              X509_CRL_add1_ext_i2d(crl, NID_crl_number, number.get(), 0, 0) == 1;
  for (const auto& raw : spec.more) {
    const auto extension = pki_detail::make_raw_extension(raw);
    done = done && extension && X509_CRL_add_ext(crl, extension.get(), -1) == 1;
  }
  return done;
}

}  // namespace

Result<Bytes> PkiAuthority::issue_crl(const CrlSpec& spec) const {
  const auto issuer = pki_detail::certificate_from_der(certificate_);
  const pki_detail::CrlHandle made(X509_CRL_new());
  X509_CRL* crl = made.get();
  const auto this_update = asn1_time(spec.this_update);
  const auto next_update = asn1_time(spec.next_update);
  if (!issuer || X509_CRL_set_version(crl, X509_CRL_VERSION_2) != 1 ||
      X509_CRL_set_issuer_name(crl, X509_get_subject_name(issuer.get())) != 1 ||
      X509_CRL_set1_lastUpdate(crl, this_update.get()) != 1 ||
      X509_CRL_set1_nextUpdate(crl, next_update.get()) != 1) {
    return Error{ErrorCode::kInternal, "crl: fields"};
  }
  for (const auto& entry : spec.entries) {
    if (!add_entry(crl, entry)) return Error{ErrorCode::kMalformed, "crl: entry"};
  }
  if (!add_extensions(crl, issuer.get(), spec)) {
    return Error{ErrorCode::kMalformed, "crl: extension"};
  }
  if (X509_CRL_sort(crl) != 1 ||
      X509_CRL_sign(crl, key_.handle(), pki_detail::digest_for(key_.handle())) == 0) {
    return Error{ErrorCode::kInternal, "crl: sign"};
  }
  return pki_detail::to_der(crl, i2d_X509_CRL);
}

}  // namespace certrelay
