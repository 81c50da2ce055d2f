#include "render/report/report_sheet.hpp"

#include <numeric>

#include "render/pdf/document.hpp"
#include "render/report/sheet_writer.hpp"

namespace certrelay {
namespace {

constexpr HalfPoints kTitleSize = 32;
constexpr HalfPoints kHeadSize = 20;
constexpr HalfPoints kHeadingSize = 22;
constexpr HalfPoints kTextSize = 19;
constexpr HalfPoints kTableSize = 17;
constexpr HalfPoints kFooterSize = 16;
constexpr Micrometres kIndent = kSheetLeft + 4'000;
constexpr Micrometres kFooterBaseline = 285'000;
constexpr Micrometres kFrame = 250;

using Cells = std::vector<SheetWriter::Cell>;

Result<Cells> cells_of(const FontList& fonts, const ReportTable& table,
                       const std::vector<std::string>& texts) {
  const auto& columns = table.columns;
  const unsigned shares =
      std::accumulate(columns.begin(), columns.end(), 0U,
                      [](unsigned sum, const ReportColumn& column) { return sum + column.share; });
  Cells out;
  unsigned before = 0;
  const auto edge = [&](unsigned share) {
    return kSheetLeft + (kSheetRight - kSheetLeft) * share / shares;
  };
  for (std::size_t i = 0; i < columns.size(); ++i) {
    SheetWriter::Cell cell{{}, edge(before), edge(before + columns[i].share), columns[i].number};
    before += columns[i].share;
    CERTRELAY_TRY(cell.text, wrap_text(fonts, texts.at(i),
                                       cell.right - cell.left - 2 * kCellPadding, kTableSize));
    out.push_back(std::move(cell));
  }
  return out;
}

Result<void> put_table(SheetWriter& writer, const ReportTable& table) {
  if (table.rows.empty()) return writer.paragraph(table.when_empty, kIndent, kTextSize);
  std::vector<std::string> headings;
  for (const auto& column : table.columns) headings.push_back(column.heading);
  CERTRELAY_TRY(const auto head, cells_of(writer.fonts(), table, headings));
  const auto head_height = SheetWriter::height_of(head, kTableSize);
  writer.skip(1'000);
  bool begun = false;
  for (const auto& texts : table.rows) {
    CERTRELAY_TRY(const auto cells, cells_of(writer.fonts(), table, texts));
    const auto height = SheetWriter::height_of(cells, kTableSize);
    if (!writer.has_room(height + (begun ? 0 : head_height))) {
      writer.new_page();
      begun = false;
    }
    if (!begun) writer.row(head, kTableSize, true);
    begun = true;
    writer.row(cells, kTableSize, false);
  }
  return ok();
}

Result<void> put_section(SheetWriter& writer, const ReportSection& section, std::size_t number) {
  constexpr Micrometres kTogether = 26'000;  // a heading and what it stands over
  writer.skip(5'000);
  if (!writer.has_room(kTogether)) writer.new_page();
  CERTRELAY_TRY(
      writer.paragraph(std::to_string(number) + "　" + section.heading, kSheetLeft, kHeadingSize));
  writer.skip(800);
  for (const auto& sentence : section.sentences) {
    CERTRELAY_TRY(writer.paragraph(sentence, kIndent, kTextSize));
  }
  if (section.table) return put_table(writer, *section.table);
  return ok();
}

// 確認欄: who and when, or room for a seal.
Result<void> put_signature(SheetWriter& writer, const Report& report) {
  constexpr Micrometres kHeight = 28'000;
  writer.skip(8'000);
  if (!writer.has_room(kHeight)) writer.new_page();
  const auto top = writer.top();
  writer.content().rectangle(kSheetLeft, top, kSheetRight, top + kHeight, kFrame);
  writer.skip(2'000);
  CERTRELAY_TRY(writer.paragraph("確認欄", kIndent, kHeadingSize));
  const auto& signature = report.signature;
  CERTRELAY_TRY(writer.paragraph("確認者　" + (signature ? signature->who : "（未確認）"), kIndent,
                                 kTextSize));
  CERTRELAY_TRY(
      writer.paragraph("確認日時　" + (signature ? signature->at : ""), kIndent, kTextSize));
  return writer.paragraph("照合値　" + to_hex(report_digest(report)), kIndent, kSmallestSize);
}

Result<void> put_head(SheetWriter& writer, const Report& report) {
  CERTRELAY_TRY(writer.centred((report.demo ? "【見本】" : "") + report.title, kTitleSize));
  writer.skip(3'000);
  CERTRELAY_TRY(writer.paragraph(report.site, kSheetLeft, kHeadSize));
  CERTRELAY_TRY(writer.paragraph("対象期間　" + report.period, kSheetLeft, kHeadSize));
  writer.skip(1'500);
  writer.content().line(kSheetLeft, writer.top(), kSheetRight, writer.top(), kFrame);
  return ok();
}

Result<void> put_footers(SheetWriter& writer, const Report& report) {
  for (std::size_t page = 0; page < writer.pages(); ++page) {
    const auto number = std::to_string(page + 1) + " / " + std::to_string(writer.pages());
    CERTRELAY_TRY(writer.at(page, number, kPageWidth / 2 - 5'000, kFooterBaseline, kFooterSize));
    if (page == 0) continue;
    CERTRELAY_TRY(
        writer.at(page, report.title + "　" + report.period, kSheetLeft, 15'000, kSmallestSize));
  }
  return ok();
}

}  // namespace

Result<Bytes> render_report(const Report& report, const FontList& fonts) {
  FontSet set(fonts, 'V');
  SheetWriter writer(fonts, set);
  CERTRELAY_TRY(put_head(writer, report));
  std::size_t number = 0;
  for (const auto& section : report.sections) {
    CERTRELAY_TRY(put_section(writer, section, ++number));
    if (writer.pages() > kReportPagesMax) {
      return Error{ErrorCode::kLimitExceeded, "report: pages"};
    }
  }
  if (report.sign_off) {
    CERTRELAY_TRY(put_signature(writer, report));
  }
  CERTRELAY_TRY(put_footers(writer, report));
  std::vector<PageParts> pages;
  for (auto& values : std::move(writer).take()) pages.push_back({{}, {}, std::move(values), {}});
  const auto value_fonts = prepare_fonts(set);
  // The file's id is its content's: equal reports are equal files.
  const auto id = report_digest(report);
  constexpr std::size_t kIdSize = 16;
  return write_document({.pages = pages,
                         .form_fonts = {},
                         .value_fonts = value_fonts,
                         .id = ByteView(id).first(kIdSize)});
}

}  // namespace certrelay
