#include "relay/identity/authority_key_id.hpp"

#include "relay/identity/certificate.hpp"
#include "relay/identity/general_names.hpp"

namespace certrelay {
namespace {

Bytes copied(ByteView view) { return Bytes(view.begin(), view.end()); }

// authorityCertIssuer [1] GeneralNames, authorityCertSerialNumber [2]: both or none.
Result<std::optional<NamedCertificate>> read_named_certificate(DerReader& in) {
  constexpr std::uint8_t kIssuer = 0xA1, kSerial = 0x82;
  if (!in.next_is(kIssuer) && !in.next_is(kSerial)) return std::optional<NamedCertificate>();
  CERTRELAY_TRY(const auto issuer, in.expect(kIssuer));
  CERTRELAY_TRY(const auto serial, in.expect(kSerial));
  DerReader names(issuer.content, in.code());
  if (names.at_end()) return in.error("key identifier: issuer");
  while (!names.at_end()) {
    CERTRELAY_TRY(const auto name, names.any());
    CERTRELAY_TRY(check_general_name(name, in.code()));
  }
  // A serial as certificates have it (§4.1.2.2).
  if (serial.content.size() > kSerialOctetsMax) return in.error("key identifier: serial");
  CERTRELAY_TRY(der_positive(serial.content, in.code()));
  return std::optional<NamedCertificate>({copied(issuer.content), copied(serial.content)});
}

}  // namespace

bool NamedCertificate::is(ByteView its_issuer, ByteView its_serial, NameMatching how) const {
  if (!same_bytes(serial, its_serial)) return false;
  DerReader names(issuer_names, ErrorCode::kMalformed);
  bool named = false;
  for (DerValue one; names.read(one);) {
    const auto directory = directory_name(one.whole);
    if (!directory) continue;
    if (!names_match(*directory, its_issuer, how)) return false;
    named = true;
  }
  return named;
}

Result<AuthorityKeyId> read_authority_key_id(ByteView value, ErrorCode code) {
  DerReader outer(value, code);
  CERTRELAY_TRY(auto in, outer.enter(der_tag::kSequence));
  CERTRELAY_TRY(outer.expect_end());
  AuthorityKeyId out;
  if (in.next_is(0x80)) {
    CERTRELAY_TRY(const auto given, in.any());
    out.key_id = given.content;
  }
  CERTRELAY_TRY(out.certificate, read_named_certificate(in));
  CERTRELAY_TRY(in.expect_end());
  return out;
}

}  // namespace certrelay
