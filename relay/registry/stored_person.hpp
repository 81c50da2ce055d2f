#pragma once

#include "protocol/extract/records.hpp"

namespace certrelay {

// What is sealed for one person. The household's items are repeated in each member's, so that one
// opened record tells whose household it is; readers compare the members' with each other.
struct StoredPerson {
  PersonRecord person;
  HouseholdRecord household;
  std::vector<PersonId> members;  // register order, head first
  // Kept sealed beside the person: after an erasure the blinded index is rebuilt from here.
  std::vector<CardKey> cards;
  std::vector<JstDay> cards_valid_from;
  friend bool operator==(const StoredPerson&, const StoredPerson&) = default;
};

Bytes encode(const StoredPerson& stored);
// Errors: kStoreCorrupt. The bytes were authenticated, so only a bug can cause one.
Result<StoredPerson> decode_stored_person(ByteView bytes);

Bytes encode(const Catalogue& catalogue);
Result<Catalogue> decode_catalogue(ByteView bytes);

}  // namespace certrelay
