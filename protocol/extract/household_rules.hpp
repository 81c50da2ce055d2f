// What must hold between the rows of one household. The register's import and `extract build` ask
// the same function.
#pragma once

#include "protocol/extract/diagnostic.hpp"
#include "protocol/extract/records.hpp"

namespace certrelay {

// One household with its members in register order and the lines they stand on.
struct HouseholdRows {
  HouseholdRecord household;
  std::uint64_t household_line = 0;
  std::vector<PersonRecord> members;
  std::vector<std::uint64_t> member_lines;
  std::vector<std::vector<std::uint64_t>> card_lines = {};  // of the members' cards
};

// Reports every broken rule; true when there is none. Rules: as many members as stated, orders 1,
// 2, 3 ..., the first and only the first is the head and the relation HEAD, a Japanese resident has
// no foreign resident's items, and the other way round.
bool check_household(const HouseholdRows& rows, Diagnostics& diagnostics);

}  // namespace certrelay
