// OCSP answers made by OpenSSL, an implementation that shares nothing with relay/identity.
#pragma once

#include <optional>

#include "relay/identity/ocsp.hpp"
#include "tests/support/test_pki.hpp"

namespace certrelay {

struct OcspSpec {
  Bytes certificate{};  // whose status it is
  OcspStatus status = OcspStatus::kGood;
  int reason = -1;  // of a revoked one; -1: none given
  UtcTime this_update = test_now() - std::chrono::minutes(1);
  std::optional<UtcTime> next_update = test_now() + std::chrono::hours(1);
  std::optional<Bytes> nonce{};   // content octets
  bool by_key = false;            // responderID
  bool write_certificate = true;  // of the signer, beside the answer
};

// DER of an OCSPResponse about a certificate of `issuer`, signed by `signer`, which is the issuer
// itself or one whom it authorised.
Bytes ocsp_answer(const OcspSpec& spec, const PkiAuthority& issuer, const PkiAuthority& signer);
// One that says only that something went wrong (RFC 6960 §4.2.1).
Bytes ocsp_failure(int response_status);

// What OpenSSL's OCSP_basic_verify and OCSP_resp_find_status say of it under that root: "good",
// "revoked", "unknown", "other" (another certificate), or "refused".
std::string openssl_ocsp_opinion(const Bytes& answer, const Bytes& root, const Bytes& certificate);

// What a request asks for, as OpenSSL reads it: the serial's hexadecimal and the nonce's length.
std::string openssl_reads_request(const Bytes& request, const Bytes& root,
                                  const Bytes& certificate);

}  // namespace certrelay
