#pragma once

#include "protocol/extract/diagnostic.hpp"
#include "protocol/extract/records.hpp"

namespace certrelay {

// Reports every broken rule of the menu's tables: at least one kind, purpose and entry, no code
// twice, each fee of a known kind and purpose, and for each kind and purpose exactly one fee a
// first day, one of them in force on `day`.
void check_catalogue(const Catalogue& catalogue, JstDay day, Diagnostics& diagnostics);

// The fee in force on `day`: the latest that does not lie ahead. Null when there is none.
const FeeRecord* fee_in_force(const Catalogue& catalogue, CertificateKind kind,
                              const PurposeCode& purpose, JstDay day);

}  // namespace certrelay
