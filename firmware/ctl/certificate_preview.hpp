#pragma once

#include <string>
#include <vector>

#include "firmware/ctl/certificate_kit.hpp"

namespace certrelay {

// A fictional household (mixed, with optional entries, remarks and hard characters) on the form of
// `kind`, overprinted 見本: FOLDER/NAME.pdf and a PNG of 150 dpi for each page. Returns the paths.
// Errors: those of render_certificate(); kNotFound (no pdftoppm), kProgramFailed, kIoError.
Result<std::vector<std::string>> write_preview(const RenderKit& kit, CertificateKind kind,
                                               const std::string& folder, const std::string& name);

}  // namespace certrelay
