#pragma once

#include "render/pdf/document.hpp"

namespace certrelay {

// The mayor's seal as a raw PBM (P4): square, 200 to 2,000 samples wide, black on white, nothing in
// the file but head and rows. Errors: kTemplateInvalid.
Result<PreparedImage> read_seal_image(ByteView pbm);

}  // namespace certrelay
