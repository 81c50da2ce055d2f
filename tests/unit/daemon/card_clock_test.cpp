// Goal: a clock past the end of every list is not believed, and one list that still runs is enough.
#include <gtest/gtest.h>

#include "firmware/daemon/vault_open.hpp"

namespace certrelay {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

CardHealth lists_that_end(std::initializer_list<UtcTime> ends) {
  CardHealth out;
  for (const auto end : ends) {
    out.issuers.emplace_back();
    out.issuers.back().crls.emplace_back().next_update = end;
  }
  return out;
}

TEST(CardClock, PastTheEndOfEveryListIsDoubted) {
  const auto now = parse_rfc3339("2026-11-22T10:00:00Z").value();
  EXPECT_TRUE(past_every_list(lists_that_end({now}), now));
  EXPECT_FALSE(past_every_list(lists_that_end({now + milliseconds(1)}), now));
  EXPECT_FALSE(past_every_list(lists_that_end({now - hours(1), now + hours(1)}), now));
  EXPECT_TRUE(past_every_list(lists_that_end({now - hours(1), now - hours(2)}), now));
  // Without any list nothing says so; its cards are refused anyway.
  EXPECT_FALSE(past_every_list(lists_that_end({}), now));
}

}  // namespace
}  // namespace certrelay
