#include "protocol/record/export.hpp"

#include <gtest/gtest.h>

namespace certrelay {
namespace {

constexpr std::string_view kExportOrigin = "ledger.example/39";

std::vector<std::string> lines_of(std::uint64_t first, std::uint64_t last,
                                  const std::optional<std::string>& checkpoint = std::nullopt) {
  auto state = empty_chain(kExportOrigin);
  std::vector<std::string> out;
  for (std::uint64_t n = 1; n <= last; ++n) {
    if (n == first) {
      out.push_back(encode_export_line(ExportHead{std::string(kExportOrigin), state, checkpoint}));
    }
    Entry entry;
    entry.sequence = LedgerSequence(n);
    entry.kind = EntryKind::kBoot;
    const auto bytes = encode(entry).value();
    extend_chain(state, bytes);
    if (n >= first) out.push_back(encode_export_line(ExportEntry{bytes, state.chain}));
  }
  out.push_back(encode_export_line(ExportEnd{state.last, state.tree.root()}));
  return out;
}

Result<void> verify(const std::vector<std::string>& lines, std::uint64_t& last) {
  ExportVerifier verifier;
  for (const auto& line : lines) {
    auto taken = verifier.take(line);
    last = verifier.state().last.value();
    if (!taken) return taken;
  }
  return verifier.expect_end();
}

TEST(ExportTest, VerifiesWholeAndPartialExports) {
  std::uint64_t last = 0;
  EXPECT_TRUE(verify(lines_of(1, 9), last).has_value());
  EXPECT_TRUE(verify(lines_of(5, 9), last).has_value());
  EXPECT_EQ(last, 9U);
}

TEST(ExportTest, NamesTheFirstBadEntry) {
  std::uint64_t last = 0;
  auto lines = lines_of(1, 9);
  lines.erase(lines.begin() + 4);  // entry 4
  EXPECT_EQ(verify(lines, last).error().code, ErrorCode::kSequenceGap);
  EXPECT_EQ(last, 3U);
  lines = lines_of(1, 9);
  std::swap(lines[6], lines[7]);  // entries 6 and 7
  EXPECT_EQ(verify(lines, last).error().code, ErrorCode::kSequenceGap);
  EXPECT_EQ(last, 5U);
}

// The note over the first `size` entries of lines_of, as `origin`.
std::string note_over(std::uint64_t size, std::string_view origin = kExportOrigin) {
  auto state = empty_chain(kExportOrigin);
  for (std::uint64_t n = 1; n <= size; ++n) {
    Entry entry;
    entry.sequence = LedgerSequence(n);
    entry.kind = EntryKind::kBoot;
    extend_chain(state, encode(entry).value());
  }
  return encode_note({.text = encode_checkpoint(checkpoint_of(origin, state)),
                      .signatures = {{std::string(origin), {}, {1}}}});
}

TEST(ExportTest, TheCheckpointsTreeMustBeMet) {
  std::uint64_t last = 0;
  EXPECT_TRUE(verify(lines_of(1, 9, note_over(9)), last).has_value());
  EXPECT_TRUE(verify(lines_of(5, 9, note_over(5)), last).has_value());
  for (const auto size : {4U, 10U}) {
    EXPECT_EQ(verify(lines_of(5, 9, note_over(size)), last).error().code,
              ErrorCode::kCheckpointMismatch);
  }
  auto other = note_over(7);
  other.replace(other.find("\n7\n"), 3, "\n6\n");  // the root of seven entries
  EXPECT_EQ(verify(lines_of(1, 9, other), last).error().code, ErrorCode::kCheckpointMismatch);
  EXPECT_EQ(last, 5U);
  EXPECT_EQ(verify(lines_of(1, 9, note_over(9, "ledger.example/40")), last).error().code,
            ErrorCode::kCheckpointMismatch);
}

TEST(ExportTest, RefusesACutOffExport) {
  std::uint64_t last = 0;
  auto lines = lines_of(1, 9);
  lines.pop_back();
  EXPECT_EQ(verify(lines, last).error().code, ErrorCode::kMalformed);
  lines = lines_of(1, 9);
  lines.erase(lines.end() - 2);  // the last entry
  EXPECT_EQ(verify(lines, last).error().code, ErrorCode::kTreeMismatch);
}

TEST(ExportTest, RefusesLinesOutOfOrder) {
  std::uint64_t last = 0;
  auto lines = lines_of(1, 2);
  lines.insert(lines.begin(), lines.front());
  EXPECT_FALSE(verify(lines, last).has_value());
  lines = lines_of(1, 2);
  lines.push_back(lines.back());
  EXPECT_FALSE(verify(lines, last).has_value());
  EXPECT_FALSE(verify({}, last).has_value());
}

TEST(ExportTest, AHeadOfAnotherOriginIsRefused) {
  std::uint64_t last = 0;
  auto lines = lines_of(1, 2);
  lines[0].replace(lines[0].find("example/39"), 10, "example/40");
  EXPECT_EQ(verify(lines, last).error().code, ErrorCode::kChainBroken);
}

}  // namespace
}  // namespace certrelay
