// The place of a PAdES signature in a finished certificate: an incremental update (ISO 32000-1,
// 7.5.6) behind bytes that stay as they are.
#pragma once

#include "protocol/base/bytes.hpp"
#include "protocol/base/sha256.hpp"
#include "protocol/base/time.hpp"

namespace certrelay {

// A file with an empty signature: [gap_begin, gap_end) is /Contents with its brackets, and all
// other bytes are what is signed.
struct SignablePdf {
  Bytes bytes;
  std::size_t gap_begin = 0;
  std::size_t gap_end = 0;

  Digest digest() const;
};

// Appends an invisible signature field (ETSI.CAdES.detached) to what write_document() made.
// `signature_bytes_max`: room for the CMS. Errors: kInternal (not such a file).
Result<SignablePdf> add_signature_field(ByteView pdf, UtcTime signed_at,
                                        std::size_t signature_bytes_max);

// The finished file. Errors: kInternal (no room).
Result<Bytes> put_signature(SignablePdf file, ByteView cms);

}  // namespace certrelay
