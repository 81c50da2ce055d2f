// The tables that the resident-record system would hand to `extract build`.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "firmware/kiosk/city/household.hpp"
#include "protocol/extract/schema.hpp"
#include "relay/env/files.hpp"

namespace certrelay {

// One CSV file, written through a buffer: a city of a million is never held in memory.
class TableWriter {
 public:
  // Makes `folder`/<the table's name> with its header row. `files` must outlive it.
  // Errors of every member: Files' and File's.
  static Result<TableWriter> create(Files& files, const std::string& folder, Table table,
                                    IndividualNumbers numbers = IndividualNumbers::kNotHeld);
  Result<void> add(const std::vector<std::string>& cells);
  Result<void> finish();

 private:
  explicit TableWriter(std::unique_ptr<File> file) : file_(std::move(file)) {}
  Result<void> flush();
  std::unique_ptr<File> file_;
  std::uint64_t offset_ = 0;
  std::string buffer_;
};

// A card with the dates and the serial number that its certificate has or would have.
struct IssuedCard {
  CardPlan plan;
  std::uint64_t number = 0;  // of serial_from()
  JstDay issued{};
};

struct RegisterSummary {
  std::uint64_t persons = 0;
  std::uint64_t households = 0;
  std::uint64_t cards = 0;  // rows of cards.csv
  // What needs a softcard: every role, then residents, one a household before a second one.
  std::vector<IssuedCard> softcards;
};

struct PopulationOptions {
  int residents = 3000;  // rows of persons.csv; at least kResidentsMin
  std::uint64_t seed = 1;
  JstDay today{};           // all dates are relative to it
  int softcards_max = 250;  // beyond the roles
  // Fictional numbers (they begin with 0000) for all but the dead and the newborn.
  IndividualNumbers numbers = IndividualNumbers::kNotHeld;
};

// The cast alone, and a few dozen ordinary neighbours.
inline constexpr int kResidentsMin = 150;

// kinds.csv to persons.csv in `folder`, which exists. Equal options give equal bytes.
// Errors: as TableWriter's. Precondition: residents >= kResidentsMin (CHECK).
Result<RegisterSummary> write_source_tables(Files& files, const std::string& folder,
                                            const PopulationOptions& options);

}  // namespace certrelay
