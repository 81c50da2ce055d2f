#pragma once

#include "protocol/report/report.hpp"
#include "render/text/font_list.hpp"

namespace certrelay {

// The report as a PDF: A4 portrait, tables over pages with their headings again, page numbers, a
// frame for the signature. Pure: equal reports give equal bytes. A long text is wrapped, never cut.
// Errors: kGlyphMissing, kInvalidUtf8, kInternal; kLimitExceeded (over kReportPagesMax pages).
inline constexpr std::size_t kReportPagesMax = 500;
Result<Bytes> render_report(const Report& report, const FontList& fonts);

}  // namespace certrelay
