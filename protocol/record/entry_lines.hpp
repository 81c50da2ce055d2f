// An entry as people and their spreadsheets read it: the same names in JSON lines and in CSV. Not
// what is hashed: that is the canonical encoding (entry.hpp).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "protocol/record/entry.hpp"

namespace certrelay {

// Name and text of each field that the entry has, in the order of the columns: sequence, time
// (JST), kind, flags, reason, then the others. Bytes are hexadecimal. Fields of a newer program are
// left out; the canonical bytes have them.
std::vector<std::pair<std::string_view, std::string>> fields_of(const Entry& entry);
// The names of all fields: the columns of the CSV.
const std::vector<std::string_view>& field_names();

// One JSON object without a line feed; every value is a string.
std::string to_json_line(const Entry& entry);
// The heading, or an entry's row, ended by CR LF (RFC 4180); absent fields are empty.
std::string csv_heading();
std::string to_csv_row(const Entry& entry);
// A cell as RFC 4180 demands it. A text that a spreadsheet would take for a formula gets an
// apostrophe before it.
std::string csv_cell(std::string_view text);

}  // namespace certrelay
