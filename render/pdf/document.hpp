// A certificate's PDF from its parts: prepared form streams and fonts, and the values of one
// document.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "render/pdf/content.hpp"

namespace certrelay {

// A content stream deflated hard, once.
struct PreparedStream {
  Bytes zlib;
};
Result<PreparedStream> prepare_stream(std::string_view operators);

// A subset font written once; the parts of its four PDF objects.
struct PreparedFont {
  std::string resource_name;
  std::string base_font;  // SUBSET+Name
  FontMetrics metrics{};
  SubsetFont::FontFile file;
  std::string widths;
  std::string to_unicode;
};
// The fonts of `set` that were used.
std::vector<PreparedFont> prepare_fonts(const FontSet& set);

// A square of one bit a sample, 1 black, rows of whole bytes, deflated once.
struct PreparedImage {
  Bytes zlib;
  std::size_t width;
};

struct PageParts {
  // The page's first content stream, unfiltered: one marked-content point a person in printed
  // order, /CertrelaySubject <</Tag (…)>> DP.
  std::vector<std::string_view> subject_tags;
  std::vector<const PreparedStream*> form;  // shared between pages and documents
  std::string values;                       // unfiltered
  std::string code;                         // the printed seal, unfiltered; empty: none
};

struct DocumentParts {
  std::span<const PageParts> pages;
  std::span<const PreparedFont> form_fonts;
  std::span<const PreparedFont> value_fonts;
  ByteView id;                          // 16 bytes
  const PreparedImage* seal = nullptr;  // what /S0 of the form's streams draws; null: nothing
};

// Errors: kInternal.
Result<Bytes> write_document(const DocumentParts& parts);

}  // namespace certrelay
