#pragma once

#include "render/model/model.hpp"
#include "render/readback/expected.hpp"

namespace certrelay {

// What a page must say that was rendered from `model`. For specimens and tests of the page alone:
// an issue builds its expectation from the register, never from what it rendered (INV-3).
ExpectedDocument expectation_of(const CertificateModel& model);

}  // namespace certrelay
