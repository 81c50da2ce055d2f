// The two spellings of an ECDSA signature over P-256: r and s side by side (RFC 9421 §3.3.4,
// PKCS#11), and the SEQUENCE of two INTEGERs that X.509 and CMS want (RFC 3279 §2.2.3).
#pragma once

#include "protocol/wire/answer_signature.hpp"

namespace certrelay {

// Errors: kInternal (not such a SEQUENCE, or a number of more than 32 bytes).
Result<RawSignature> to_raw_signature(ByteView der);
// DER, shortest form.
Bytes to_der_signature(const RawSignature& raw);

}  // namespace certrelay
