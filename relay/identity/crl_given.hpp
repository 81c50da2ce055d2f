// Whether the lists of one load contradict each other (RFC 5280 §5.2.3). Private to this room.
#pragma once

#include <vector>

#include "protocol/base/sha256.hpp"
#include "relay/identity/crl.hpp"
#include "relay/identity/name_match.hpp"

namespace certrelay {

// The lists that were given so far, each with the key that verified it. All of them are kept, not
// the highest alone: what is found does not depend on their order. Views the files.
class GivenCrls {
 public:
  // False when one of the same issuer, key and scope has the same number and is not the same list,
  // or a lower number and a later thisUpdate, or the other way round.
  bool add(const UncheckedCrl& list, const Crl& crl, const Digest& key, NameMatching how);

 private:
  struct Given {
    Digest key;
    ByteView tbs;
    Bytes issuer_der;
    Bytes scope;  // empty: complete
    std::uint64_t number = 0;
    UtcTime this_update;
  };
  std::vector<Given> given_;
};

}  // namespace certrelay
