#pragma once

#include "render/render.hpp"

namespace certrelay {

// Renders a specimen of that kind's form, every cell of both kinds of residents filled with a value
// of its own, and reads it back by that kind's rules: whether form and rules speak of one page. No
// person is in it. Errors: kTemplateInvalid (`where` says what differs), and those of
// render_certificate().
Result<void> check_specimen(CertificateKind kind, const RenderKit& kit);

}  // namespace certrelay
