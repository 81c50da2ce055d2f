// libharu as the object layer: dictionaries, streams, pages' tree and cross-reference table.
//
// The one file pair that includes hpdf.h. libharu's text and font functions are not used: for a
// character beyond U+FFFF and for a variation sequence they print blanks and report nothing.
// libharu reports errors by calling back; the callback throws, and nothing of it leaves this pair.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/bytes.hpp"

namespace certrelay {

// A PDF object that others refer to. Valid for the life of its ObjectLayer.
class PdfObject {
 private:
  friend class ObjectLayer;
  explicit PdfObject(void* object) : object_(object) {}
  void* object_;
};

// One document in the making. One a certificate, never shared between threads, never used again.
class ObjectLayer {
 public:
  ObjectLayer();
  ~ObjectLayer();
  ObjectLayer(const ObjectLayer&) = delete;
  ObjectLayer& operator=(const ObjectLayer&) = delete;

  // `entries` is PDF syntax between << and >>, without Length; `data` is written as it is, so that
  // `entries` names the filter it went through. Views `data` until finish().
  Result<PdfObject> add_stream(std::string entries, ByteView data);
  // `entries` as above; {reference} makes the text of a reference to an object.
  Result<PdfObject> add_dictionary(std::string entries);
  // "12 0 R"
  static std::string reference(PdfObject object);
  // A4 portrait; `entries` holds Resources and Contents.
  Result<void> add_page(std::string entries);

  // The finished file: PDF 1.7, language ja, no date, nothing but the producer's name in Info.
  // `id` is both parts of the trailer's ID.
  Result<Bytes> finish(ByteView id);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace certrelay
