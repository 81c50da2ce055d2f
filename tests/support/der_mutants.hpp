// Mutants of DER: every TLV, in encapsulating strings too, changed in its type, length and value,
// and every TLV left out, doubled, exchanged with its neighbour, emptied, renamed or written in
// another way, with all lengths around it right, so that the walk does not end at the first of
// them.
#pragma once

#include <vector>

#include "protocol/base/bytes.hpp"

namespace certrelay {

// One octet changed in each: lengths around a change stay as they were. `every_octet`: each octet
// of each primitive value, not the first, the middle and the last alone.
std::vector<Bytes> octet_mutants(const Bytes& der, bool every_octet = false);

// Well-formed around the change.
std::vector<Bytes> tree_mutants(const Bytes& der);

// Both. More of them when CERTRELAY_MUTANTS is "long".
std::vector<Bytes> mutants_of(const Bytes& der);

}  // namespace certrelay
