// Certificates and lists in their full form: every extension that JPKI's documents name, each with
// all its parts, and those of a responder. Values are written by hand in DER.
#pragma once

#include "tests/support/test_pki.hpp"

namespace certrelay {

// A card: qualified policies, both alternative names, points with a directory name and a URI,
// access to information, purposes, an extension of somebody's own.
CertificateSpec full_card_spec();
// A root that says the same of itself.
CertificateSpec full_root_spec();
// A complete list: issuer's other names, freshest list, an extension of somebody's own, and entries
// with reason, invalidity date and an extension of somebody's own.
CrlSpec full_crl_spec();
// Of one whom the root authorised to answer: OCSPSigning, nocheck unless `checked`.
CertificateSpec responder_spec(bool checked = false);

// A URI as a GeneralName.
Bytes full_pki_uri(std::string_view where);

// The list of a spec, whose entries get the extensions that a CrlSpec has no words for.
Bytes with_full_entries(const Bytes& crl);

}  // namespace certrelay
