#pragma once

#include <vector>

#include "protocol/base/bytes.hpp"

namespace certrelay {

// Black on white, row by row.
struct BitImage {
  std::size_t width = 0;
  std::size_t height = 0;
  std::vector<bool> black;  // width * height
};

// PNG of one bit a pixel, grey (ISO/IEC 15948); equal images give equal bytes.
// Precondition: not empty (CHECK). Errors: kInternal.
Result<Bytes> encode_png(const BitImage& image);

}  // namespace certrelay
