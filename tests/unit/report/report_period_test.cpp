// Goal: a report covers its days in Japan and no others, over month's ends and fiscal years, and is
// overdue when its time has passed and not before.
#include <gtest/gtest.h>

#include "protocol/report/report.hpp"
#include "protocol/report/sign_off.hpp"

namespace certrelay {
namespace {

UtcTime at(const char* text) { return parse_rfc3339(text).value(); }

ReportPeriod period(ReportKind kind, const char* text) {
  return ReportPeriod::parse(kind, text).value();
}

TEST(ReportPeriod, AMonthEndsAtMidnightInJapan) {  // R36
  const auto october = period(ReportKind::kMonthly, "2026-10");
  EXPECT_EQ(october.from(), at("2026-10-01T00:00:00+09:00"));
  EXPECT_EQ(october.until(), at("2026-11-01T00:00:00+09:00"));
  EXPECT_EQ(ReportPeriod::of(ReportKind::kMonthly, at("2026-10-31T14:59:59Z")), october);
  EXPECT_EQ(ReportPeriod::of(ReportKind::kMonthly, at("2026-10-31T15:00:00Z")), october.next());
  EXPECT_EQ(october.words(), "2026年10月");
  EXPECT_EQ(october.number(), 202610U);
}

TEST(ReportPeriod, TheFiscalYearBeginsInApril) {  // R55
  const auto year = period(ReportKind::kAnnual, "2026");
  EXPECT_EQ(year.from(), at("2026-04-01T00:00:00+09:00"));
  EXPECT_EQ(year.until(), at("2027-04-01T00:00:00+09:00"));
  EXPECT_EQ(ReportPeriod::of(ReportKind::kAnnual, at("2027-03-31T23:59:59+09:00")), year);
  EXPECT_EQ(ReportPeriod::of(ReportKind::kAnnual, at("2027-04-01T00:00:00+09:00")).text(), "2027");
  EXPECT_EQ(year.words(), "2026年度（2026年4月～2027年3月）");
}

TEST(ReportPeriod, TheFourthQuarterIsJanuaryToMarchOfTheNextYear) {  // R40
  const auto last = period(ReportKind::kQuarterly, "2026-Q4");
  EXPECT_EQ(last.from(), at("2027-01-01T00:00:00+09:00"));
  EXPECT_EQ(last.until(), at("2027-04-01T00:00:00+09:00"));
  EXPECT_EQ(last.words(), "2026年度第4四半期（2027年1月～3月）");
  EXPECT_EQ(last.next().text(), "2027-Q1");
  EXPECT_EQ(last.number(), 20264U);
  EXPECT_EQ(period(ReportKind::kAccess, "2026-Q1").from(), at("2026-04-01T00:00:00+09:00"));
}

TEST(ReportPeriod, FebruaryHasTwentyNineDaysInLeapYears) {
  const auto february = period(ReportKind::kMonthly, "2028-02");
  EXPECT_EQ(february.until() - february.from(), std::chrono::days(29));
  EXPECT_EQ(period(ReportKind::kDaily, "2028-02-29").next().text(), "2028-03-01");
}

TEST(ReportPeriod, EverySpellingComesBack) {
  for (const auto& [kind, text] :
       {std::pair(ReportKind::kDaily, "2026-11-25"), std::pair(ReportKind::kMonthly, "2027-01"),
        std::pair(ReportKind::kQuarterly, "2026-Q3"), std::pair(ReportKind::kAccess, "2026-Q2"),
        std::pair(ReportKind::kAnnual, "2026")}) {
    EXPECT_EQ(period(kind, text).text(), text);
  }
}

TEST(ReportPeriod, RefusesWhatIsNoPeriod) {
  for (const auto& [kind, text] :
       {std::pair(ReportKind::kDaily, "2026-02-29"), std::pair(ReportKind::kDaily, "2026-11"),
        std::pair(ReportKind::kMonthly, "2026-13"), std::pair(ReportKind::kMonthly, "2026-1"),
        std::pair(ReportKind::kQuarterly, "2026-Q0"), std::pair(ReportKind::kQuarterly, "2026-Q5"),
        std::pair(ReportKind::kQuarterly, "2026-Q11"), std::pair(ReportKind::kAccess, "2026"),
        std::pair(ReportKind::kAnnual, "2026-10"), std::pair(ReportKind::kAnnual, "26"),
        std::pair(ReportKind::kAnnual, "")}) {
    const auto parsed = ReportPeriod::parse(kind, text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kPeriodInvalid) << text;
  }
  EXPECT_EQ(parse_report_kind("weekly").error().code, ErrorCode::kReportUnknown);
}

TEST(OverdueReports, AMonthIsOverdueWhenTheNextMonthIsOver) {  // R36
  const auto began = at("2026-10-15T12:00:00+09:00");
  EXPECT_TRUE(overdue_reports(began, {}, at("2026-11-30T23:59:59+09:00")).empty());
  const auto late = overdue_reports(began, {}, at("2026-12-01T00:00:00+09:00"));
  ASSERT_EQ(late.size(), 1U);
  EXPECT_EQ(late[0], period(ReportKind::kMonthly, "2026-10"));
}

TEST(OverdueReports, ASignatureEndsItAndOnlyTheOwnOne) {  // R36, R40
  const auto began = at("2026-10-15T12:00:00+09:00");
  const auto now = at("2026-12-01T00:00:00+09:00");
  EXPECT_TRUE(overdue_reports(began, {{ReportKind::kMonthly, 202610}}, now).empty());
  EXPECT_EQ(overdue_reports(began, {{ReportKind::kMonthly, 202611}}, now).size(), 1U);
  EXPECT_EQ(overdue_reports(began, {{ReportKind::kQuarterly, 202610}}, now).size(), 1U);
}

TEST(OverdueReports, TheYearIsDueAtTheEndOfMay) {  // R55
  const auto began = at("2026-04-01T00:00:00+09:00");
  const auto annual = [&](const char* now) {
    return std::ranges::count(overdue_reports(began, {}, at(now)), ReportKind::kAnnual,
                              &ReportPeriod::kind);
  };
  EXPECT_EQ(annual("2027-05-31T23:59:59+09:00"), 0);
  EXPECT_EQ(annual("2027-06-01T00:00:00+09:00"), 1);
}

TEST(SignOff, AnEntryNamesItsReport) {
  Entry entry;
  entry.kind = EntryKind::kReportSignedOff;
  entry.action = sign_off_word(ReportKind::kMonthly);
  entry.count = 202610;
  EXPECT_EQ(signed_report(entry), std::pair(ReportKind::kMonthly, std::uint64_t{202610}));
  entry.kind = EntryKind::kExport;
  EXPECT_FALSE(signed_report(entry).has_value());
}

Report sample() {
  return {.title = "月次確認報告書",
          .site = "土佐みなと市",
          .period = "2026年10月",
          .demo = true,
          .sign_off = true,
          .signature = std::nullopt,
          .sections = {{.heading = "件数",
                        .sentences = {"合計　2件"},
                        .table = ReportTable{.columns = {{"理由", 3, false}, {"件数", 1, true}},
                                             .rows = {{"時間切れ", "1"}, {"=1", "12"}},
                                             .when_empty = "なし"}}}};
}

TEST(ReportText, ColumnsStandBelowEachOther) {
  EXPECT_TRUE(report_text(sample()).starts_with(
      "【見本】月次確認報告書\n土佐みなと市\n対象期間: 2026年10月\n\n1 件数\n  合計　2件\n"
      "  理由      件数\n  時間切れ     1\n  =1          12\n"));
}

TEST(ReportText, TheDigestIsOfWhatWasReadAndNotOfTheSignature) {  // R36
  auto report = sample();
  const auto digest = report_digest(report);
  report.signature = ReportSignature{"mihon-admin", "2026年11月2日 10時00分"};
  EXPECT_EQ(report_digest(report), digest);
  EXPECT_NE(report_text(report).find("確認者: mihon-admin"), std::string::npos);
  EXPECT_NE(report_text(report).find(to_hex(digest)), std::string::npos);
  report.sections[0].sentences[0] = "合計　3件";
  EXPECT_NE(report_digest(report), digest);
}

TEST(ReportCsv, IsWhatASpreadsheetOpens) {
  const auto csv = report_csv(sample());
  EXPECT_TRUE(csv.starts_with("\xEF\xBB\xBF【見本】月次確認報告書\r\n"));
  EXPECT_NE(csv.find("理由,件数\r\n時間切れ,1\r\n'=1,12\r\n"), std::string::npos);
}

// Of the days before the ledger nobody knows anything, so no report of them is signed off.
TEST(ReportPeriod, APeriodWhollyBeforeTheLedgerHasNoReport) {
  const auto month = ReportPeriod::parse(ReportKind::kMonthly, "2026-10").value();
  const auto now = at("2026-12-01T00:00:00+09:00");
  EXPECT_TRUE(check_recorded(month, at("2026-10-31T23:59:59+09:00"), now).has_value());
  EXPECT_EQ(check_recorded(month, at("2026-11-01T00:00:00+09:00"), now).error().code,
            ErrorCode::kPeriodInvalid);
  const auto next = ReportPeriod::parse(ReportKind::kMonthly, "2026-12").value();
  EXPECT_TRUE(check_recorded(next, month.from(), now).has_value());
  EXPECT_EQ(check_recorded(next, month.from(), now - std::chrono::seconds(1)).error().code,
            ErrorCode::kPeriodInvalid);
}

}  // namespace
}  // namespace certrelay
