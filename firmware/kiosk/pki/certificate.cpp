#include "firmware/kiosk/pki/certificate.hpp"

#include <openssl/conf.h>

#include "firmware/kiosk/pki/handles.hpp"
#include "firmware/kiosk/pki/raw_extension.hpp"

namespace certrelay {
namespace {

using pki_detail::asn1_integer;
using pki_detail::asn1_time;
using pki_detail::CertificateHandle;
using pki_detail::Handle;
using pki_detail::NameHandle;

Error unwritable(std::string_view where) { return Error{ErrorCode::kMalformed, where}; }

NameHandle make_name(const DistinguishedName& parts) {
  NameHandle name(X509_NAME_new());
  for (const auto& [type, value] : parts) {
    if (X509_NAME_add_entry_by_txt(name.get(), type.c_str(), MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(value.data()),
                                   static_cast<int>(value.size()), -1, 0) != 1) {
      return nullptr;
    }
  }
  return name;
}

// One extension in OpenSSL's words; an empty `value` writes nothing.
bool add(X509* subject, X509* issuer, int nid, bool critical, const std::string& value) {
  if (value.empty()) return true;
  // Policies are read with a configuration at hand, though ours is empty.
  const Handle<CONF, NCONF_free> none(NCONF_new(nullptr));
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer, subject, nullptr, nullptr, 0);
  X509V3_set_nconf(&context, none.get());
  const std::string text = (critical ? "critical," : "") + value;
  const Handle<X509_EXTENSION, X509_EXTENSION_free> extension(
      X509V3_EXT_nconf_nid(none.get(), &context, nid, text.c_str()));
  return extension && X509_add_ext(subject, extension.get(), -1) == 1;
}

std::string basic_constraints(const CertificateSpec& spec) {
  if (!spec.write_basic_constraints) return {};
  if (!spec.is_authority) return "CA:FALSE";
  return spec.path_length ? "CA:TRUE,pathlen:" + std::to_string(*spec.path_length) : "CA:TRUE";
}

bool add_extensions(X509* subject, X509* issuer, const CertificateSpec& spec) {
  bool done = add(subject, issuer, NID_basic_constraints, true, basic_constraints(spec)) &&
              add(subject, issuer, NID_subject_key_identifier, false, "hash") &&
              add(subject, issuer, NID_authority_key_identifier, false, "keyid") &&
              add(subject, issuer, NID_key_usage, spec.key_usage_critical, spec.key_usage) &&
              add(subject, issuer, NID_ext_key_usage, false, spec.extended_key_usage) &&
              add(subject, issuer, NID_subject_alt_name, false, spec.alternative_names) &&
              add(subject, issuer, NID_certificate_policies, spec.policies_critical, spec.policies);
  for (const auto& raw : spec.more) {
    const auto extension = pki_detail::make_raw_extension(raw);
    done = done && extension && X509_add_ext(subject, extension.get(), -1) == 1;
  }
  return done;
}

// `issuer` null: self-signed by `issuer_key`.
Result<Bytes> write_certificate(const CertificateSpec& spec, EVP_PKEY* public_key, X509* issuer,
                                EVP_PKEY* issuer_key) {
  const CertificateHandle made(X509_new());
  X509* x = made.get();
  const auto name = make_name(spec.subject);
  const auto serial = asn1_integer(spec.serial);
  const auto begin = asn1_time(spec.not_before);
  const auto end = asn1_time(spec.not_after);
  if (!name) return unwritable("certificate: subject");
  if (!serial) return unwritable("certificate: serial");
  if (!begin || !end) return unwritable("certificate: validity");
  const X509_NAME* issuer_name = issuer == nullptr ? name.get() : X509_get_subject_name(issuer);
  if (X509_set_version(x, X509_VERSION_3) != 1 || X509_set_serialNumber(x, serial.get()) != 1 ||
      X509_set_subject_name(x, name.get()) != 1 || X509_set_issuer_name(x, issuer_name) != 1 ||
      X509_set1_notBefore(x, begin.get()) != 1 || X509_set1_notAfter(x, end.get()) != 1 ||
      X509_set_pubkey(x, public_key) != 1) {
    return Error{ErrorCode::kInternal, "certificate: fields"};
  }
  if (!add_extensions(x, issuer == nullptr ? x : issuer, spec)) {
    return unwritable("certificate: extension");
  }
  if (X509_sign(x, issuer_key, pki_detail::digest_for(issuer_key)) == 0) {
    return Error{ErrorCode::kInternal, "certificate: sign"};
  }
  return pki_detail::to_der(x, i2d_X509);
}

}  // namespace

Result<PkiAuthority> PkiAuthority::self_signed(const CertificateSpec& spec, PkiKey key) {
  CERTRELAY_TRY(auto der, write_certificate(spec, key.handle(), nullptr, key.handle()));
  return PkiAuthority(std::move(der), std::move(key));
}

Result<PkiAuthority> PkiAuthority::issue_authority(const CertificateSpec& spec, PkiKey key) const {
  CERTRELAY_TRY(auto der, issue(spec, key));
  return PkiAuthority(std::move(der), std::move(key));
}

Result<Bytes> PkiAuthority::issue(const CertificateSpec& spec, const PkiKey& key) const {
  const auto issuer = pki_detail::certificate_from_der(certificate_);
  if (!issuer) return Error{ErrorCode::kInternal, "certificate: issuer"};
  return write_certificate(spec, key.handle(), issuer.get(), key_.handle());
}

}  // namespace certrelay
