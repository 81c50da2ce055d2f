// The independent reader of finished certificates. It starts from the bytes alone and shares no
// code, table or cache with the writer, so that a fault of the writer cannot hide in both.
#pragma once

#include <optional>

#include "protocol/base/sha256.hpp"
#include "render/readback/known_parts.hpp"

namespace certrelay {

// A code on a page: where its dark modules lie, from the page's top left corner, and its text.
struct ReadCode {
  std::int64_t left_um = 0, bottom_um = 0, edge_um = 0;
  std::string text;
};

struct ReadPage {
  std::vector<std::string> subject_tags;  // in printed order
  std::vector<TextRun> values;            // of the last stream of text, in its order
  std::vector<TextRun> form;              // of the streams between the first and the values
  std::size_t images = 0;                 // how often they draw the seal's
  std::optional<ReadCode> code;           // of a stream behind the values
};

struct ReadDocument {
  Bytes id;  // the trailer's ID, both parts equal
  std::vector<ReadPage> pages;
  std::optional<Digest> seal_image;  // of the image's bytes as they lie in the file
};

// Reads a certificate as render/FORMAT.md describes it, and nothing else: one cross-reference
// section, pages of known entries, Type0 fonts with Identity maps, a closed list of operators, no
// annotation, action, second revision or image but a code's and the pinned seal's. Every glyph that
// is embedded is held to the pinned font's for the text that the page states for it. `known`: what
// documents of the form have in common; null: everything is read.
// Errors: kPdfUnreadable; kReadbackMismatch, a glyph of another character.
Result<ReadDocument> read_back(ByteView pdf, const Outlines& outlines,
                               const KnownParts* known = nullptr);

// The same for whoever has no glyph cache (a center that received the page, a checker of signed
// ones): the text that the page states, its shapes unseen. Nothing is released on its word.
Result<ReadDocument> read_stated_text(ByteView pdf);

}  // namespace certrelay
