#pragma once

#include "render/pdf/content.hpp"

namespace certrelay {

// Writes a form's own text and lines. Its texts come from a template, so whatever does not print
// is the template's fault. Errors of every call: kTemplateInvalid.
class FormWriter {
 public:
  FormWriter(const FontList& fonts, FontSet& set) : fonts_(&fonts), out_(set) {}

  // A label from padding to padding, equal gaps between its glyphs (均等割付); half points smaller
  // down to 7 pt where it is too wide.
  Result<void> spread(std::string_view text, Micrometres left, Micrometres right,
                      Micrometres middle, Micrometres padding, HalfPoints size);
  Result<void> spread(std::string_view text, const CellBox& box) {
    return spread(text, box.left, box.right, (box.top + box.bottom) / 2, box.padding, box.size);
  }
  // In a cell, as values are placed.
  Result<void> in_cell(std::string_view text, const CellBox& box);
  // On a baseline, from `x` to the right.
  Result<void> at(std::string_view text, Micrometres x, Micrometres baseline, HalfPoints size);
  // On a baseline, centred on `x`.
  Result<void> centred(std::string_view text, Micrometres x, Micrometres baseline, HalfPoints size);

  ContentWriter& content() { return out_; }
  const FontList& fonts() const { return *fonts_; }
  std::string take() && { return std::move(out_).take(); }

 private:
  const FontList* fonts_;
  ContentWriter out_;
};

// The template's text as glyphs. Errors: kTemplateInvalid.
Result<GlyphText> template_glyphs(const FontList& fonts, std::string_view text);

}  // namespace certrelay
