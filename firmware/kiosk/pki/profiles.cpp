#include "firmware/kiosk/pki/profiles.hpp"

#include "protocol/base/codec.hpp"

namespace certrelay {
namespace {

CertificateSpec base_spec(DistinguishedName subject, Bytes serial, Validity validity) {
  CertificateSpec spec;
  spec.subject = std::move(subject);
  spec.serial = std::move(serial);
  spec.not_before = validity.not_before;
  spec.not_after = validity.not_after;
  return spec;
}

CertificateSpec tls_spec(std::string common_name, std::string alternative_names, Bytes serial,
                         Validity validity) {
  auto spec = base_spec({{"CN", std::move(common_name)}}, std::move(serial), validity);
  spec.key_usage = "digitalSignature";
  spec.alternative_names = std::move(alternative_names);
  return spec;
}

}  // namespace

DistinguishedName jpki_authentication_name() {
  return {{"C", "JP"},
          {"O", "JPKI"},
          {"OU", "JPKI for user authentication"},
          {"OU", "Japan Agency for Local Authority Information Systems"}};
}

CertificateSpec jpki_root_spec(Bytes serial, Validity validity) {
  auto spec = base_spec(jpki_authentication_name(), std::move(serial), validity);
  spec.is_authority = true;
  spec.key_usage = "keyCertSign,cRLSign";
  return spec;
}

CertificateSpec jpki_card_spec(std::string common_name, Bytes serial, Validity validity) {
  auto spec = base_spec({{"C", "JP"}, {"CN", std::move(common_name)}}, std::move(serial), validity);
  spec.key_usage = "digitalSignature";
  spec.extended_key_usage = "clientAuth";
  spec.policies = kJpkiAuthenticationPolicy;
  return spec;
}

CertificateSpec role_authority_spec(std::string common_name, Bytes serial, Validity validity) {
  auto spec = base_spec({{"CN", std::move(common_name)}}, std::move(serial), validity);
  spec.is_authority = true;
  spec.path_length = 0;
  spec.key_usage = "keyCertSign,cRLSign";
  return spec;
}

CertificateSpec tls_server_spec(std::string common_name, std::string alternative_names,
                                Bytes serial, Validity validity) {
  auto spec =
      tls_spec(std::move(common_name), std::move(alternative_names), std::move(serial), validity);
  spec.extended_key_usage = "serverAuth";
  return spec;
}

CertificateSpec tls_client_spec(std::string common_name, std::string alternative_names,
                                Bytes serial, Validity validity) {
  auto spec =
      tls_spec(std::move(common_name), std::move(alternative_names), std::move(serial), validity);
  spec.extended_key_usage = "clientAuth";
  return spec;
}

Bytes serial_from(std::uint64_t number) {
  ByteWriter out;
  // Always eight octets and positive: the first is 0x40 to 0x7f.
  out.u64((number & 0x3FFF'FFFF'FFFF'FFFF) | 0x4000'0000'0000'0000);
  return std::move(out).take();
}

}  // namespace certrelay
