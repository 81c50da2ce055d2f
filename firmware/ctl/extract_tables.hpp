// Internal to `extract build`: one table brought into the extract's order.
#pragma once

#include <string>
#include <vector>

#include "protocol/extract/schema.hpp"
#include "relay/env/files.hpp"

namespace certrelay {

// The text of a table as the extract carries it, and where its rows came from.
struct OrderedTable {
  std::string text;
  // Line of the extract to line of the source, ascending; every line between belongs to the first.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> lines;
  std::uint64_t rows = 0;

  std::uint64_t source_line(std::uint64_t line) const;
};

// Households ascending by id, persons by household and order, all others as they come. Only the
// form is checked here. Errors: CsvReader's and Header::read's (reported), Files'.
Result<OrderedTable> read_ordered(Files& files, const std::string& folder, Table table,
                                  IndividualNumbers numbers, Diagnostics& diagnostics);

}  // namespace certrelay
