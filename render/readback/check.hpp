#pragma once

#include "render/readback/expected.hpp"
#include "render/readback/read_back.hpp"
#include "render/readback/rules.hpp"

namespace certrelay {

// The last look before release: everything that stands on the pages is expected, everything
// expected stands there, each value in its own cell of its own person's block, every page with the
// tags of its persons, the one document id and its n／N (INV-3, INV-4).
// Errors: kReadbackMismatch; `where` names the place, never a value.
Result<void> check_readback(const ReadDocument& document, const ExpectedDocument& expected,
                            const ReadbackRules& rules);

}  // namespace certrelay
