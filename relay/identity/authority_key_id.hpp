// AuthorityKeyIdentifier (RFC 5280 §4.2.1.1): whose key signed. Private to this room.
#pragma once

#include <optional>

#include "relay/identity/name_match.hpp"

namespace certrelay {

// authorityCertIssuer and authorityCertSerialNumber: which certificate of the key is meant. Its
// own copy, so that a list can keep it.
struct NamedCertificate {
  Bytes issuer_names;  // whole GeneralNames, one behind the other
  Bytes serial;        // content octets

  // Whether that is the certificate of `its_serial` that `its_issuer` (a whole Name) signed: every
  // directory name must be that one, and one must be given, for other names say nothing of it.
  bool is(ByteView its_issuer, ByteView its_serial, NameMatching how) const;
};

struct AuthorityKeyId {
  std::optional<ByteView> key_id;
  std::optional<NamedCertificate> certificate;
};

// Errors: `code`.
Result<AuthorityKeyId> read_authority_key_id(ByteView value, ErrorCode code);

}  // namespace certrelay
