#pragma once

#include <compare>
#include <cstdint>

namespace certrelay {

// An entry's number in the ledger: from 1, without holes. 0 stands before the first entry.
class LedgerSequence {
 public:
  constexpr LedgerSequence() = default;
  constexpr explicit LedgerSequence(std::uint64_t value) : value_(value) {}
  constexpr std::uint64_t value() const { return value_; }
  constexpr LedgerSequence next() const { return LedgerSequence(value_ + 1); }
  friend constexpr auto operator<=>(LedgerSequence, LedgerSequence) = default;

 private:
  std::uint64_t value_ = 0;
};

}  // namespace certrelay
