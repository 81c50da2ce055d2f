#include "render/form/form_writer.hpp"

namespace certrelay {

Result<GlyphText> template_glyphs(const FontList& fonts, std::string_view text) {
  auto glyphs = to_glyphs(fonts, text, "template");
  if (!glyphs || glyphs.value().glyphs.empty()) {
    return Error{ErrorCode::kTemplateInvalid, "template: a character that no font has"};
  }
  return std::move(glyphs).value();
}

Result<void> FormWriter::spread(std::string_view text, Micrometres left, Micrometres right,
                                Micrometres middle, Micrometres padding, HalfPoints size) {
  CERTRELAY_TRY(const auto glyphs, template_glyphs(*fonts_, text));
  const auto count = static_cast<Micrometres>(glyphs.glyphs.size());
  const auto units = width_of(glyphs, 0, glyphs.glyphs.size());
  const Micrometres room = right - left - 2 * padding;
  while (size > kSmallestSize && ems(units, size) > room) --size;
  const Micrometres spare = room - ems(units, size);
  if (spare < 0) return Error{ErrorCode::kTemplateInvalid, "template: label too long"};
  out_.spread_glyphs(glyphs, size, left + padding, middle + ems(370, size),
                     count > 1 ? spare / (count - 1) : 0);
  return ok();
}

Result<void> FormWriter::in_cell(std::string_view text, const CellBox& box) {
  const auto fitted = fit_text(*fonts_, text, box, "template");
  if (!fitted) return Error{ErrorCode::kTemplateInvalid, "template: text that does not print"};
  out_.text(fitted.value());
  return ok();
}

Result<void> FormWriter::at(std::string_view text, Micrometres x, Micrometres baseline,
                            HalfPoints size) {
  CERTRELAY_TRY(const auto glyphs, template_glyphs(*fonts_, text));
  out_.glyphs(glyphs, 0, glyphs.glyphs.size(), size, x, baseline);
  return ok();
}

Result<void> FormWriter::centred(std::string_view text, Micrometres x, Micrometres baseline,
                                 HalfPoints size) {
  CERTRELAY_TRY(const auto glyphs, template_glyphs(*fonts_, text));
  const auto width = ems(width_of(glyphs, 0, glyphs.glyphs.size()), size);
  return at(text, x - width / 2, baseline, size);
}

}  // namespace certrelay
