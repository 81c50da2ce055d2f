// Goal: a report prints on whole A4 pages with the certificate's font: every word of the program's
// Japanese has its glyphs, no row is lost at a page's end.
#include "render/report/report_sheet.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "relay/ledger/reports/report_maker.hpp"
#include "render/report/sheet_writer.hpp"
#include "tests/support/render_samples.hpp"

namespace certrelay {
namespace {

std::size_t pages_of(const Bytes& pdf) {
  const std::string text(as_text(pdf));
  std::size_t out = 0;
  for (auto at = text.find("/Type /Page\n"); at != std::string::npos;
       at = text.find("/Type /Page\n", at + 1)) {
    ++out;
  }
  return out;
}

// For eyes: the files of this run, where somebody asks for them.
void keep(const Bytes& pdf, const std::string& name) {
  const char* folder = std::getenv("CERTRELAY_REPORT_SAMPLES");
  if (folder == nullptr) return;
  std::ofstream out(std::string(folder) + "/" + name + ".pdf", std::ios::binary);
  out << as_text(pdf);
}

Entry busy_entry(EntryKind kind, int n) {
  Entry entry;
  entry.kind = kind;
  entry.utc = parse_rfc3339("2026-10-01T09:00:00+09:00").value() + std::chrono::minutes(n);
  entry.operator_name = OperatorName::parse("mihon-vendor").value();
  entry.terminal = TerminalName::parse("terminal-1").value();
  entry.action = ActionCode::parse("state.read").value();
  entry.reason = n % 2 == 0 ? ErrorCode::kCardRevoked : ErrorCode::kOutsideHours;
  entry.count = 3;
  return entry;
}

Report busy_report(ReportKind kind, const char* period) {
  OperatorLine vendor{.name = OperatorName::parse("mihon-vendor").value(),
                      .affiliation = Affiliation::kSubcontract,
                      .roles = {OperatorRole::kVendor},
                      .ends_on = parse_iso_day("2027-03-31").value(),
                      .status = AccountStatus::kActive,
                      .last_used_on = std::nullopt,
                      .unused = true};
  ReportMaker maker(ReportPeriod::parse(kind, period).value(),
                    {.site = "土佐みなと市", .demo = true, .active_max = 9, .operators = {vendor}});
  int n = 0;
  for (int kind_number = 1; kind_number < 200; ++kind_number) {
    auto entry = busy_entry(static_cast<EntryKind>(kind_number), ++n);
    if (entry.kind == EntryKind::kProvisionIntent) {
      const std::array<std::uint8_t, 16> bytes{1, 2, 3};
      entry.transaction = TransactionId::from_bytes(uuid_v4_bytes(bytes)).value();
      entry.document = DocumentId::parse("20261001-00000001-ABCD").value();
      entry.kiosk = KioskId::parse("KIOSK-1234567890-1234567890-1234").value();
      entry.fee_yen = 1200;
    }
    maker.take(entry);
  }
  for (int more = 0; more < 60; ++more) maker.take(busy_entry(EntryKind::kOperatorViewed, ++n));
  return maker.make();
}

TEST(ReportSheet, EveryReportPrints) {  // R36, R40, R55
  for (const auto& [kind, period] :
       {std::pair(ReportKind::kDaily, "2026-10-01"), std::pair(ReportKind::kMonthly, "2026-10"),
        std::pair(ReportKind::kQuarterly, "2026-Q3"), std::pair(ReportKind::kAccess, "2026-Q3"),
        std::pair(ReportKind::kAnnual, "2026")}) {
    const auto report = busy_report(kind, period);
    const auto pdf = render_report(report, test_render_kit().fonts());
    ASSERT_TRUE(pdf.has_value()) << to_text(kind) << " " << pdf.error().where;
    EXPECT_GE(pages_of(pdf.value()), 1U);
    EXPECT_EQ(render_report(report, test_render_kit().fonts()).value(), pdf.value());
    keep(pdf.value(), std::string(to_text(kind)));
  }
}

Report table_of(std::size_t rows) {
  Report report{.title = "一覧",
                .site = "土佐みなと市",
                .period = "2026年10月",
                .demo = true,
                .sign_off = true,
                .signature = std::nullopt,
                .sections = {}};
  ReportTable table{
      .columns = {{"番号", 1, true}, {"内容", 3, false}}, .rows = {}, .when_empty = ""};
  for (std::size_t n = 0; n < rows; ++n) table.rows.push_back({std::to_string(n), "見本"});
  report.sections.push_back({.heading = "一覧", .sentences = {}, .table = std::move(table)});
  return report;
}

TEST(ReportSheet, RowsGoOnOverPages) {
  const auto& fonts = test_render_kit().fonts();
  EXPECT_EQ(pages_of(render_report(table_of(3), fonts).value()), 1U);
  EXPECT_EQ(pages_of(render_report(table_of(100), fonts).value()), 3U);
}

TEST(ReportSheet, ALineBreaksAnywhereBeforeItIsCut) {
  const auto& fonts = test_render_kit().fonts();
  const auto wrapped = wrap_text(fonts, std::string(100, 'A'), 20'000, 20);
  ASSERT_TRUE(wrapped.has_value());
  EXPECT_GT(wrapped.value().lines.size(), 1U);
  std::size_t next = 0;
  for (const auto& [first, last] : wrapped.value().lines) {
    EXPECT_EQ(first, next);
    EXPECT_GT(last, first);
    next = last;
  }
  EXPECT_EQ(next, 100U);
}

TEST(ReportSheet, AGlyphThatNoFontHasIsRefused) {
  auto report = table_of(1);
  report.site = "\xF0\x9F\x98\x80";
  const auto pdf = render_report(report, test_render_kit().fonts());
  EXPECT_EQ(pdf.error().code, ErrorCode::kGlyphMissing);
}

}  // namespace
}  // namespace certrelay
