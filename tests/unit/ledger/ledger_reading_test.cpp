// Goal: a ledger that is being written is read in slices without a gap or a repeat.
#include "relay/ledger/ledger_reading.hpp"

#include <gtest/gtest.h>

#include "tests/unit/ledger/reading_world.hpp"

namespace certrelay {
namespace {

using testing::day;
using testing::Days;
using testing::entry_of;
using testing::Reading;
using testing::transaction;

TEST(LedgerReading, PagesHaveEveryEntryOnce) {  // R41
  Reading world;
  world.fill(20);
  for (const std::size_t looked_at : {1U, 3U, 7U, 20U, 100U}) {
    std::vector<std::uint64_t> seen;
    LedgerSequence after;
    while (true) {
      const auto page = read_page(world.source(), world.last(), {}, after,
                                  {.slice = 4, .looked_at = looked_at, .bytes = 1'000'000});
      ASSERT_TRUE(page.has_value());
      for (const auto& entry : page.value().entries) seen.push_back(entry.sequence.value());
      if (!page.value().next) break;
      after = *page.value().next;
    }
    ASSERT_EQ(seen.size(), 20U) << looked_at;
    for (std::size_t n = 0; n < seen.size(); ++n) EXPECT_EQ(seen[n], n + 1);
  }
}

// A transaction's or a document's own entries are found without reading the ledger (R41).
TEST(LedgerReading, AStoryIsWhatALookAtEveryEntryTells) {
  Reading world;
  world.fill(20);
  auto intent = entry_of(EntryKind::kProvisionIntent, transaction(7));
  const auto day = to_iso_day(jst_day(world.clock.utc_now()));
  intent.document =
      DocumentId::parse(day.substr(0, 4) + day.substr(5, 2) + day.substr(8, 2) + "-00000001-ABCD")
          .value();
  ASSERT_TRUE(world.append(intent).has_value());
  world.fill(20);
  const StorySource story = [&](const TransactionId& id) { return world.ledger->entries_of(id); };
  const auto told = [&](const LedgerQuery& query, LedgerSequence after, ReadingLimits limits) {
    return read_story(world.source(), story, world.last(), query, after, limits).value();
  };
  LedgerQuery of_transaction;
  of_transaction.transaction = transaction(7);
  LedgerQuery of_document;
  of_document.document = intent.document;
  LedgerQuery of_both = of_transaction;
  of_both.outcome = EntryOutcome::kProvided;
  for (const auto& query : {of_transaction, of_document, of_both}) {
    const auto looked = read_page(world.source(), world.last(), query, {}).value();
    const auto page = told(query, {}, {});
    ASSERT_TRUE(page.has_value());
    EXPECT_EQ(page->entries, looked.entries);
    EXPECT_FALSE(page->next.has_value());
  }
  const auto first = told(of_transaction, {}, {.bytes = 100});
  ASSERT_TRUE(first->next.has_value());
  ASSERT_EQ(first->entries.size(), 1U);
  EXPECT_EQ(told(of_transaction, *first->next, {})->entries.size(), 2U);
  // Nothing is named: every entry has to be looked at.
  EXPECT_FALSE(told({}, {}, {}).has_value());
}

// Each search for a document leaves an entry that names it (R31, R35): the next one finds it all
// the same, and reads no more than the document's days.
TEST(LedgerReading, WhoAskedBeforeMakesNoSearchLonger) {
  Reading world;
  const auto number = [&](std::string_view end) {
    const auto day = to_iso_day(jst_day(world.clock.utc_now()));
    return DocumentId::parse(day.substr(0, 4) + day.substr(5, 2) + day.substr(8, 2) + "-" +
                             std::string(end))
        .value();
  };
  auto intent = entry_of(EntryKind::kProvisionIntent, transaction(7));
  intent.document = number("00000001-ABCD");
  ASSERT_TRUE(world.append(intent).has_value());
  Entry viewed = entry_of(EntryKind::kOperatorViewed);
  viewed.document = intent.document;
  ASSERT_TRUE(world.append(viewed).has_value());
  LedgerQuery query;
  query.document = intent.document;
  const StorySource story = [&](const TransactionId& id) { return world.ledger->entries_of(id); };
  const auto found = read_story(world.source(), story, world.last(), query, {}).value();
  ASSERT_TRUE(found.has_value());
  ASSERT_EQ(found->entries.size(), 1U);
  EXPECT_EQ(found->entries[0].kind, EntryKind::kProvisionIntent);
}

TEST(LedgerReading, AFullPageGoesOnWhereItEnded) {
  Reading world;
  world.fill(10);
  LedgerQuery query;
  query.outcome = EntryOutcome::kRefused;
  const auto first = read_page(world.source(), world.last(), query, {}, {.bytes = 100});
  ASSERT_TRUE(first.has_value());
  EXPECT_LT(first.value().entries.size(), 4U);
  ASSERT_TRUE(first.value().next.has_value());
  const auto second =
      read_page(world.source(), world.last(), query, *first.value().next, {.bytes = 100'000});
  ASSERT_TRUE(second.has_value());
  EXPECT_FALSE(second.value().next.has_value());
  EXPECT_EQ(first.value().entries.size() + second.value().entries.size(), 4U);
}

TEST(LedgerReading, AQueryBringsWhatAgrees) {
  Reading world;
  world.fill(10);
  LedgerQuery query;
  query.transaction = transaction(4);
  const auto page = read_page(world.source(), world.last(), query, {});
  ASSERT_TRUE(page.has_value());
  ASSERT_EQ(page.value().entries.size(), 1U);
  EXPECT_EQ(page.value().entries[0].sequence, LedgerSequence(5));
}

// A number that was never issued, or whose day no ledger knows, is answered from its own days: the
// five years around them are not read for it (R41).
TEST(LedgerReading, ADocumentThatWasNeverIssuedIsLookedForOnItsOwnDays) {
  Days world(400);
  std::size_t read = 0;
  const LedgerSource counted = [&](LedgerSequence after, std::size_t max) {
    auto out = world.ledger->read_after(after, std::min<std::size_t>(max, 4));
    if (out) read += out.value().size();
    return out;
  };
  const StorySource story = [&](const TransactionId& id) { return world.ledger->entries_of(id); };
  for (const auto* number : {"20261231-00000001-ABCD", "19991231-00000001-ABCD",
                             "20991231-00000001-ABCD", "20261331-00000001-ABCD"}) {
    LedgerQuery query;
    const auto document = DocumentId::parse(number);
    if (!document) continue;
    query.document = document.value();
    read = 0;
    const auto page = read_story(counted, story, world.last(), query, {}).value();
    ASSERT_TRUE(page.has_value()) << number;
    EXPECT_TRUE(page->entries.empty());
    EXPECT_FALSE(page->next.has_value());
    EXPECT_LT(read, 60U) << number;
  }
}

// Forty days of one document each, and somewhere among them an entry under a clock that nobody
// trusted, with any date: the first of a machine whose clock was never set, or a restored ledger's.
struct WildDate {
  WildDate(std::size_t at, const char* wild) {
    for (std::size_t n = 0; n < 40; ++n) {
      if (n == at) add(entry_of(EntryKind::kRestored), parse_rfc3339(wild).value(), true);
      const auto time = jst_midnight(parse_iso_day("2026-10-01").value()) +
                        std::chrono::hours(24 * static_cast<int>(n) + 12);
      auto intent =
          entry_of(EntryKind::kProvisionIntent, transaction(static_cast<std::uint8_t>(n)));
      intent.document = document(n);
      add(intent, time, false);
    }
  }
  static JstDay day_of(std::size_t n) {
    return parse_iso_day("2026-10-01").value() + std::chrono::days(n);
  }
  static DocumentId document(std::size_t n) {
    auto text = to_iso_day(day_of(n));
    std::erase(text, '-');
    return DocumentId::parse(text + "-00000001-ABCD").value();
  }
  void add(Entry entry, UtcTime time, bool doubted) {
    entry.sequence = LedgerSequence(entries.size() + 1);
    entry.utc = time;
    entry.flags = doubted ? kEntryClockDoubted : 0;
    entries.push_back(std::move(entry));
  }
  LedgerSource source() const {
    return [this](LedgerSequence after, std::size_t max) -> Result<std::vector<ExportEntry>> {
      std::vector<ExportEntry> out;
      for (auto n = after.value(); n < entries.size() && out.size() < max; ++n) {
        out.push_back({.entry = encode(entries[n]).value(), .chain = {}});
      }
      return out;
    };
  }
  StorySource story() const {
    return [this](const TransactionId& id) -> Result<std::vector<Entry>> {
      std::vector<Entry> out;
      for (const auto& one : entries) {
        if (one.transaction == id) out.push_back(one);
      }
      return out;
    };
  }
  LedgerSequence last() const { return LedgerSequence(entries.size()); }
  std::vector<Entry> entries;
};

TEST(LedgerReading, ADateThatNobodyTrustedHidesNoDocumentAndNoDay) {  // R03, R41
  for (const auto* wild : {"1970-01-01T00:00:00Z", "2040-01-01T00:00:00Z"}) {
    for (std::size_t at = 0; at < 40; ++at) {
      const WildDate world(at, wild);
      for (std::size_t n = 0; n < 40; ++n) {
        SCOPED_TRACE(std::string(wild) + " at " + std::to_string(at) + ", day " +
                     std::to_string(n));
        LedgerQuery query;
        query.document = WildDate::document(n);
        const auto found = read_story(world.source(), world.story(), world.last(), query, {});
        ASSERT_TRUE(found.value().has_value());
        ASSERT_EQ(found.value()->entries.size(), 1U);
        query.document.reset();
        query.from = jst_midnight(WildDate::day_of(n));
        query.until = *query.from + std::chrono::hours(24);
        const auto page = read_page(world.source(), world.last(), query, {}).value();
        ASSERT_EQ(page.entries.size(), 1U);
        EXPECT_EQ(page.entries[0].document, WildDate::document(n));
        const auto range = find_range(world.source(), world.last(), *query.from, *query.until);
        ASSERT_TRUE(range.has_value());
        EXPECT_EQ(range.value().last, page.entries[0].sequence);
      }
    }
  }
}

TEST(LedgerReading, ASearchByTimeFindsItsDays) {
  Days world(40);
  LedgerQuery query;
  query.from = day("2026-10-31");
  query.until = day("2026-11-02");
  const auto page = read_page(world.source(), world.last(), query, {});
  ASSERT_TRUE(page.has_value());
  ASSERT_EQ(page.value().entries.size(), 2U);
  EXPECT_EQ(page.value().entries[0].sequence, LedgerSequence(31));
  EXPECT_FALSE(page.value().next.has_value());
}

TEST(LedgerReading, ARangeHasItsEdges) {  // R45
  Days world(40);
  const auto range =
      find_range(world.source(), world.last(), day("2026-10-02"), day("2026-10-04")).value();
  EXPECT_EQ(range.before, LedgerSequence(1));
  EXPECT_EQ(range.last, LedgerSequence(3));
  const auto none = find_range(world.source(), world.last(), day("2027-10-02"), day("2027-10-04"));
  EXPECT_EQ(none.error().code, ErrorCode::kPeriodInvalid);
  const auto reversed =
      find_range(world.source(), world.last(), day("2026-10-04"), day("2026-10-02"));
  EXPECT_EQ(reversed.error().code, ErrorCode::kPeriodInvalid);
}

}  // namespace
}  // namespace certrelay
