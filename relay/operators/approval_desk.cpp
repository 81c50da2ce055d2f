#include "relay/operators/approval_desk.hpp"

#include "relay/keys/approval_key.hpp"

namespace certrelay {
namespace {

Error refuse(ErrorCode code, std::string_view where) { return {code, where}; }

// One person under two names is still one person.
bool is_same_person(const Operator& a, const Operator& b) {
  return a.name == b.name || a.approval_key == b.approval_key || a.client_key == b.client_key;
}

// R30: nobody approves what concerns the own account.
bool is_about(const OperatorAction& action, const Operator& person) {
  return parameter_of(action.parameters, "name") == person.name.text() ||
         parameter_of(action.parameters, "approval_key") == to_base64(person.approval_key);
}

// The proposer as the accounts are now.
Result<const Operator*> proposer_of(const OperatorBook& book, const OperatorAction& action,
                                    const Permission& permission, UtcTime now) {
  const auto* proposer = book.find(action.proposer);
  const bool may =
      proposer != nullptr && is_active(*proposer, now) && proposer->roles.meets(permission.ask);
  if (!may) return refuse(ErrorCode::kProposerGone, "approval: the proposer");
  return proposer;
}

}  // namespace

Result<void> ApprovalDesk::check_proposal(const Site& site, const Caller& caller,
                                          const OperatorAction& action,
                                          const PersonalSignature& signature, UtcTime now) {
  const auto* permission = permission_of(action.code.text());
  if (permission == nullptr) return refuse(ErrorCode::kActionUnknown, "action: code");
  if (!caller.account.roles.meets(permission->ask)) {
    return refuse(ErrorCode::kRoleNotAllowed, "action: role");
  }
  if (action.proposer != caller.account.name) {
    return refuse(ErrorCode::kForeignSignature, "action: another proposer");
  }
  if (now >= action.expires_at) return refuse(ErrorCode::kActionExpired, "action: expired");
  return verify_person(caller.account, site.host, action_bytes(site.municipality, action),
                       signature);
}

Result<PersonalOrder> ApprovalDesk::order(const Site& site, const Caller& caller,
                                          const OperatorAction& action,
                                          const PersonalSignature& signature, UtcTime now) {
  CERTRELAY_TRY(check_proposal(site, caller, action, signature, now));
  if (!permission_of(action.code.text())->approve.empty()) {
    return refuse(ErrorCode::kRoleNotAllowed, "action: a second person is needed");
  }
  OrderedAction ordered{action, caller.terminal};
  return PersonalOrder(std::move(ordered));
}

Result<Approval> ApprovalDesk::approve(const Site& site, const OperatorBook& book,
                                       const KeptAction& kept, const Caller& second,
                                       const PersonalSignature& signature, UtcTime now) {
  const auto& action = kept.action;
  const auto* permission = permission_of(action.code.text());
  if (kept.state != ActionState::kPending || permission == nullptr) {
    return refuse(ErrorCode::kActionNotPending, "approval: not pending");
  }
  if (now >= action.expires_at) return refuse(ErrorCode::kActionExpired, "approval: expired");
  CERTRELAY_TRY(const auto* proposer, proposer_of(book, action, *permission, now));
  if (is_same_person(*proposer, second.account)) {
    return refuse(ErrorCode::kSamePerson, "approval: the same person");
  }
  if (!second.account.roles.meets(permission->approve)) {
    return refuse(ErrorCode::kRoleNotAllowed, "approval: role");
  }
  if (is_about(action, second.account)) {
    return refuse(ErrorCode::kOwnAccount, "approval: for oneself");
  }
  const auto bytes = action_bytes(site.municipality, action);
  CERTRELAY_TRY(verify_person(*proposer, site.host, bytes, kept.signature));
  CERTRELAY_TRY(verify_person(second.account, site.host, bytes, signature));
  return Approval(ApprovedAction{action, second.account.name, second.terminal});
}

Result<void> ApprovalDesk::check_denial(const Site& site, const KeptAction& kept,
                                        const Caller& caller, const StatedReason& reason,
                                        const PersonalSignature& signature) {
  const auto* permission = permission_of(kept.action.code.text());
  if (kept.state != ActionState::kPending || permission == nullptr) {
    return refuse(ErrorCode::kActionNotPending, "denial: not pending");
  }
  const bool may = caller.account.name == kept.action.proposer ||
                   caller.account.roles.meets(permission->approve);
  if (!may) return refuse(ErrorCode::kRoleNotAllowed, "denial: role");
  return verify_person(caller.account, site.host,
                       denial_bytes(site.municipality, kept.action.id, reason), signature);
}

}  // namespace certrelay
