#pragma once

#include <string_view>

#include "render/model/model.hpp"

namespace certrelay {

// A certificate model from its JSON form (render/FORMAT.md), strict and closed.
// Errors: those of parse_strict_json and JsonObject, kMalformed.
Result<CertificateModel> parse_model_json(std::string_view text);

}  // namespace certrelay
