// Extensions of certificates and lists (RFC 5280 §4.2, §5.2); private to this room.
#pragma once

#include "relay/identity/certificate.hpp"

namespace certrelay {

// CRLReason (RFC 5280 §5.3.1).
inline constexpr std::uint8_t kCertificateHold = 6;

struct ExtensionView {
  ByteView oid;
  bool critical = false;
  ByteView value;  // the DER inside the OCTET STRING
};

// The elements of an Extensions SEQUENCE, each OID once. An explicit `critical FALSE` is read as
// what it means, though DER leaves it out: issuers write it, and it hides nothing.
// Errors: the reader's code, kCertificateExtensionTwice.
Result<std::vector<ExtensionView>> read_extension_list(DerReader list);

// Decodes what this room knows into `out`; a critical extension that it does not know, or may not
// be critical, is an error. Errors: kCertificateExtensionUnknown, kCertificateExtensionMalformed.
Result<void> apply_extension(const ExtensionView& extension, CertificateView& out);

}  // namespace certrelay
