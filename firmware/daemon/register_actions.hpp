// What operators order of the register: a person's gates closed by hand, and erasures. Rows of the
// action table, like those of service_actions.hpp.
#pragma once

#include "relay/operators/operator_verbs.hpp"
#include "relay/ports/hold_port.hpp"
#include "relay/registry/erasure/erasure.hpp"

namespace certrelay {

// All outlive the verbs.
struct RegisterLevers {
  HoldPort& holds;
  Erasure& erasure;
  LedgerPort& ledger;
  bool demo;
};

// person.hold {person}, person.release {person}; erase.one {person}, erase.due,
// erase.standing_order, erase.standing_order_end (R20). The erasures' own entries name both
// persons; the holds' are written here.
void add_register_actions(OperatorVerbs& verbs, const RegisterLevers& levers);

}  // namespace certrelay
