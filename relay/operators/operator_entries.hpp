// The ledger's entries about operators: who, where, what, why (R31, R35).
#pragma once

#include "protocol/record/entry.hpp"
#include "relay/ports/approval.hpp"

namespace certrelay {

// Of what an action does: the executor appends it before the effect.
Entry effect_entry(EntryKind kind, const OrderedAction& ordered);
Entry effect_entry(EntryKind kind, const ApprovedAction& approved);

// Of a call about an action: operator and terminal are the caller's.
Entry action_entry(EntryKind kind, const OperatorAction& action, const OperatorName& caller,
                   const TerminalName& terminal);

}  // namespace certrelay
