#pragma once

#include <string>
#include <string_view>

#include "protocol/base/personal_text.hpp"
#include "protocol/base/result.hpp"

namespace certrelay {

// A date as a resident register holds it: some parts may be unknown (昭和２０年、月日不詳), and the
// register may send the very words to print instead. Proleptic Gregorian; no era here.
struct RegisterDate {
  int year = 0;        // 1 to 9999, 0 unknown
  unsigned month = 0;  // 1 to 12, 0 unknown
  unsigned day = 0;    // 1 to 31, 0 unknown; a day that exists in that month
  // The register's display text; where it is not empty it is printed instead of the parts (R46).
  PersonalText text;

  // YYYY-MM-DD. Unknown parts are 00 from the right: 1945-00-00, 1945-08-00, 0000-00-00.
  // Errors: kMalformed (other form, no such day, a day without its month, parts without a year).
  static Result<RegisterDate> parse(std::string_view iso);
  static Result<RegisterDate> parse(std::string_view iso, PersonalText display);

  // YYYY-MM-DD of the parts, the inverse of parse(); says nothing of `text`.
  std::string iso() const;
  // Nothing is known and there is nothing to print.
  bool empty() const { return year == 0 && text.empty(); }
  // Year, month and day are all known.
  bool complete() const { return day != 0; }

  friend bool operator==(const RegisterDate&, const RegisterDate&) = default;
};

}  // namespace certrelay
