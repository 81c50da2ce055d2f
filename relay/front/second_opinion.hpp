#pragma once

#include "relay/front/gate.hpp"

namespace certrelay {

// Reads a head that passed the gate once more, with the library's parser, and compares method,
// target, framing and every forwarded header. Two parsers that agree leave no room for a third
// reading. Errors: kGateSecondOpinion.
Result<void> confirm_head(std::string_view raw_head, const GateHead& head, const GateRules& rules);

}  // namespace certrelay
