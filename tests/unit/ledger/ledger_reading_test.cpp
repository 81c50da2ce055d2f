// Goal: a ledger that is being written is read in slices without a gap or a repeat; an export of a
// part of it verifies and says who may keep it until when.
#include "relay/ledger/ledger_reading.hpp"

#include <gtest/gtest.h>

#include "protocol/record/retention.hpp"
#include "relay/ledger/ledger_export.hpp"
#include "tests/support/ledger_world.hpp"

namespace certrelay {
namespace {

using testing::entry_of;
using testing::LedgerWorld;
using testing::transaction;

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

UtcTime day(const char* text) { return jst_midnight(parse_iso_day(text).value()); }

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

// All pages' lines.
std::vector<std::string> lines_of(ExportPages& pages) {
  std::string text;
  for (std::size_t n = 0;; ++n) {
    const auto page = pages.page(n);
    if (!page) {
      EXPECT_EQ(page.error().code, ErrorCode::kNotFound);
      break;
    }
    text += as_text(page.value());
  }
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

TEST(LedgerExport, APartOfTheLedgerVerifiesAndStatesItsRetention) {  // R32, R45
  Days world(10);
  const auto range =
      find_range(world.source(), world.last(), day("2026-10-03"), day("2026-10-06")).value();
  auto plan = plan_export(world.source(), {empty_chain(testing::kLedgerOrigin), {}}, range).value();
  const auto head = export_head(plan, testing::checkpoint_key(), LedgerSequence(11)).value();
  ExportPages pages(world.source(), plan, head);
  const auto lines = lines_of(pages);
  ASSERT_EQ(lines.size(), 5U);
  ExportVerifier verifier;
  for (const auto& line : lines) ASSERT_TRUE(verifier.take(line).has_value());
  EXPECT_TRUE(verifier.expect_end().has_value());
  const auto checkpoint =
      verify_checkpoint(*verifier.checkpoint(), testing::checkpoint_key().verifier());
  ASSERT_TRUE(checkpoint.has_value());
  EXPECT_EQ(
      checkpoint.value().extensions,
      (std::vector<std::string>{"export 3-5", "export-entry 11", "retention-until 2031-10-05"}));
}

TEST(LedgerExport, AnExchangedEntryIsFound) {  // R45
  Days world(5);
  const auto range =
      find_range(world.source(), world.last(), day("2026-10-01"), day("2026-10-06")).value();
  auto plan = plan_export(world.source(), {empty_chain(testing::kLedgerOrigin), {}}, range).value();
  ExportPages pages(world.source(), plan,
                    export_head(plan, testing::checkpoint_key(), LedgerSequence(6)).value());
  auto lines = lines_of(pages);
  std::swap(lines[2], lines[3]);
  ExportVerifier verifier;
  ASSERT_TRUE(verifier.take(lines[0]).has_value());
  ASSERT_TRUE(verifier.take(lines[1]).has_value());
  EXPECT_FALSE(verifier.take(lines[2]).has_value());
  EXPECT_EQ(verifier.state().last, LedgerSequence(1));
}

TEST(LedgerExport, ManyEntriesComeInPagesInOrder) {
  Reading world;
  world.fill(30);
  for (int n = 0; n < 1200; ++n) {
    auto entry = entry_of(EntryKind::kOpened, transaction(1));
    entry.others = {{0x7000, Bytes(1000, 1)}, {0x7001, Bytes(1000, 2)}};
    ASSERT_TRUE(world.append(std::move(entry)).has_value());
  }
  EntryRange range{LedgerSequence(), world.last(), UtcTime{}};
  auto plan = plan_export(world.source(), {empty_chain(testing::kLedgerOrigin), {}}, range).value();
  ExportPages pages(world.source(), plan,
                    export_head(plan, testing::checkpoint_key(), LedgerSequence(1)).value());
  EXPECT_EQ(pages.page(1).error().code, ErrorCode::kNotFound);  // the one before it comes first
  const auto first = pages.page(0).value();
  EXPECT_LE(first.size(), kExportPageBytesMax);
  EXPECT_TRUE(pages.page(1).has_value());
  EXPECT_EQ(pages.page(0).value(), first);  // an answer that was lost is read again
  ExportVerifier verifier;
  for (const auto& line : lines_of(pages)) ASSERT_TRUE(verifier.take(line).has_value());
  EXPECT_TRUE(verifier.expect_end().has_value());
}

TEST(LedgerExport, NamesWhatRanBeforeTheWindow) {  // R48
  Reading world;
  auto boot = entry_of(EntryKind::kBoot);
  boot.artifact_sha256 = Digest{1};
  ASSERT_TRUE(world.append(boot).has_value());
  boot.artifact_sha256 = Digest{2};
  ASSERT_TRUE(world.append(boot).has_value());
  world.fill(3);
  const EntryRange range{LedgerSequence(3), LedgerSequence(5), UtcTime{}};
  const auto plan =
      plan_export(world.source(), {empty_chain(testing::kLedgerOrigin), {}}, range).value();
  ASSERT_EQ(plan.configurations.size(), 1U);
  EXPECT_EQ(plan.configurations[0].entry, LedgerSequence(2));
  EXPECT_EQ(plan.configurations[0].configuration, Digest{2});
}

TEST(LedgerExport, RetentionEndsFiveYearsLater) {  // R32, R41
  EXPECT_EQ(to_iso_day(retention_until(day("2026-10-05"))), "2031-10-05");
  EXPECT_EQ(to_iso_day(retention_until(day("2028-02-29"))), "2033-02-28");
}

}  // namespace
}  // namespace certrelay
