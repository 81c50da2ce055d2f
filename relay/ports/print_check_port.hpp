// Whether a household's certificates could be printed: asked by the register's import, so that the
// clerk hears of a missing glyph before a resident stands at a kiosk (rules.md).
#pragma once

#include <vector>

#include "protocol/extract/records.hpp"

namespace certrelay {

// One field that would refuse the page.
struct PrintFault {
  std::string_view column;  // a literal: of persons.csv, of households.csv for the household's own
  ErrorCode code;           // kGlyphMissing, kTextTooLong, kDateNotPrintable, kInvalidUtf8
  // Of a missing glyph: the character and its variation selector (0: none), nothing else of the
  // text (R46).
  char32_t base = 0;
  char32_t selector = 0;
  friend bool operator==(const PrintFault&, const PrintFault&) = default;
};

struct PrintFaults {
  std::vector<PrintFault> address;               // on every page: nobody of the household prints
  std::vector<PrintFault> head;                  // 世帯主: refuses only where it is printed
  std::vector<std::vector<PrintFault>> members;  // as many as were given, each with its own
};

// Renders nothing. Thread-safe.
class PrintCheckPort {
 public:
  PrintCheckPort() = default;
  PrintCheckPort(const PrintCheckPort&) = delete;
  PrintCheckPort& operator=(const PrintCheckPort&) = delete;
  virtual ~PrintCheckPort() = default;
  // Every field as it prints when all optional entries are chosen.
  virtual PrintFaults check(const HouseholdRecord& household,
                            const std::vector<PersonRecord>& members) const = 0;
};

}  // namespace certrelay
