// The parts that all documents of one form have in common, read once: bytes that are equal to these
// say what these said. Saves nearly all the reading and skips no check, because reading depends on
// the bytes alone.
#pragma once

#include <map>

#include "render/readback/outlines.hpp"

namespace certrelay {

// A font as it lies in the file.
struct FontParts {
  EmbeddedFont embedded;
  ByteView to_unicode;
};

// Immutable after its making, thread-safe.
class KnownParts {
 public:
  // What documents of one form have of it: their fonts /F… and the form's streams. Reads each like
  // any other first. Errors: those of read_back().
  static Result<KnownParts> of(std::span<const Bytes> documents, const Outlines& outlines);

  // The text of a font of the form with this name and these very bytes; null: it is not known.
  const UnicodeMap* font(std::string_view name, const FontParts& parts) const;
  // How many fonts of the form there are.
  std::size_t font_count() const { return fonts_.size(); }
  // What a deflated stream of the form with these very bytes says under all of its known fonts;
  // null likewise.
  const ReadContent* stream(ByteView filtered) const;

 private:
  Result<void> add(ByteView pdf, const Outlines& outlines);

  struct Font {
    std::string base_font;
    Bytes zlib;
    Bytes to_unicode;
    UnicodeMap texts;
    bool is(const FontParts& parts) const;
  };
  std::map<std::string, Font, std::less<>> fonts_;
  std::map<std::size_t, std::vector<std::pair<Bytes, ReadContent>>> streams_;  // by length
};

}  // namespace certrelay
