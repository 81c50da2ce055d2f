#pragma once

#include "relay/issuance/tokens.hpp"
#include "render/readback/expected.hpp"

namespace certrelay {

// What the finished pages must say, out of a household that was read from the register again for
// this purpose. Written apart from certificate_model.cpp on purpose: a slip there must not repeat
// itself here (INV-3). Errors: kReadbackMismatch when a chosen member is not in the re-read
// household.
Result<ExpectedDocument> expected_document(const HouseholdView& reread,
                                           const SelectedCertificate& selected,
                                           const DocumentMarks& marks);

}  // namespace certrelay
