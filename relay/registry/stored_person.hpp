#pragma once

#include "protocol/extract/records.hpp"

namespace certrelay {

// A person's 個人番号 as it is stored: ciphertext under a key of its own, never opened with the
// record.
struct SealedNumber {
  // Of the key in keys.bin; this one: among the keys that changes added.
  static constexpr std::uint64_t kAddedKey = 0xFFFF'FFFF'FFFF'FFFF;
  std::uint64_t slot = kAddedKey;
  Bytes sealed;
  friend bool operator==(const SealedNumber&, const SealedNumber&) = default;
};

// What is sealed for one person. The household's items are repeated in each member's, so that one
// opened record tells whose household it is; readers compare the members' with each other.
struct StoredPerson {
  PersonRecord person;
  HouseholdRecord household;
  std::vector<PersonId> members;  // register order, head first
  // Kept sealed beside the person: after an erasure the blinded index is rebuilt from here.
  std::vector<CardKey> cards;
  std::vector<JstDay> cards_valid_from;
  std::optional<SealedNumber> number = std::nullopt;
  friend bool operator==(const StoredPerson&, const StoredPerson&) = default;
};

// Precondition: `person.individual_number` is empty: it is sealed before anything is stored
// (CHECK).
Bytes encode(const StoredPerson& stored);
// Errors: kStoreCorrupt. The bytes were authenticated, so only a bug can cause one.
Result<StoredPerson> decode_stored_person(ByteView bytes);

Bytes encode(const Catalogue& catalogue);
Result<Catalogue> decode_catalogue(ByteView bytes);

}  // namespace certrelay
