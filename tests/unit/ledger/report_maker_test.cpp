// Goal: the reports show what the entries of their days say, at the edges of months and years in
// Japan; a signature under other figures is told; nothing in them names a person.
#include "relay/ledger/reports/report_maker.hpp"

#include <gtest/gtest.h>

#include "relay/ledger/reports/report_words.hpp"
#include "tests/support/ledger_world.hpp"

namespace certrelay {
namespace {

using testing::entry_of;
using testing::transaction;

UtcTime at(const char* text) { return parse_rfc3339(text).value(); }

Entry timed(EntryKind kind, const char* time, std::uint8_t n = 1) {
  auto entry = entry_of(kind, transaction(n));
  entry.utc = at(time);
  entry.peer = PeerName::parse("center").value();
  entry.role = Role::kCenter;
  entry.kiosk = KioskId::parse("KIOSK-1").value();
  entry.certificate_kind = CertificateKind::kJuminhyo;
  return entry;
}

Entry intent(const char* time, std::uint8_t n = 1) {
  auto entry = timed(EntryKind::kProvisionIntent, time, n);
  entry.sheets = 2;
  entry.copies = 1;
  entry.fee_yen = 300;
  entry.document = DocumentId::parse("20261031-00000001-ABCD").value();
  entry.subjects = {SubjectPseudonym{0xAA}};
  return entry;
}

Entry event(RecordedEvent what, const char* time, std::uint8_t n = 1, bool paid = true) {
  auto entry = timed(EntryKind::kEvent, time, n);
  entry.event = what;
  entry.paid = paid;
  entry.amount_yen = 300;
  return entry;
}

OperatorLine account(const char* name, Affiliation affiliation, bool unused = false) {
  return {.name = OperatorName::parse(name).value(),
          .affiliation = affiliation,
          .roles = {affiliation == Affiliation::kStaff ? OperatorRole::kCityAdministrator
                                                       : OperatorRole::kVendor},
          .ends_on = std::nullopt,
          .status = AccountStatus::kActive,
          .last_used_on = std::nullopt,
          .unused = unused};
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t out = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++out;
  return out;
}

std::string text_of(ReportKind kind, const char* period, const std::vector<Entry>& entries,
                    std::vector<OperatorLine> operators = {}) {
  ReportMaker maker(
      ReportPeriod::parse(kind, period).value(),
      {.site = "土佐みなと市", .demo = true, .active_max = 9, .operators = std::move(operators)});
  for (const auto& entry : entries) maker.take(entry);
  return report_text(maker.make());
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(MonthlyReport, CountsTheMonthInJapanAndNoMore) {  // R36, R43
  const auto text =
      text_of(ReportKind::kMonthly, "2026-10",
              {intent("2026-09-30T23:59:59+09:00", 1), intent("2026-10-01T00:00:00+09:00", 2),
               intent("2026-10-31T23:59:59+09:00", 3), intent("2026-11-01T00:00:00+09:00", 4)});
  EXPECT_TRUE(has(text, "住民票の写し                 2     2     4           600")) << text;
  EXPECT_TRUE(has(text, "委託先による提供　0件"));
  EXPECT_TRUE(has(text, "認められた方法以外での提供　0件"));
}

TEST(MonthlyReport, CountsWhatNobodyShouldFind) {  // R36, R43
  auto by_vendor = intent("2026-10-02T10:00:00+09:00");
  by_vendor.operator_name = OperatorName::parse("mihon-vendor").value();
  auto other_way = intent("2026-10-02T10:00:00+09:00");
  other_way.peer.reset();
  const auto text = text_of(ReportKind::kMonthly, "2026-10", {by_vendor, other_way});
  EXPECT_TRUE(has(text, "委託先による提供　1件"));
  EXPECT_TRUE(has(text, "認められた方法以外での提供　1件"));
}

TEST(MonthlyReport, ShowsRefusalsByReasonAndErasures) {  // R39, R42
  auto refusal = timed(EntryKind::kRefusal, "2026-10-02T10:00:00+09:00");
  refusal.reason = ErrorCode::kCardRevoked;
  auto gate = timed(EntryKind::kGateRefusals, "2026-10-02T10:00:00+09:00");
  gate.count = 12;
  gate.reason = ErrorCode::kKindSuspended;
  auto keys = timed(EntryKind::kKeysDestroyed, "2026-10-03T10:00:00+09:00");
  keys.count = 3;
  auto residue = timed(EntryKind::kResidueDropped, "2026-10-04T10:00:00+09:00");
  residue.count = 2;
  auto stranger = gate;
  stranger.role = Role::kRegistry;
  stranger.reason = ErrorCode::kPeerUnknown;
  auto broken = gate;
  broken.count = 70;
  broken.reason = ErrorCode::kConnectionEnded;
  const auto text =
      text_of(ReportKind::kMonthly, "2026-10", {refusal, gate, stranger, broken, keys, residue});
  EXPECT_TRUE(has(text, "合計　13件"));  // people at a kiosk
  EXPECT_TRUE(has(text, "合計　82件"));  // nobody at a kiosk
  EXPECT_TRUE(has(text, "既存住民基本台帳システム"));
  EXPECT_TRUE(has(text, "電子証明書の失効（127）"));
  EXPECT_TRUE(has(text, "手続の開始前　証明書の休止中（740）"));
  EXPECT_TRUE(has(text, "鍵を破棄した人数　3人"));
  EXPECT_TRUE(has(text, "残存データの除去まで完了した人数　2人"));
}

TEST(MonthlyReport, HoldsNoPseudonymAndNothingThatWasTyped) {  // R16, R36
  auto exported = timed(EntryKind::kExport, "2026-10-02T10:00:00+09:00");
  exported.operator_name = OperatorName::parse("mihon-admin").value();
  exported.action = ActionCode::parse("ledger.export").value();
  exported.stated_reason = StatedReason::parse("見本 太郎さんの件").value();
  const auto text =
      text_of(ReportKind::kMonthly, "2026-10", {intent("2026-10-02T10:00:00+09:00"), exported});
  EXPECT_TRUE(has(text, "提供記録の書き出し"));
  EXPECT_FALSE(has(text, "太郎"));
  EXPECT_FALSE(has(text, to_hex(SubjectPseudonym{0xAA})));
}

Entry signature_of(const std::vector<Entry>& entries, const char* time) {
  ReportMaker maker(ReportPeriod::parse(ReportKind::kMonthly, "2026-10").value(),
                    {.site = "土佐みなと市", .demo = true, .active_max = 9, .operators = {}});
  for (const auto& entry : entries) maker.take(entry);
  Entry entry;
  entry.kind = EntryKind::kReportSignedOff;
  entry.utc = at(time);
  entry.action = sign_off_word(ReportKind::kMonthly);
  entry.count = 202610;
  entry.operator_name = OperatorName::parse("mihon-admin").value();
  entry.artifact_sha256 = report_digest(maker.make());
  return entry;
}

TEST(MonthlyReport, NamesWhoSignedAndWhetherTheFiguresAreStillTheSame) {  // R36, R39
  std::vector<Entry> entries{intent("2026-10-02T10:00:00+09:00")};
  EXPECT_TRUE(has(text_of(ReportKind::kMonthly, "2026-10", entries), "未確認"));
  entries.push_back(signature_of(entries, "2026-11-02T10:00:00+09:00"));
  const auto text = text_of(ReportKind::kMonthly, "2026-10", entries);
  EXPECT_TRUE(has(text, "確認者: mihon-admin"));
  EXPECT_TRUE(has(text, "確認日時: 2026年11月2日 10時00分\n"));
  entries.insert(entries.begin(), intent("2026-10-01T10:00:00+09:00", 2));
  EXPECT_TRUE(
      has(text_of(ReportKind::kMonthly, "2026-10", entries), "確認後に内容が変わっています"));
  EXPECT_TRUE(has(text_of(ReportKind::kMonthly, "2026-09", entries), "未確認"));
}

TEST(DailyReport, ListsWhatIsOpenAtTheEndOfTheDay) {  // rules.md, Money and time
  const std::vector<Entry> entries{
      intent("2026-10-30T10:00:00+09:00", 1),
      intent("2026-10-31T10:00:00+09:00", 2),
      intent("2026-10-31T11:00:00+09:00", 3),
      intent("2026-10-31T12:00:00+09:00", 4),
      event(RecordedEvent::kPrinted, "2026-10-31T12:01:00+09:00", 2),
      event(RecordedEvent::kJammed, "2026-10-31T12:02:00+09:00", 3),
      timed(EntryKind::kDeliveryUnknown, "2026-10-31T23:59:59+09:00", 4),
      event(RecordedEvent::kRefunded, "2026-11-01T00:00:00+09:00", 3)};
  const auto last_day = text_of(ReportKind::kDaily, "2026-10-31", entries);
  EXPECT_TRUE(has(last_day, "件数　3件")) << last_day;
  EXPECT_TRUE(has(last_day, transaction(1).text()));
  EXPECT_FALSE(has(last_day, transaction(2).text()));
  EXPECT_TRUE(has(last_day, "支払済み・未印刷（返金を確認）"));
  EXPECT_TRUE(has(last_day, "結果不明（センターへ照会）"));
  const auto next_day = text_of(ReportKind::kDaily, "2026-11-01", entries);
  EXPECT_TRUE(has(next_day, "件数　2件"));
  EXPECT_FALSE(has(next_day, transaction(3).text()));
}

TEST(DailyReport, AnUnpaidCancellationIsNothingToSeeTo) {
  const auto text =
      text_of(ReportKind::kDaily, "2026-10-31",
              {intent("2026-10-31T10:00:00+09:00"),
               event(RecordedEvent::kCancelled, "2026-10-31T10:01:00+09:00", 1, false)});
  EXPECT_TRUE(has(text, "未解決のものはありません。"));
}

TEST(DailyReport, PaperThatWasLeftBehindStaysUntilSomebodyClosesIt) {
  std::vector<Entry> entries{intent("2026-10-31T10:00:00+09:00"),
                             event(RecordedEvent::kPrinted, "2026-10-31T10:01:00+09:00"),
                             event(RecordedEvent::kLeftBehind, "2026-10-31T10:09:00+09:00")};
  EXPECT_TRUE(has(text_of(ReportKind::kDaily, "2026-10-31", entries), "取り忘れ（店舗へ確認）"));
  auto closed = timed(EntryKind::kOperatorAction, "2026-10-31T20:00:00+09:00");
  closed.action = ActionCode::parse(kResultClosedAction).value();
  entries.push_back(closed);
  EXPECT_TRUE(
      has(text_of(ReportKind::kDaily, "2026-10-31", entries), "未解決のものはありません。"));
}

Entry work(const char* who, EntryKind kind, const char* action, const char* time) {
  auto entry = entry_of(kind);
  entry.utc = at(time);
  entry.operator_name = OperatorName::parse(who).value();
  entry.action = ActionCode::parse(action).value();
  entry.terminal = TerminalName::parse("terminal-1").value();
  return entry;
}

TEST(QuarterlyReport, ListsWhatVendorsDidAndNobodyElse) {  // R40
  const auto text = text_of(
      ReportKind::kQuarterly, "2026-Q3",
      {work("mihon-vendor", EntryKind::kOperatorViewed, "state.read", "2026-10-01T00:00:00+09:00"),
       work("mihon-vendor", EntryKind::kOperatorRefused, "ledger.export",
            "2026-12-31T23:59:59+09:00"),
       work("mihon-vendor", EntryKind::kOperatorViewed, "state.read", "2027-01-01T00:00:00+09:00"),
       work("mihon-admin", EntryKind::kOperatorAction, "issuing.stop",
            "2026-10-02T00:00:00+09:00")},
      {account("mihon-vendor", Affiliation::kSubcontract),
       account("mihon-admin", Affiliation::kStaff)});
  EXPECT_TRUE(has(text, "操作　2件")) << text;
  EXPECT_TRUE(has(text, "再委託"));
  EXPECT_TRUE(has(text, "拒否された操作"));
  EXPECT_FALSE(has(text, "交付の停止"));
  EXPECT_TRUE(has(text, "2026年12月"));
}

// What the city's own people looked at all quarter takes no place from a vendor's last call (R40).
TEST(QuarterlyReport, NobodyElsesWorkCrowdsAVendorsOut) {
  std::vector<Entry> entries(kHappeningsMax + 1, work("mihon-admin", EntryKind::kOperatorViewed,
                                                      "state.read", "2026-10-01T00:00:00+09:00"));
  entries.push_back(work("mihon-vendor", EntryKind::kOperatorRefused, "ledger.read",
                         "2026-12-31T23:59:59+09:00"));
  const std::vector<OperatorLine> people{account("mihon-vendor", Affiliation::kContractor),
                                         account("mihon-admin", Affiliation::kStaff)};
  const auto text = text_of(ReportKind::kQuarterly, "2026-Q3", entries, people);
  EXPECT_TRUE(has(text, "操作　1件")) << text;
  EXPECT_TRUE(has(text, "2026年12月31日 23時59分"));
  EXPECT_FALSE(has(text, "先頭の"));
  // A list that is not all of it says so, and counts all.
  for (auto& entry : entries) entry.operator_name = OperatorName::parse("mihon-vendor").value();
  const auto cut = text_of(ReportKind::kQuarterly, "2026-Q3", entries, people);
  EXPECT_TRUE(has(cut, "操作　2,002件"));
  EXPECT_TRUE(has(cut, "件数が多いため、表は先頭の2,000件を示します。"));
}

TEST(AccessReport, ShowsWhoseAccessChangedAndWhoSaidSo) {  // R30
  auto granted = work("mihon-clerk", EntryKind::kOperatorsChanged, "operator.add",
                      "2026-10-01T09:05:00+09:00");
  granted.account = OperatorName::parse("shinjin").value();
  granted.approver = OperatorName::parse("mihon-head").value();
  auto roles =
      work("shinjin", EntryKind::kOperatorsChanged, "operator.roles", "2026-11-01T10:00:00+09:00");
  roles.account = granted.account;
  auto refused =
      work("shinjin", EntryKind::kOperatorRefused, "ledger.export", "2026-11-02T10:00:00+09:00");
  refused.reason = ErrorCode::kRoleNotAllowed;
  auto person = account("shinjin", Affiliation::kStaff, true);
  person.review_due_on = parse_iso_day("2027-04-01").value();
  const auto text = text_of(ReportKind::kAccess, "2026-Q3", {granted, roles, refused}, {person});
  EXPECT_TRUE(has(text, "2026年10月1日 9時05分")) << text;
  for (const auto* part :
       {"利用者の登録 ", "役割の変更 ", "mihon-clerk", "mihon-head", "権限のない操作（745）",
        "提供記録の書き出し", "90日以上利用なし、2027年4月1日までに権限の確認"}) {
    EXPECT_TRUE(has(text, part)) << part;
  }
}

TEST(AccessReport, FlagsWhoHasNotBeenThereForNinetyDays) {  // R13, R34
  const auto text = text_of(ReportKind::kAccess, "2026-Q3", {},
                            {account("mihon-vendor", Affiliation::kContractor, true),
                             account("mihon-admin", Affiliation::kStaff)});
  EXPECT_TRUE(has(text, "有効な利用者　2人（上限9人）"));
  EXPECT_TRUE(has(text, "90日以上利用のない利用者　1人"));
}

TEST(AnnualReport, HasARowForEveryRequirement) {  // R55
  const auto text =
      text_of(ReportKind::kAnnual, "2026",
              {intent("2026-03-31T23:59:59+09:00", 1), intent("2026-04-01T00:00:00+09:00", 2),
               intent("2027-03-31T23:59:59+09:00", 3), intent("2027-04-01T00:00:00+09:00", 4)});
  for (int n = 1; n <= 56; ++n) {
    const auto id = (n < 10 ? "  R0" : "  R") + std::to_string(n) + "  ";
    EXPECT_TRUE(has(text, id)) << id;
  }
  EXPECT_TRUE(has(text, "提供2件"));
  EXPECT_TRUE(has(text, "2027年3月"));
  EXPECT_FALSE(has(text, "2027年4月"));
}

// Nobody can confirm a month of which no ledger knows.
TEST(AnnualReport, AsksForNothingOfTheTimeBeforeTheLedger) {  // R55
  const auto text = text_of(ReportKind::kAnnual, "2026",
                            {timed(EntryKind::kLedgerCreated, "2026-06-01T00:00:00+09:00"),
                             intent("2026-06-02T00:00:00+09:00")});
  EXPECT_EQ(count_of(text, "対象外（記録の開始前）"), 2U);  // April and May
  EXPECT_EQ(count_of(text, "未確認"), 10U + 4U + 4U + 1U);  // and the report's own
  const auto later = text_of(ReportKind::kAnnual, "2026",
                             {timed(EntryKind::kLedgerCreated, "2026-05-31T23:59:59+09:00")});
  EXPECT_EQ(count_of(later, "対象外（記録の開始前）"), 1U);
}

TEST(MonthlyReport, SaysWhyAnAlarmLatched) {  // R48
  auto latched = timed(EntryKind::kAlarmLatched, "2026-10-02T10:00:00+09:00");
  latched.reason = ErrorCode::kReadbackMismatch;
  EXPECT_TRUE(
      has(text_of(ReportKind::kMonthly, "2026-10", {latched}), "読み戻し照合の不一致（508）"));
}

}  // namespace
}  // namespace certrelay
