// The glyphs of one document as a TrueType file inside a zlib stream, joined from the cache's
// fragments: no glyph is inflated or deflated here.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "render/font/glyph_cache.hpp"

namespace certrelay {

// Glyph ids are given in the order of first use, from 1; glyph 0 is empty. A glyph id is the CID:
// the PDF's CIDToGIDMap is Identity, so no map can be wrong.
class SubsetFont {
 public:
  // `cache` must outlive the subset.
  explicit SubsetFont(const GlyphCache& cache) : cache_(&cache) {}

  // The CID of a Unicode sequence, new or known. Two sequences never share a CID, even where the
  // font draws them alike: extraction stays exact.
  std::uint16_t cid(SequenceIndex sequence);
  bool empty() const { return used_.empty(); }

  // The font file in a zlib stream (RFC 1950), for a PDF FontFile2 with FlateDecode.
  struct FontFile {
    Bytes zlib;
    std::size_t raw_length;  // Length1
  };
  FontFile font_file() const;
  // The PDF's W entry without brackets: only CIDs whose width is not 1000.
  std::string widths() const;
  // A ToUnicode CMap: one bfchar a CID, UTF-16BE of the whole sequence.
  std::string to_unicode() const;

  const GlyphCache& cache() const { return *cache_; }

 private:
  const GlyphCache* cache_;
  std::vector<SequenceIndex> used_;  // CID - 1 -> sequence
  // Sorted by sequence: a document has some hundred, and a map's nodes cost more than moving these.
  struct Numbered {
    SequenceIndex sequence;
    std::uint16_t cid;
  };
  std::vector<Numbered> cids_;
};

}  // namespace certrelay
