#include "render/pdf/document.hpp"

#include <zlib.h>

#include <map>

#include "render/pdf/object_layer.hpp"

namespace certrelay {
namespace {

std::string scaled(std::int16_t value, std::uint16_t em) {
  return std::to_string(static_cast<int>(value) * 1000 / em);
}

// ISO 32000-1, 9.7.6 and 9.8. Flags 4: symbolic, because the codes are our own.
std::string descriptor_entries(const PreparedFont& font, PdfObject file) {
  const auto& m = font.metrics;
  const auto em = m.units_per_em;
  return "/Type /FontDescriptor /FontName /" + font.base_font + " /Flags 4 /FontBBox [" +
         scaled(m.x_min, em) + " " + scaled(m.y_min, em) + " " + scaled(m.x_max, em) + " " +
         scaled(m.y_max, em) + "] /ItalicAngle 0 /Ascent " + scaled(m.ascent, em) + " /Descent " +
         scaled(m.descent, em) + " /CapHeight " + scaled(m.ascent, em) + " /StemV 80 /FontFile2 " +
         ObjectLayer::reference(file);
}

Result<PdfObject> add_font(ObjectLayer& layer, const PreparedFont& font) {
  CERTRELAY_TRY(const auto file, layer.add_stream("/Filter /FlateDecode /Length1 " +
                                                      std::to_string(font.file.raw_length),
                                                  font.file.zlib));
  CERTRELAY_TRY(const auto descriptor, layer.add_dictionary(descriptor_entries(font, file)));
  CERTRELAY_TRY(const auto descendant,
                layer.add_dictionary(
                    "/Type /Font /Subtype /CIDFontType2 /BaseFont /" + font.base_font +
                    " /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>>"
                    " /CIDToGIDMap /Identity /DW 1000 /W [" +
                    font.widths + "] /FontDescriptor " + ObjectLayer::reference(descriptor)));
  CERTRELAY_TRY(const auto to_unicode, layer.add_stream("", as_bytes(font.to_unicode)));
  return layer.add_dictionary("/Type /Font /Subtype /Type0 /BaseFont /" + font.base_font +
                              " /Encoding /Identity-H /DescendantFonts [" +
                              ObjectLayer::reference(descendant) + "] /ToUnicode " +
                              ObjectLayer::reference(to_unicode));
}

Result<PdfObject> add_resources(ObjectLayer& layer, const DocumentParts& parts) {
  std::string fonts;
  for (const auto list : {parts.form_fonts, parts.value_fonts}) {
    for (const auto& font : list) {
      CERTRELAY_TRY(const auto object, add_font(layer, font));
      fonts += "/" + font.resource_name + " " + ObjectLayer::reference(object) + " ";
    }
  }
  std::string images;
  if (parts.seal != nullptr) {
    const auto width = std::to_string(parts.seal->width);
    CERTRELAY_TRY(const auto image,
                  layer.add_stream("/Type /XObject /Subtype /Image /ImageMask true /Decode [1 0]"
                                   " /BitsPerComponent 1 /Width " +
                                       width + " /Height " + width + " /Filter /FlateDecode",
                                   parts.seal->zlib));
    images = " /XObject <</S0 " + ObjectLayer::reference(image) + ">>";
  }
  return layer.add_dictionary("/Font <<" + fonts + ">>" + images);
}

std::string tag_operators(const std::vector<std::string_view>& tags) {
  std::string out;
  for (const auto tag : tags) {
    out += "/CertrelaySubject <</Tag (";
    out += tag;
    out += ")>> DP\n";
  }
  return out;
}

}  // namespace

Result<PreparedStream> prepare_stream(std::string_view operators) {
  uLongf size = compressBound(static_cast<uLong>(operators.size()));
  PreparedStream stream{Bytes(size)};
  if (compress2(stream.zlib.data(), &size, as_bytes(operators).data(),
                static_cast<uLong>(operators.size()), Z_BEST_COMPRESSION) != Z_OK) {
    return Error{ErrorCode::kInternal, "pdf: deflate"};
  }
  stream.zlib.resize(size);
  return stream;
}

std::vector<PreparedFont> prepare_fonts(const FontSet& set) {
  std::vector<PreparedFont> out;
  for (std::size_t i = 0; i < set.subsets().size(); ++i) {
    const auto& subset = set.subsets()[i];
    if (subset.empty()) continue;
    const auto name = set.resource_name(i);
    // The subset tag is six capital letters (ISO 32000-1, 9.6.4), another for each font here.
    const std::string tag{'C', 'R', 'L', 'Y', name[0], static_cast<char>('A' + i)};
    out.push_back({name, tag + "+" + std::string(subset.cache().name()), subset.cache().metrics(),
                   subset.font_file(), subset.widths(), subset.to_unicode()});
  }
  return out;
}

Result<Bytes> write_document(const DocumentParts& parts) {
  ObjectLayer layer;
  std::vector<std::string> tags;
  tags.reserve(parts.pages.size());  // the layer views them
  CERTRELAY_TRY(const auto resources, add_resources(layer, parts));
  std::map<const PreparedStream*, std::string> form_references;
  for (const auto& page : parts.pages) {
    tags.push_back(tag_operators(page.subject_tags));
    CERTRELAY_TRY(const auto first, layer.add_stream("", as_bytes(tags.back())));
    std::string contents = ObjectLayer::reference(first);
    for (const auto* form : page.form) {
      auto& reference = form_references[form];
      if (reference.empty()) {
        CERTRELAY_TRY(const auto stream, layer.add_stream("/Filter /FlateDecode", form->zlib));
        reference = ObjectLayer::reference(stream);
      }
      contents += " " + reference;
    }
    CERTRELAY_TRY(const auto values, layer.add_stream("", as_bytes(page.values)));
    contents += " " + ObjectLayer::reference(values);
    if (!page.code.empty()) {
      CERTRELAY_TRY(const auto code, layer.add_stream("", as_bytes(page.code)));
      contents += " " + ObjectLayer::reference(code);
    }
    CERTRELAY_TRY(layer.add_page("/MediaBox [0 0 595.276 841.89] /Resources " +
                                 ObjectLayer::reference(resources) + " /Contents [" + contents +
                                 "]"));
  }
  return layer.finish(parts.id);
}

}  // namespace certrelay
