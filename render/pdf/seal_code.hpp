#pragma once

#include <string>
#include <string_view>

#include "protocol/base/result.hpp"
#include "render/text/length.hpp"

namespace certrelay {

// A square on the page, the code's quiet zone of four modules included.
struct CodeBox {
  Micrometres left, top, edge;
};

// The operators that print `text` as a QR code (ISO/IEC 18004, alphanumeric), one black inline
// image of a sample a module, so that no viewer blurs it. Level M where a symbol of at most 97
// modules holds it, else L: in 18 mm a module is then 0.17 mm or more, four dots of 600 dpi.
// Errors: kDocumentSealFailed (too long, or a character outside the alphanumeric set).
Result<std::string> code_operators(std::string_view text, const CodeBox& box);

}  // namespace certrelay
