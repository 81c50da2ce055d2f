// Reads a QR code's modules (ISO/IEC 18004) as the printed seal has them. Shares nothing with what
// drew them; a symbol with one wrong module is refused, not corrected: nobody smudged it yet.
#pragma once

#include <string>
#include <vector>

#include "protocol/base/result.hpp"

namespace certrelay {

// Square, row by row; true is dark.
struct ModuleGrid {
  std::size_t width = 0;
  std::vector<bool> dark;

  bool at(std::size_t x, std::size_t y) const { return dark.at(y * width + x); }
};

// The text of one alphanumeric segment. Versions 1 to 20, levels L and M. Errors: kPdfUnreadable.
Result<std::string> read_code(const ModuleGrid& modules);

}  // namespace certrelay
