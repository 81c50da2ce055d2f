#include "render/readback/document_fonts.hpp"

namespace certrelay {
namespace {

// A Type0 font with Identity maps: a code is the number of a glyph of the embedded font.
Result<FontParts> read_font(const PdfFile& file, const PdfValue* value) {
  CERTRELAY_TRY(const auto font, file.dictionary_of(value));
  const auto* base_font = as<PdfName>(find_entry(font, "BaseFont"));
  const auto* descendants = as<PdfArray>(find_entry(font, "DescendantFonts"));
  const auto* to_unicode = as<PdfReference>(find_entry(font, "ToUnicode"));
  if (!is_name(font, "Subtype", "Type0") || !is_name(font, "Encoding", "Identity-H") ||
      base_font == nullptr || descendants == nullptr || descendants->size() != 1 ||
      to_unicode == nullptr) {
    return unreadable("readback: font");
  }
  CERTRELAY_TRY(const auto cid_font, file.dictionary_of(&(*descendants)[0]));
  if (!is_name(cid_font, "Subtype", "CIDFontType2") ||
      !is_name(cid_font, "CIDToGIDMap", "Identity")) {
    return unreadable("readback: font");
  }
  CERTRELAY_TRY(const auto descriptor, file.dictionary_of(find_entry(cid_font, "FontDescriptor")));
  const auto* program = as<PdfReference>(find_entry(descriptor, "FontFile2"));
  if (program == nullptr) return unreadable("readback: font is not embedded");
  CERTRELAY_TRY(const auto embedded, file.stream(program->number));
  if (!is_deflated(embedded)) return unreadable("readback: font stream");
  CERTRELAY_TRY(const auto text, file.stream(to_unicode->number));
  if (is_filtered(text)) return unreadable("readback: ToUnicode");
  return FontParts{{base_font->text, embedded.data}, text.data};
}

}  // namespace

Result<DocumentFonts> DocumentFonts::read(const PdfFile& file, const PdfDictionary& fonts,
                                          const Outlines* outlines, const KnownParts* known) {
  DocumentFonts out;
  std::size_t met = 0;   // of the known ones
  bool strange = false;  // one of the form that is not known
  for (const auto& [name, value] : fonts) {
    CERTRELAY_TRY(const auto parts, read_font(file, &value));
    const auto* map = known == nullptr ? nullptr : known->font(name, parts);
    if (map != nullptr) {
      ++met;
    } else {
      CERTRELAY_TRY(map, out.read_own(parts, outlines));
      strange = strange || name.starts_with(kFormFontPrefix);
    }
    out.maps_.emplace(name, map);
    out.parts_.emplace(name, parts);
  }
  out.form_is_known_ = known != nullptr && !strange && met == known->font_count();
  return out;
}

Result<const UnicodeMap*> DocumentFonts::read_own(const FontParts& parts,
                                                  const Outlines* outlines) {
  CERTRELAY_TRY(auto map, read_unicode_map(parts.to_unicode));
  if (outlines != nullptr) {
    CERTRELAY_TRY(outlines->check(parts.embedded, map));
  }
  return &own_.emplace_back(std::move(map));
}

}  // namespace certrelay
