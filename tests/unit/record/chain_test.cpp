#include "protocol/record/chain.hpp"

#include <gtest/gtest.h>

namespace certrelay {
namespace {

constexpr std::string_view kOrigin = "ledger.example/39";

Bytes entry_bytes(std::uint64_t sequence) {
  Entry entry;
  entry.sequence = LedgerSequence(sequence);
  entry.kind = EntryKind::kBoot;
  entry.utc = UtcTime{std::chrono::milliseconds{1'000}};
  return encode(entry).value();
}

TEST(ChainTest, TheWalkThatVerifiesEndsWhereTheWalkThatWroteDid) {
  auto written = empty_chain(kOrigin);
  auto read = empty_chain(kOrigin);
  for (std::uint64_t n = 1; n <= 20; ++n) {
    extend_chain(written, entry_bytes(n));
    EXPECT_EQ(verify_next(read, entry_bytes(n), written.chain).value().sequence.value(), n);
  }
  EXPECT_EQ(read, written);
}

TEST(ChainTest, AnotherLedgersEntriesDoNotContinueThisOne) {
  auto other = empty_chain("ledger.example/40");
  extend_chain(other, entry_bytes(1));
  auto state = empty_chain(kOrigin);
  EXPECT_EQ(verify_next(state, entry_bytes(1), other.chain).error().code, ErrorCode::kChainBroken);
}

TEST(ChainTest, AnErrorLeavesTheStateBeforeTheBadEntry) {
  auto state = empty_chain(kOrigin);
  auto next = state;
  extend_chain(next, entry_bytes(1));
  const auto before = state;
  EXPECT_EQ(verify_next(state, entry_bytes(2), next.chain).error().code, ErrorCode::kSequenceGap);
  EXPECT_EQ(state, before);
  auto chain = next.chain;
  chain[0] ^= 1;
  EXPECT_EQ(verify_next(state, entry_bytes(1), chain).error().code, ErrorCode::kChainBroken);
  EXPECT_EQ(state, before);
}

}  // namespace
}  // namespace certrelay
