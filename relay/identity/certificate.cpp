#include "relay/identity/certificate.hpp"

#include "relay/identity/extensions.hpp"
#include "relay/identity/name_match.hpp"

namespace certrelay {
namespace {

constexpr auto kCertificateForm = ErrorCode::kCertificateMalformed;

Result<void> read_version(DerReader& tbs) {
  const Error not_v3{ErrorCode::kCertificateVersion, "certificate: version"};
  if (!tbs.next_is(0xA0)) return not_v3;  // the default, v1
  CERTRELAY_TRY(auto version, tbs.enter(0xA0));
  CERTRELAY_TRY(const auto number, version.expect(der_tag::kInteger));
  CERTRELAY_TRY(version.expect_end());
  if (number.content.size() != 1 || number.content[0] != 2) return not_v3;
  return ok();
}

Result<ByteView> read_serial(DerReader& tbs) {
  CERTRELAY_TRY(const auto value, tbs.expect(der_tag::kInteger));
  if (value.content.size() > kSerialOctetsMax) {
    return Error{ErrorCode::kCertificateSerial, "certificate: serial length"};
  }
  CERTRELAY_TRY(der_positive(value.content, ErrorCode::kCertificateSerial));
  return value.content;
}

Result<void> read_validity(DerReader& tbs, CertificateView& out) {
  CERTRELAY_TRY(auto validity, tbs.enter(der_tag::kSequence));
  CERTRELAY_TRY(const auto begin, validity.any());
  CERTRELAY_TRY(const auto end, validity.any());
  CERTRELAY_TRY(validity.expect_end());
  CERTRELAY_TRY(out.not_before, der_time(begin, kCertificateForm));
  CERTRELAY_TRY(out.not_after, der_time(end, kCertificateForm));
  return ok();
}

// issuerUniqueID [1] and subjectUniqueID [2]: read for their form (RFC 5280 §4.1.2.8), path.cpp
// says who may have them.
Result<void> read_unique_ids(DerReader& tbs, CertificateView& out) {
  for (const std::uint8_t tag : {std::uint8_t{0x81}, std::uint8_t{0x82}}) {
    if (!tbs.next_is(tag)) continue;
    CERTRELAY_TRY(const auto id, tbs.any());
    if (!is_bit_string(id.content))
      return Error{kCertificateForm, "certificate: unique identifier"};
    out.has_unique_ids = true;
  }
  return ok();
}

Result<void> read_extensions(DerReader& tbs, CertificateView& out) {
  if (tbs.at_end()) return ok();
  CERTRELAY_TRY(auto wrapper, tbs.enter(0xA3));
  CERTRELAY_TRY(auto list, wrapper.enter(der_tag::kSequence));
  CERTRELAY_TRY(wrapper.expect_end());
  CERTRELAY_TRY(const auto extensions, read_extension_list(list));
  for (const auto& extension : extensions) {
    CERTRELAY_TRY(apply_extension(extension, out));
  }
  return ok();
}

Result<void> read_tbs(DerReader tbs, CertificateView& out) {
  CERTRELAY_TRY(read_version(tbs));
  CERTRELAY_TRY(out.serial, read_serial(tbs));
  CERTRELAY_TRY(const auto algorithm, tbs.expect(der_tag::kSequence));
  if (!same_bytes(algorithm.whole, out.signature_algorithm)) {
    return Error{ErrorCode::kCertificateAlgorithmsDiffer, "certificate: algorithms"};
  }
  CERTRELAY_TRY(const auto issuer, tbs.expect(der_tag::kSequence));
  if (issuer.content.empty()) return Error{kCertificateForm, "certificate: empty issuer"};
  CERTRELAY_TRY(check_name(issuer.content, kCertificateForm));
  CERTRELAY_TRY(read_validity(tbs, out));
  CERTRELAY_TRY(const auto subject, tbs.expect(der_tag::kSequence));
  CERTRELAY_TRY(check_name(subject.content, kCertificateForm));
  CERTRELAY_TRY(const auto spki, tbs.expect(der_tag::kSequence));
  out.issuer = issuer.whole;
  out.subject = subject.whole;
  out.spki = spki.whole;
  CERTRELAY_TRY(read_unique_ids(tbs, out));
  CERTRELAY_TRY(read_extensions(tbs, out));
  // RFC 5280 §4.1.2.6: who has no name must have another one.
  if (subject.content.empty() && !out.has_critical_alternative_name) {
    return Error{kCertificateForm, "certificate: empty subject"};
  }
  return tbs.expect_end();
}

}  // namespace

Result<CertificateView> parse_certificate(ByteView der) {
  if (der.size() > kCertificateBytesMax) return Error{kCertificateForm, "certificate: size"};
  CertificateView out;
  out.whole = der;
  DerReader outer(der, kCertificateForm);
  CERTRELAY_TRY(auto in, outer.enter(der_tag::kSequence));
  CERTRELAY_TRY(outer.expect_end());
  CERTRELAY_TRY(const auto tbs, in.expect(der_tag::kSequence));
  CERTRELAY_TRY(const auto algorithm, in.expect(der_tag::kSequence));
  CERTRELAY_TRY(const auto signature, in.expect(der_tag::kBitString));
  CERTRELAY_TRY(in.expect_end());
  out.tbs = tbs.whole;
  out.signature_algorithm = algorithm.whole;
  CERTRELAY_TRY(out.signature, der_whole_octets(signature.content, kCertificateForm));
  CERTRELAY_TRY(read_tbs(DerReader(tbs.content, kCertificateForm), out));
  return out;
}

}  // namespace certrelay
