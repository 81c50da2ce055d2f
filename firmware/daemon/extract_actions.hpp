// What operators decide of a push that waits for two persons (承認待ち): rows of the action table.
#pragma once

#include "relay/operators/operator_verbs.hpp"
#include "relay/registry/registry_verbs.hpp"

namespace certrelay {

// extract.approve {extract: the push's id}, extract.deny {extract}. `registry` outlives the verbs,
// and its `work` runs as long as theirs.
void add_extract_actions(OperatorVerbs& verbs, RegistryVerbs& registry);

}  // namespace certrelay
