#pragma once

#include "render/render.hpp"

namespace certrelay {

// Renders specimens of that kind's form, every cell of both kinds of residents filled with a value
// of its own in every block, and reads it back by that kind's rules: whether form and rules speak
// of one page. No person is in it. What its pages have in common is what the reader knows of the
// form from then on. Errors: kTemplateInvalid (`where` says what differs), those of
// render_certificate() and read_back().
Result<KnownParts> check_specimen(CertificateKind kind, const RenderKit& kit);

}  // namespace certrelay
