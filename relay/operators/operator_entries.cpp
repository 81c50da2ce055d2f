#include "relay/operators/operator_entries.hpp"

namespace certrelay {

Entry action_entry(EntryKind kind, const OperatorAction& action, const OperatorName& caller,
                   const TerminalName& terminal) {
  Entry entry;
  entry.kind = kind;
  entry.role = Role::kAdmin;
  entry.operator_name = caller;
  entry.terminal = terminal;
  entry.action = action.code;
  entry.stated_reason = action.reason;
  entry.action_id = action.id;
  const auto account = OperatorName::parse(parameter_of(action.parameters, "name"));
  if (account) entry.account = account.value();
  return entry;
}

Entry effect_entry(EntryKind kind, const OrderedAction& ordered) {
  return action_entry(kind, ordered.action, ordered.action.proposer, ordered.terminal);
}

Entry effect_entry(EntryKind kind, const ApprovedAction& approved) {
  auto entry = action_entry(kind, approved.action, approved.action.proposer, approved.terminal);
  entry.approver = approved.approver;
  return entry;
}

}  // namespace certrelay
