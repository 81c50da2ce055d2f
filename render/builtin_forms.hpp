#pragma once

#include <optional>

#include "render/render.hpp"

namespace certrelay {

// The forms that the program brings along, by name: "household" (世帯連記式), "individual"
// (個人票), "record" (住民票記載事項証明書). Nothing for another name.
std::optional<FormSource> builtin_form(std::string_view name, CertificateKind kind);

// What a kind prints on unless the configuration says otherwise.
std::string_view usual_form(CertificateKind kind);

}  // namespace certrelay
