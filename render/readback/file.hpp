#pragma once

#include "render/readback/lexer.hpp"

namespace certrelay {

// A stream's dictionary and its bytes as they stand in the file.
struct PdfStream {
  PdfDictionary dictionary;
  ByteView data;
};

// A finished file by its cross-reference table: one section, no update, no encryption, no object
// streams. Views the bytes.
class PdfFile {
 public:
  // Errors of every call: kPdfUnreadable.
  static Result<PdfFile> open(ByteView bytes);

  const PdfDictionary& trailer() const { return trailer_; }
  Result<PdfValue> object(std::size_t number) const;
  Result<PdfDictionary> dictionary(std::size_t number) const;
  Result<PdfStream> stream(std::size_t number) const;
  // A dictionary that stands directly or is referred to.
  Result<PdfDictionary> dictionary_of(const PdfValue* value) const;

 private:
  PdfFile() = default;
  // A lexer behind "N 0 obj".
  Result<PdfLexer> at(std::size_t number) const;
  Result<std::size_t> length_of(const PdfDictionary& dictionary) const;

  ByteView bytes_;
  std::vector<std::size_t> offsets_;
  PdfDictionary trailer_;
};

// The offset between "startxref" and "%%EOF", which end the file. Errors: kPdfUnreadable.
Result<std::size_t> find_xref(std::string_view text);

// The stream's content: as it is, or inflated (FlateDecode without parameters), at most 1 MiB.
// Errors: kPdfUnreadable.
Result<Bytes> decode_stream(const PdfStream& stream);
bool is_filtered(const PdfStream& stream);
// By FlateDecode alone, without parameters.
bool is_deflated(const PdfStream& stream);

}  // namespace certrelay
