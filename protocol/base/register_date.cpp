#include "protocol/base/register_date.hpp"

#include <chrono>

namespace certrelay {
namespace {

constexpr std::string_view kWhere = "register date";

Result<unsigned> digits(std::string_view text) {
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return Error{ErrorCode::kMalformed, kWhere};
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value;
}

bool exists(const RegisterDate& date) {
  if (date.year == 0) return date.month == 0 && date.day == 0;
  if (date.month == 0) return date.day == 0;
  // Where the day is unknown, the month's first stands in: it always exists.
  return std::chrono::year_month_day(std::chrono::year(date.year), std::chrono::month(date.month),
                                     std::chrono::day(date.day == 0 ? 1 : date.day))
      .ok();
}

void append_digits(std::string& out, unsigned value, std::size_t width) {
  std::string text(width, '0');
  for (std::size_t i = width; i-- > 0; value /= 10) text[i] = static_cast<char>('0' + value % 10);
  out += text;
}

}  // namespace

Result<RegisterDate> RegisterDate::parse(std::string_view iso) {
  if (iso.size() != 10 || iso[4] != '-' || iso[7] != '-') {
    return Error{ErrorCode::kMalformed, kWhere};
  }
  RegisterDate date;
  CERTRELAY_TRY(const unsigned year, digits(iso.substr(0, 4)));
  CERTRELAY_TRY(date.month, digits(iso.substr(5, 2)));
  CERTRELAY_TRY(date.day, digits(iso.substr(8, 2)));
  date.year = static_cast<int>(year);
  if (!exists(date)) return Error{ErrorCode::kMalformed, "register date: no such day"};
  return date;
}

Result<RegisterDate> RegisterDate::parse(std::string_view iso, PersonalText display) {
  CERTRELAY_TRY(auto date, parse(iso));
  date.text = std::move(display);
  return date;
}

std::string RegisterDate::iso() const {
  std::string out;
  append_digits(out, static_cast<unsigned>(year), 4);
  out += '-';
  append_digits(out, month, 2);
  out += '-';
  append_digits(out, day, 2);
  return out;
}

}  // namespace certrelay
