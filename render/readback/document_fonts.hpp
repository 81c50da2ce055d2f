// Internal to render/readback: the fonts of a document, each held to the pinned font it names.
#pragma once

#include <deque>

#include "render/readback/file.hpp"
#include "render/readback/known_parts.hpp"

namespace certrelay {

class DocumentFonts {
 public:
  // `fonts`: the Font dictionary of the pages' one Resources. A font that `known` has, byte for
  // byte, is not read again. Views the file, the outlines (null: shapes are not looked at) and
  // `known` (null: nothing is). Errors: kPdfUnreadable, kReadbackMismatch.
  static Result<DocumentFonts> read(const PdfFile& file, const PdfDictionary& fonts,
                                    const Outlines* outlines, const KnownParts* known);

  const FontMaps& maps() const { return maps_; }
  // Whether all of the form's fonts are the known ones, so that a known stream of the form says
  // what it said.
  bool form_is_known() const { return form_is_known_; }
  // By resource name.
  const std::map<std::string, FontParts, std::less<>>& parts() const { return parts_; }

 private:
  DocumentFonts() = default;
  Result<const UnicodeMap*> read_own(const FontParts& parts, const Outlines* outlines);

  std::map<std::string, FontParts, std::less<>> parts_;
  std::deque<UnicodeMap> own_;  // does not move what it holds
  FontMaps maps_;
  bool form_is_known_ = false;
};

}  // namespace certrelay
