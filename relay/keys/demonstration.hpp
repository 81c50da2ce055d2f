// How an authority of a demonstration is told from a real one: it never fits a site that issues to
// residents.
#pragma once

#include "protocol/base/bytes.hpp"

namespace certrelay {

// The extension that every demonstration's root carries: Netscape's comment, which `openssl x509
// -text` shows in plain words, not critical.
inline constexpr const char* kDemonstrationOid = "2.16.840.1.113730.1.13";
// Its value: an IA5String, DER.
Bytes demonstration_comment();

// Whether a certificate (DER) is a demonstration's: it carries that comment, or 見本 stands in its
// own name or its issuer's. True also for what is no certificate: nobody can say that it is real.
bool is_demonstration(ByteView certificate);

}  // namespace certrelay
