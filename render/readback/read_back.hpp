// The independent reader of finished certificates. It starts from the bytes alone and shares no
// code, table or cache with the writer, so that a fault of the writer cannot hide in both.
#pragma once

#include "render/readback/content_reader.hpp"

namespace certrelay {

struct ReadPage {
  std::vector<std::string> subject_tags;  // in printed order
  std::vector<TextRun> values;            // of the last content stream, in its order
  std::vector<TextRun> form;              // of the streams between the first and the last
};

struct ReadDocument {
  Bytes id;  // the trailer's ID, both parts equal
  std::vector<ReadPage> pages;
};

// Reads a certificate as render/FORMAT.md describes it, and nothing else: one cross-reference
// section, pages of known entries, Type0 fonts with Identity maps, a closed list of operators, no
// annotation, action, image or second revision. Errors: kPdfUnreadable.
Result<ReadDocument> read_back(ByteView pdf);

}  // namespace certrelay
