#include "protocol/extract/card_table.hpp"

#include <algorithm>
#include <tuple>

#include "protocol/base/check.hpp"
#include "protocol/extract/schema.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kOpaqueDigits = 11;

std::uint64_t digits_of(std::string_view text) {
  std::uint64_t value = 0;
  for (const char c : text) value = value * 10 + static_cast<std::uint64_t>(c - '0');
  return value;
}

Diagnostic card_fault(std::uint64_t line, std::string_view column, std::string_view rule,
                      std::string_view mend) {
  return {std::string(table_info(Table::kCards).file), line, column, rule, mend};
}

}  // namespace

std::uint64_t to_number(const PersonId& id) { return digits_of(id.text()); }
std::uint64_t to_number(const HouseholdId& id) { return digits_of(id.text()); }

PersonId person_of(std::uint64_t number) {
  std::string text = std::to_string(number);
  CERTRELAY_CHECK(text.size() <= kOpaqueDigits);
  text.insert(0, kOpaqueDigits - text.size(), '0');
  auto id = PersonId::parse(text);
  CERTRELAY_CHECK(id.has_value());
  return std::move(id).value();
}

void CardTable::add(const CardRecord& card, std::uint64_t line) {
  CERTRELAY_CHECK(card.serial.size() <= kSerialBytesMax);
  Row row;
  row.person = to_number(card.person);
  row.line = static_cast<std::uint32_t>(line);
  row.day = static_cast<std::int32_t>(card.valid_from.time_since_epoch().count());
  row.issuer = card.issuer;
  row.length = static_cast<std::uint8_t>(card.serial.size());
  std::copy(card.serial.begin(), card.serial.end(), row.serial.begin());
  rows_.push_back(row);
}

bool CardTable::same_card(const Row& a, const Row& b) {
  return a.issuer == b.issuer && a.length == b.length && a.serial == b.serial;
}

void CardTable::finish(Diagnostics& diagnostics) {
  const auto card_of = [](const Row& row) { return std::tie(row.issuer, row.length, row.serial); };
  std::sort(rows_.begin(), rows_.end(),
            [&](const Row& a, const Row& b) { return card_of(a) < card_of(b); });
  for (std::size_t i = 1; i < rows_.size(); ++i) {
    if (!same_card(rows_[i - 1], rows_[i])) continue;
    diagnostics.reject(card_fault(std::max(rows_[i - 1].line, rows_[i].line), "serial",
                                  "double-card", "同じ証明書が2つの行にあります。"));
  }
  std::sort(rows_.begin(), rows_.end(), [&](const Row& a, const Row& b) {
    return a.person != b.person ? a.person < b.person : card_of(a) < card_of(b);
  });
}

std::vector<CardRecord> CardTable::take(const PersonId& person, std::vector<std::uint64_t>& lines) {
  const std::uint64_t number = to_number(person);
  auto row = std::lower_bound(rows_.begin(), rows_.end(), number,
                              [](const Row& r, std::uint64_t key) { return r.person < key; });
  std::vector<CardRecord> out;
  for (; row != rows_.end() && row->person == number; ++row) {
    row->taken = true;
    lines.push_back(row->line);
    out.push_back({row->issuer, Bytes(row->serial.begin(), row->serial.begin() + row->length),
                   JstDay(std::chrono::days(row->day)), person});
  }
  return out;
}

void CardTable::report_rest(Diagnostics& diagnostics) const {
  for (const auto& row : rows_) {
    if (row.taken) continue;
    diagnostics.reject(card_fault(row.line, "person_id", "card-for-nobody",
                                  "persons.csvにいない人のカードです。"));
  }
}

}  // namespace certrelay
