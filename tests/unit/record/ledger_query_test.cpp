// Goal: a query brings what agrees and nothing else; a resident is told of every provision, and of
// nobody else's.
#include <gtest/gtest.h>

#include "protocol/record/entry_lines.hpp"
#include "protocol/record/ledger_query.hpp"
#include "protocol/record/provision_history.hpp"

namespace certrelay {
namespace {

UtcTime at(const char* text) { return parse_rfc3339(text).value(); }

TransactionId id(std::uint8_t n) {
  std::array<std::uint8_t, 16> bytes{};
  bytes.back() = n;
  return TransactionId::from_bytes(uuid_v4_bytes(bytes)).value();
}

Entry entry_of(EntryKind kind, std::uint8_t transaction, const char* time) {
  Entry entry;
  entry.kind = kind;
  entry.sequence = LedgerSequence(1);
  entry.utc = at(time);
  entry.transaction = id(transaction);
  entry.kiosk = KioskId::parse("KIOSK-1").value();
  return entry;
}

TEST(LedgerQuery, APeriodHasItsFirstMillisecondAndNotItsLast) {  // R41
  LedgerQuery query;
  query.from = at("2026-10-01T00:00:00+09:00");
  query.until = at("2026-11-01T00:00:00+09:00");
  auto entry = entry_of(EntryKind::kOpened, 1, "2026-10-01T00:00:00+09:00");
  EXPECT_TRUE(matches(query, entry));
  entry.utc -= std::chrono::milliseconds(1);
  EXPECT_FALSE(matches(query, entry));
  entry.utc = *query.until;
  EXPECT_FALSE(matches(query, entry));
  entry.utc -= std::chrono::milliseconds(1);
  EXPECT_TRUE(matches(query, entry));
}

TEST(LedgerQuery, RefusesAPeriodThatEndsWhereItBegins) {
  LedgerQuery query;
  query.from = query.until = at("2026-10-01T00:00:00+09:00");
  EXPECT_EQ(check(query).error().code, ErrorCode::kPeriodInvalid);
  query.until = *query.from + std::chrono::milliseconds(1);
  EXPECT_TRUE(check(query).has_value());
}

TEST(LedgerQuery, EveryCriterionMustAgree) {
  LedgerQuery query;
  query.transaction = id(1);
  query.kiosk = KioskId::parse("KIOSK-1").value();
  query.outcome = EntryOutcome::kRefused;
  EXPECT_TRUE(matches(query, entry_of(EntryKind::kRefusal, 1, "2026-10-01T00:00:00Z")));
  EXPECT_FALSE(matches(query, entry_of(EntryKind::kRefusal, 2, "2026-10-01T00:00:00Z")));
  EXPECT_FALSE(matches(query, entry_of(EntryKind::kOpened, 1, "2026-10-01T00:00:00Z")));
  query.kiosk = KioskId::parse("KIOSK-2").value();
  EXPECT_FALSE(matches(query, entry_of(EntryKind::kRefusal, 1, "2026-10-01T00:00:00Z")));
}

TEST(LedgerQuery, ARefundIsNoPaper) {
  auto entry = entry_of(EntryKind::kEvent, 1, "2026-10-01T00:00:00Z");
  entry.event = RecordedEvent::kRefunded;
  EXPECT_EQ(outcome_of(entry), EntryOutcome::kNotPrinted);
  entry.event = RecordedEvent::kPrinted;
  EXPECT_EQ(outcome_of(entry), EntryOutcome::kPrinted);
  EXPECT_FALSE(outcome_of(entry_of(EntryKind::kBoot, 1, "2026-10-01T00:00:00Z")).has_value());
}

TEST(ProvisionHistory, TellsAPersonOfTheOwnProvisionsAlone) {  // R56
  const SubjectPseudonym mine{1};
  const SubjectPseudonym other{2};
  auto inquiry = entry_of(EntryKind::kProvisionInquiry, 1, "2026-10-01T00:00:00Z");
  inquiry.subjects = {other, mine};
  auto intent = entry_of(EntryKind::kProvisionIntent, 1, "2026-10-01T00:01:00Z");
  intent.subjects = {mine};
  auto printed = entry_of(EntryKind::kEvent, 1, "2026-10-01T00:02:00Z");
  printed.event = RecordedEvent::kPrinted;
  auto foreign = entry_of(EntryKind::kProvisionIntent, 2, "2026-10-01T00:03:00Z");
  foreign.subjects = {other};
  const auto lines = provisions_to(mine, {inquiry, intent, printed, foreign});
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].what, ProvisionLine::What::kInquiry);
  EXPECT_EQ(lines[0].result, ProvisionLine::Result::kNone);
  EXPECT_EQ(lines[1].what, ProvisionLine::What::kCertificate);
  EXPECT_EQ(lines[1].result, ProvisionLine::Result::kPrinted);
  EXPECT_EQ(lines[1].kiosk->text(), "KIOSK-1");
}

TEST(ProvisionHistory, SaysWhatIsNotKnown) {  // R56
  const SubjectPseudonym mine{1};
  auto intent = entry_of(EntryKind::kProvisionIntent, 1, "2026-10-01T00:01:00Z");
  intent.subjects = {mine};
  const auto unknown = entry_of(EntryKind::kDeliveryUnknown, 1, "2026-10-01T00:02:00Z");
  const auto lines = provisions_to(mine, {intent, unknown});
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].result, ProvisionLine::Result::kUnknown);
}

TEST(EntryLines, ARowHasEveryColumn) {  // R45
  auto entry = entry_of(EntryKind::kProvisionIntent, 1, "2026-10-01T00:00:00Z");
  entry.subjects = {SubjectPseudonym{1}};
  entry.sheets = 2;
  const auto row = to_csv_row(entry);
  EXPECT_EQ(std::ranges::count(row, ','), std::ranges::count(csv_heading(), ','));
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(row, ',')) + 1, field_names().size());
  EXPECT_TRUE(row.starts_with("1,2026-10-01T09:00:00+09:00,provision_intent,,,"));
  EXPECT_TRUE(row.ends_with(",01000000000000000000000000000000\r\n"));
}

TEST(EntryLines, ACellIsNoFormula) {
  EXPECT_EQ(csv_cell("=1+1"), "'=1+1");
  EXPECT_EQ(csv_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
  EXPECT_EQ(csv_cell("plain"), "plain");
}

TEST(EntryLines, AJsonLineNamesWhatTheEntryHasAndNothingElse) {
  Entry entry;
  entry.sequence = LedgerSequence(7);
  entry.kind = EntryKind::kBoot;
  entry.utc = at("2026-10-01T00:00:00Z");
  entry.flags = kEntryDemo;
  EXPECT_EQ(to_json_line(entry),
            R"({"sequence":"7","time":"2026-10-01T09:00:00+09:00","kind":"boot","flags":"demo"})");
}

}  // namespace
}  // namespace certrelay
