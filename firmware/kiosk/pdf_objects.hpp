// The little of PDF (ISO 32000-1) that a center needs to look at a document it was sent: the
// cross-reference table, dictionaries, unfiltered streams. Written from the standard alone; shares
// nothing with the writer, nor with the relay's own readback.
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "protocol/base/result.hpp"

namespace certrelay {

// Views the bytes, which must outlive it.
class PdfObjects {
 public:
  // Follows startxref and every /Prev. Errors: kMalformed (also: cross-reference streams, which
  // are not of our form), kLimitExceeded.
  static Result<PdfObjects> read(std::string_view pdf);

  // Text between "n 0 obj" and "endobj" or "stream". Errors: kMalformed.
  Result<std::string_view> object(int number) const;
  // The data of a stream that has no filter. Errors: kMalformed.
  Result<std::string_view> plain_stream(int number) const;
  // The pages' object numbers in order, at most 99. Errors: kMalformed, kLimitExceeded.
  Result<std::vector<int>> pages() const;
  // The object numbers of a page's content streams in order, at least one. Errors: kMalformed.
  Result<std::vector<int>> contents(int page) const;

 private:
  explicit PdfObjects(std::string_view pdf) : pdf_(pdf) {}
  Result<void> read_section(std::size_t offset, std::optional<std::size_t>& previous);
  Result<void> add_pages(int node, int depth, std::vector<int>& out) const;

  std::string_view pdf_;
  std::map<int, std::size_t> offsets_;
  int root_ = 0;
};

// The value of `key` ("/Kids") in a dictionary "<< ... >>", as text. None when it is absent or the
// text is no dictionary.
std::optional<std::string_view> pdf_value(std::string_view dictionary, std::string_view key);
// "12 0 R" -> 12
std::optional<int> pdf_reference(std::string_view text);

}  // namespace certrelay
