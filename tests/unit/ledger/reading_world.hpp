// A ledger that is being written, as its readers see it.
#pragma once

#include <gtest/gtest.h>

#include "relay/ledger/ledger_reading.hpp"
#include "tests/support/ledger_world.hpp"

namespace certrelay::testing {

struct Reading : LedgerWorld {
  Reading() { start(); }
  LedgerSource source() {
    return [this](LedgerSequence after, std::size_t max) { return ledger->read_after(after, max); };
  }
  LedgerSequence last() const { return ledger->health().last; }
  void fill(std::size_t count) {
    for (std::size_t n = 0; n < count; ++n) {
      ASSERT_TRUE(append(entry_of(n % 3 == 0 ? EntryKind::kRefusal : EntryKind::kOpened,
                                  transaction(static_cast<std::uint8_t>(n))))
                      .has_value());
    }
  }
};

// One entry a day from 2026-10-01 12:00 JST on.
struct Days : Reading {
  explicit Days(std::size_t count) {
    clock.step_utc(parse_rfc3339("2026-10-01T12:00:00+09:00").value() - clock.utc_now());
    EXPECT_TRUE(ledger->accept_clock(UtcTime{}));
    for (std::size_t n = 0; n < count; ++n) {
      EXPECT_TRUE(append(entry_of(EntryKind::kOpened, transaction(1))).has_value());
      clock.pass(std::chrono::hours(24));
    }
  }
};

inline UtcTime day(const char* text) { return jst_midnight(parse_iso_day(text).value()); }

}  // namespace certrelay::testing
