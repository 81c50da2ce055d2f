// Rows of the extract's tables to records and back. decode(cells_of(x)) == x for every record
// that the checks accept.
#pragma once

#include "protocol/extract/records.hpp"
#include "protocol/extract/row_cursor.hpp"

namespace certrelay {

// Each takes one row of its table. Faults are in the cursor's diagnostics.
// Errors: kExtractInvalid whenever the row has a fault.
Result<KindRecord> decode_kind(RowCursor& cursor);
Result<PurposeRecord> decode_purpose(RowCursor& cursor);
Result<EntryRecord> decode_entry(RowCursor& cursor);
Result<FeeRecord> decode_fee(RowCursor& cursor);
Result<CardRecord> decode_card(RowCursor& cursor);
Result<HouseholdRecord> decode_household(RowCursor& cursor);
Result<PersonRecord> decode_person(RowCursor& cursor);

// In the schema's order of columns.
std::vector<std::string> cells_of(const KindRecord& record);
std::vector<std::string> cells_of(const PurposeRecord& record);
std::vector<std::string> cells_of(const EntryRecord& record);
std::vector<std::string> cells_of(const FeeRecord& record);
std::vector<std::string> cells_of(const CardRecord& record);
std::vector<std::string> cells_of(const HouseholdRecord& record);
std::vector<std::string> cells_of(const PersonRecord& record,
                                  IndividualNumbers numbers = IndividualNumbers::kNotHeld);
std::vector<std::string> header_cells(Table table,
                                      IndividualNumbers numbers = IndividualNumbers::kNotHeld);

// The longest serial number a certificate may have, in octets (RFC 5280 §4.1.2.2).
inline constexpr std::size_t kSerialBytesMax = 20;

}  // namespace certrelay
