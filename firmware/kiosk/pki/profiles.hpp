// The certificates a fictional city needs, as specs to be changed and issued.
#pragma once

#include "firmware/kiosk/pki/certificate.hpp"

namespace certrelay {

struct Validity {
  UtcTime not_before;
  UtcTime not_after;
};

inline constexpr const char* kJpkiAuthenticationPolicy = "1.2.392.200149.8.5.1.3.30";

// C=JP, O=JPKI, OU=JPKI for user authentication, OU=Japan Agency for Local Authority Information
// Systems: the name that every generation of the root shares.
DistinguishedName jpki_authentication_name();
CertificateSpec jpki_root_spec(Bytes serial, Validity validity);
// 利用者証明用電子証明書: an opaque CN and no personal data.
CertificateSpec jpki_card_spec(std::string common_name, Bytes serial, Validity validity);

// A role's own authority (center, registry, admin): path length 0.
CertificateSpec role_authority_spec(std::string common_name, Bytes serial, Validity validity);
// `alternative_names` as in CertificateSpec.
CertificateSpec tls_server_spec(std::string common_name, std::string alternative_names,
                                Bytes serial, Validity validity);
CertificateSpec tls_client_spec(std::string common_name, std::string alternative_names,
                                Bytes serial, Validity validity);

// Eight octets, as JPKI's serials have; never zero. Equal numbers give equal serials.
Bytes serial_from(std::uint64_t number);

}  // namespace certrelay
