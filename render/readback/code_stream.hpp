// Internal to render/readback: the content stream that prints a code.
#pragma once

#include "protocol/base/bytes.hpp"
#include "render/readback/read_back.hpp"

namespace certrelay {

// One inline image mask (ISO 32000-1, 8.9.7), upright and square, a sample a module, spelled as
// render/FORMAT.md says and no other way. Errors: kPdfUnreadable.
Result<ReadCode> read_code_stream(ByteView operators);

}  // namespace certrelay
