#pragma once

#include "protocol/extract/records.hpp"
#include "render/model/model.hpp"

namespace certrelay {

// Which optional entries are printed; what is not chosen is omitted, never left blank.
struct PrintedEntries {
  bool head_relation = false;
  bool domicile = false;
  bool foreign_items = false;
  bool individual_number = false;  // 個人番号: only where it is held and was asked for
};

// A register's record as its block prints; without a subject tag. The page and the import's check
// ask this same function.
PrintedPerson printed_person(const PersonRecord& person, const PrintedEntries& entries);
// 世帯主 likewise.
TextCell printed_head(const HouseholdRecord& household, const PrintedEntries& entries);

}  // namespace certrelay
