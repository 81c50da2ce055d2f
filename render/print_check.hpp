// The same coverage and fit check as rendering, without rendering, for the import: every field that
// would refuse, in printed order, so that the clerk hears of it before a resident stands at a
// kiosk.
#pragma once

#include "render/render.hpp"

namespace certrelay {

// Why one field would not print.
struct PrintProblem {
  ErrorCode code;          // kGlyphMissing, kTextTooLong, kDateNotPrintable, kInvalidUtf8
  std::string_view field;  // a literal, as in render_certificate's errors
  Sequence missing;        // of kGlyphMissing: the U+ number, and nothing else of the text
  friend bool operator==(const PrintProblem&, const PrintProblem&) = default;
};

// A city passes through it at an import, so the common text, one line of known glyphs, costs one
// look-up a character; everything else goes the way of rendering itself. Immutable, thread-safe.
class PrintChecker {
 public:
  // `kit` must outlive it.
  explicit PrintChecker(const RenderKit& kit);

  // On every form of the kit, for nobody knows which kind will be asked for.
  // Of the page: 住所 is on every one, 世帯主 where it was chosen.
  std::vector<PrintProblem> address(const PersonalText& text) const;
  std::vector<PrintProblem> head(const PersonalText& text) const;
  std::vector<PrintProblem> person(const PrintedPerson& person) const;

 private:
  void check(const Result<std::string>& text, const CellBox& box, std::string_view field,
             std::vector<PrintProblem>& out) const;
  void check_on(const FormTemplate& form, const PrintedPerson& person,
                std::vector<PrintProblem>& out) const;
  bool prints_on_one_line(std::string_view text, const CellBox& box) const;

  const RenderKit* kit_;
  std::vector<std::uint16_t> advances_;  // by code point, thousandths of an em; 0xFFFF: look it up
};

// All of a model. Errors of the model itself (kModelInvalid) are no field's.
std::vector<PrintProblem> find_print_problems(const CertificateModel& model, const RenderKit& kit);

}  // namespace certrelay
