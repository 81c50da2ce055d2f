#pragma once

#include <string>
#include <vector>

#include "protocol/base/register_date.hpp"
#include "protocol/base/time.hpp"

namespace certrelay {

struct Era {
  std::string name;
  JstDay start;  // its first day, which prints 元年
};

enum class Calendar : std::uint8_t { kJapanese, kWestern };

// The words of a date (form.md of the printed form: 令和　２年１０月　５日, 令和元年　５月　１日,
// １９８５年　４月１２日): full-width digits, one-digit numbers after one full-width space.
// The register's display text wins, unchanged (R46). Unknown parts from the right are left out.
// `eras` in ascending order. Errors: kDateNotPrintable with `where`, when the date is before the
// first era, or the unknown parts leave the era open (1989年 is 昭和 or 平成) or nothing is known.
Result<std::string> date_words(const RegisterDate& date, Calendar calendar,
                               const std::vector<Era>& eras, std::string_view where);

// The words of a complete day in the Japanese calendar. Errors as above.
Result<std::string> day_words(JstDay day, const std::vector<Era>& eras, std::string_view where);

// A number in full-width digits.
std::string full_width(unsigned number);

}  // namespace certrelay
