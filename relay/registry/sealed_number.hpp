#pragma once

#include "protocol/ids/individual_number.hpp"
#include "relay/keys/root_key.hpp"
#include "relay/registry/stored_person.hpp"

namespace certrelay {

// 個人番号 under the person's second key: without that key every copy of it, in base, overlay or a
// freed block, is noise (R49). The context has no generation: a change of another item carries the
// ciphertext on unopened.
Bytes seal_number(const Key256& key, std::uint64_t person, const IndividualNumber& number,
                  Entropy& entropy);
// Errors: kSealBroken, kStoreCorrupt.
Result<IndividualNumber> open_sealed_number(const Key256& key, std::uint64_t person,
                                            const SealedNumber& number);

}  // namespace certrelay
