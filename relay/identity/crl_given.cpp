#include "relay/identity/crl_given.hpp"

namespace certrelay {

bool GivenCrls::add(const UncheckedCrl& list, const Crl& crl, const Digest& key, NameMatching how) {
  Given next{.key = key,
             .tbs = list.tbs,
             .issuer_der = crl.issuer_der,
             .scope = crl.scope ? crl.scope->whole : Bytes(),
             .number = crl.number,
             .this_update = crl.this_update};
  for (const auto& other : given_) {
    if (other.key != next.key || other.scope != next.scope ||
        !names_match(other.issuer_der, next.issuer_der, how)) {
      continue;
    }
    if (other.number == next.number) {
      // The same again is known; what contradicts it contradicts this one too.
      return same_bytes(other.tbs, next.tbs);
    }
    const bool lower = next.number < other.number;
    if (lower ? next.this_update > other.this_update : next.this_update < other.this_update) {
      return false;
    }
  }
  given_.push_back(std::move(next));
  return true;
}

}  // namespace certrelay
