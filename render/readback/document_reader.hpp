// Internal to render/readback: the pages of a file, one after the other.
#pragma once

#include "render/readback/document_fonts.hpp"
#include "render/readback/read_back.hpp"

namespace certrelay {

// Views the file, the outlines (null: shapes are not looked at) and `known` (null: nothing is).
class DocumentReader {
 public:
  DocumentReader(const PdfFile& file, const Outlines* outlines, const KnownParts* known)
      : file_(&file), outlines_(outlines), known_(known) {}

  // Errors: those of read_back().
  Result<ReadDocument> read();

  // What the pages had in common: by object number.
  const std::map<std::size_t, ReadContent>& form_streams() const { return form_; }
  const DocumentFonts& fonts() const { return *fonts_; }

 private:
  Result<ReadPage> read_page(const PdfDictionary& page);
  // The stream behind the values, where there is one: values begin with BT.
  Result<bool> take_code(std::size_t number, ReadPage& page) const;
  Result<void> add_form(std::size_t number, ReadPage& page);
  Result<void> add_own(std::size_t number, StreamRole role, ReadPage& page) const;
  Result<void> load_resources(const PdfValue* resources);
  // The one image that a form may have: a mask, named S0.
  Result<void> load_image(const PdfValue* images);

  const PdfFile* file_;
  const Outlines* outlines_;
  const KnownParts* known_;
  std::size_t resources_ = 0;
  std::optional<DocumentFonts> fonts_;
  std::optional<Digest> seal_image_;
  std::map<std::size_t, ReadContent> form_;
};

}  // namespace certrelay
