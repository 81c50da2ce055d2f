#pragma once

#include <vector>

#include "protocol/extract/diagnostic.hpp"
#include "protocol/extract/record_codec.hpp"

namespace certrelay {

// The cards of a whole extract, 48 bytes each: a million fit where a million CardRecords do not.
class CardTable {
 public:
  void add(const CardRecord& card, std::uint64_t line);
  // Sorts, and reports each card that is there twice: two persons would share it.
  void finish(Diagnostics& diagnostics);
  // The person's cards, in the order of issuer and serial, and the lines that they stand on.
  // Precondition: finish() was called.
  std::vector<CardRecord> take(const PersonId& person, std::vector<std::uint64_t>& lines);
  // After every person was asked: reports the cards for nobody.
  void report_rest(Diagnostics& diagnostics) const;
  std::size_t size() const { return rows_.size(); }

 private:
  struct Row {
    std::uint64_t person = 0;
    std::uint32_t line = 0;
    std::int32_t day = 0;  // since 1970
    std::uint8_t issuer = 0;
    std::uint8_t length = 0;
    bool taken = false;
    std::array<std::uint8_t, kSerialBytesMax> serial{};
  };
  static bool same_card(const Row& a, const Row& b);
  std::vector<Row> rows_;
};

// The eleven digits as a number, and back.
std::uint64_t to_number(const PersonId& id);
std::uint64_t to_number(const HouseholdId& id);
// Precondition: below 10^11 (CHECK).
PersonId person_of(std::uint64_t number);

}  // namespace certrelay
