// What lies behind a certificate's own bytes when it is signed: read as strictly as the page.
#pragma once

#include <array>

#include "protocol/base/sha256.hpp"
#include "render/readback/lexer.hpp"

namespace certrelay {

// Views the file.
struct SignedFile {
  ByteView certificate;             // the bytes before the signature was added: for read_back()
  std::array<ByteView, 2> covered;  // everything but the signature itself
  Bytes cms;

  Digest digest() const;
};

// A certificate with exactly one update behind it, which adds one invisible signature over all
// bytes and changes nothing else: no page, no text, no second update.
// Errors: kDocumentUnsigned (no update there), kPdfUnreadable (anything else).
Result<SignedFile> read_signed_file(ByteView pdf);

// The certificate's own bytes, for read_back(), of a file that may be signed: those before the
// signature, or all. Whether the signature is good is not asked. Error: kPdfUnreadable (what
// follows the certificate is not exactly one signature).
Result<ByteView> without_signature(ByteView pdf);

}  // namespace certrelay
