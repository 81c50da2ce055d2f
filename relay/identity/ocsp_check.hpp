// Whether an OCSP answer may be believed, and what it says of one certificate.
#pragma once

#include "relay/identity/ocsp.hpp"
#include "relay/identity/search_budget.hpp"
#include "relay/identity/trust_store.hpp"

namespace certrelay {

// Whether the answer speaks of that certificate at all. `serial`: content octets.
const OcspSingle* find_ocsp_response(const OcspAnswer& answer, const Authority& issuer,
                                     ByteView serial);

// The whole of RFC 6960 §3.2 for one certificate: the answer speaks of it, once; the signer is the
// issuer itself, or a certificate that came with the answer, that the issuer signed for OCSP, whose
// authority key identifier does not name another, that says nothing that is not implemented, that
// is in its dates, and that is marked as not to be checked or is not on the issuer's list; the
// signature; producedAt and thisUpdate not ahead of `now`, nextUpdate stated and not reached,
// thisUpdate within the rules' age. With `nonce`, the answer must repeat it. What the status then
// is, is the caller's to judge. Errors: kOcsp..., kPathTooLong (`checks` are used up).
Result<OcspSingle> check_ocsp_answer(const OcspAnswer& answer, const Authority& issuer,
                                     ByteView serial, const PathRules& rules, UtcTime now,
                                     std::optional<ByteView> nonce, SignatureChecks& checks);

}  // namespace certrelay
