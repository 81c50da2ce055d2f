#pragma once

#include "protocol/extract/diagnostic.hpp"
#include "protocol/extract/records.hpp"

namespace certrelay {

// Reports every broken rule of the menu's tables: at least one kind, purpose and entry, no code
// twice, each fee of a known kind and purpose, and for each kind and purpose exactly one fee a
// first day, one of them in force on `day`.
void check_catalogue(const Catalogue& catalogue, JstDay day, Diagnostics& diagnostics);

// Reports every fee of `next` that tells of a day before `today` another price or unit than `force`
// does, what was charged then: a fee changes by date, from today on. A kind and purpose that
// `force` does not have, and days before the first fee that `next` still lists, are nobody's
// change.
void check_past_fees(const Catalogue& force, const Catalogue& next, JstDay today,
                     Diagnostics& diagnostics);

// The kinds of which the two do not list the same fees, ascending.
std::vector<CertificateKind> kinds_of_other_fees(const Catalogue& force, const Catalogue& next);

// The fee in force on `day`: the latest that does not lie ahead. Null when there is none.
const FeeRecord* fee_in_force(const Catalogue& catalogue, CertificateKind kind,
                              const PurposeCode& purpose, JstDay day);

}  // namespace certrelay
