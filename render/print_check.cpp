#include "render/print_check.hpp"

#include <algorithm>

#include "protocol/base/utf8.hpp"
#include "render/form/sheet_values.hpp"

namespace certrelay {
namespace {

// The planes that have CJK: BMP, SMP, SIP. What lies beyond goes the long way.
constexpr std::size_t kTableSize = 0x30000;
constexpr std::uint16_t kLookUp = 0xFFFF;

void append(std::vector<PrintProblem>& out, std::vector<PrintProblem> more) {
  out.insert(out.end(), more.begin(), more.end());
}

// What two forms refuse for one reason is one problem.
std::vector<PrintProblem> without_repeats(std::vector<PrintProblem> problems) {
  std::vector<PrintProblem> out;
  for (const auto& problem : problems) {
    if (std::ranges::find(out, problem) == out.end()) out.push_back(problem);
  }
  return out;
}

}  // namespace

PrintChecker::PrintChecker(const RenderKit& kit) : kit_(&kit), advances_(kTableSize, kLookUp) {
  const auto& fonts = kit.fonts();
  for (std::size_t font = 0; font < fonts.size(); ++font) {
    for (SequenceIndex i = 0; i < fonts.font(font).sequence_count(); ++i) {
      const auto [base, selector] = fonts.font(font).sequence(i);
      if (selector != 0 || base >= kTableSize || is_variation_selector(base)) continue;
      const auto glyph = fonts.find({base, 0});
      if (glyph && glyph->advance < kLookUp) {
        advances_[base] = static_cast<std::uint16_t>(glyph->advance);
      }
    }
  }
}

bool PrintChecker::prints_on_one_line(std::string_view text, const CellBox& box) const {
  const auto points = decode_utf8(text);
  if (!points) return false;
  std::int64_t width = 0;
  for (const char32_t point : points.value()) {
    if (point >= kTableSize || advances_[point] == kLookUp) return false;
    width += advances_[point];
  }
  return fits_on_one_line(width, box);
}

void PrintChecker::check(const Result<std::string>& text, const CellBox& box,
                         std::string_view field, std::vector<PrintProblem>& out) const {
  if (!text) return out.push_back({text.error().code, field, {}});
  if (text.value().empty() || prints_on_one_line(text.value(), box)) return;
  const auto missing = first_missing(kit_->fonts(), text.value());
  if (!missing) return out.push_back({missing.error().code, field, {}});
  if (missing.value()) {
    return out.push_back({ErrorCode::kGlyphMissing, field, *missing.value()});
  }
  const auto fitted = fit_text(kit_->fonts(), text.value(), box, field);
  if (!fitted) out.push_back({fitted.error().code, field, {}});
}

std::vector<PrintProblem> PrintChecker::address(const PersonalText& text) const {
  std::vector<PrintProblem> out;
  for (const auto& [kind, form] : kit_->forms()) {
    check(std::string(text.reveal()), form.form.form().grid.header.address, "address", out);
  }
  return without_repeats(std::move(out));
}

std::vector<PrintProblem> PrintChecker::head(const PersonalText& text) const {
  std::vector<PrintProblem> out;
  for (const auto& [kind, form] : kit_->forms()) {
    check(std::string(text.reveal()), form.form.form().grid.header.head, "head_of_household", out);
  }
  return without_repeats(std::move(out));
}

void PrintChecker::check_on(const FormTemplate& form, const PrintedPerson& person,
                            std::vector<PrintProblem>& out) const {
  for (const auto& cell : block_of(person, form).cells) {
    check(printed_text(person, cell, form), cell.box, cell.where, out);
  }
  const auto& remarks = form.grid.remarks;
  for (std::size_t row = 0; row < std::min(person.remarks.size(), remarks.rows); ++row) {
    check(remark_text(person, row, form), remark_box(remarks, row), "remarks", out);
  }
  // No row is left for another one: the form refuses the page.
  if (person.remarks.size() > remarks.rows) out.push_back({ErrorCode::kTextTooLong, "remarks", {}});
}

std::vector<PrintProblem> PrintChecker::person(const PrintedPerson& person) const {
  std::vector<PrintProblem> out;
  for (const auto& [kind, form] : kit_->forms()) check_on(form.form.form(), person, out);
  return without_repeats(std::move(out));
}

std::vector<PrintProblem> find_print_problems(const CertificateModel& model, const RenderKit& kit) {
  const PrintChecker checker(kit);
  auto out = checker.address(model.address);
  if (model.head_of_household.state == CellState::kValue) {
    append(out, checker.head(model.head_of_household.value));
  }
  for (const auto& person : model.persons) append(out, checker.person(person));
  return out;
}

}  // namespace certrelay
