#include "render/readback/read_back.hpp"

#include "render/readback/document_reader.hpp"

namespace certrelay {

Result<ReadDocument> read_back(ByteView pdf, const Outlines& outlines, const KnownParts* known) {
  CERTRELAY_TRY(const auto file, PdfFile::open(pdf));
  return DocumentReader(file, &outlines, known).read();
}

Result<ReadDocument> read_stated_text(ByteView pdf) {
  CERTRELAY_TRY(const auto file, PdfFile::open(pdf));
  return DocumentReader(file, nullptr, nullptr).read();
}

}  // namespace certrelay
