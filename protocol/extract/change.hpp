// A change (異動) of one person, one household, or several at once: all of it or nothing of it.
// FORMAT.md, "A change". Its records are the extract's rows under the same rules.
#pragma once

#include <map>

#include "protocol/extract/household_rules.hpp"

namespace certrelay {

inline constexpr std::size_t kChangeBytesMax = std::size_t{1024} * 1024;
inline constexpr std::size_t kChangeListMax = 2000;  // of every list, members all together

struct AddedCard {
  PersonId person;
  CardKey card;
  JstDay valid_from{};
  std::uint64_t line = 0;  // ordinal within the change, from 1
};

struct RegisterChange {
  std::vector<HouseholdRows> households{};  // whole, as they are from now on
  std::vector<PersonId> deleted{};          // 消除: gone from the register
  std::vector<PersonId> deceased{};         // 死亡: closed at once; the new head may come later
  std::vector<AddedCard> cards_added{};
  std::vector<CardKey> cards_removed{};
  std::map<std::string, Bytes> images{};  // "name.png"
};

// A change as read. Where `diagnostics` has a fault only the names may be used: whom it concerns.
struct ReadChange {
  RegisterChange change;
  std::vector<HouseholdId> households;
  std::vector<PersonId> persons;
};

// Faults of the records go to `diagnostics` (file: the table's name, line: the record's ordinal of
// that table in the change), never a value. `numbers`: as the register in force, whose changes have
// the column exactly then.
// Errors: kChangeMalformed (the envelope cannot be read: JSON, members, lists, an id of a household
// or a person), kLimitExceeded, parse_strict_json's.
Result<ReadChange> decode_change(ByteView body, Diagnostics& diagnostics,
                                 IndividualNumbers numbers = IndividualNumbers::kNotHeld);

// One line, every member in the documented order. Errors: kLimitExceeded.
Result<Bytes> encode(const RegisterChange& change,
                     IndividualNumbers numbers = IndividualNumbers::kNotHeld);

}  // namespace certrelay
