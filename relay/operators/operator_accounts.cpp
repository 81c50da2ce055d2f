// The built-in actions: an account begins, is reviewed, ends.
#include "relay/operators/operator_entries.hpp"
#include "relay/operators/operator_verbs.hpp"

namespace certrelay {

void OperatorVerbs::add_account_rows() {
  const auto check_application = [this](const OperatorAction& action) -> Result<void> {
    CERTRELAY_TRY(const auto application, application_in(action.parameters));
    CERTRELAY_TRY(auto account, account_from(settings_.municipality, application, now()));
    auto trial = book();
    return trial.add(std::move(account), settings_.active_max, now());
  };
  add({.code = "operator.add",
       .parameters = {"affiliation", "application_signature", "approval_key", "client_key", "name",
                      "roles"},
       .may_have = {"ends_on"},
       .check = check_application,
       .carry_out = CarryOutApproval(
           [this](Approval approval) { return add_operator(std::move(approval)); })});
  add({.code = "operator.roles",
       .parameters = {"name", "roles"},
       .check =
           [this](const OperatorAction& action) {
             auto trial = book();
             return put_roles(trial, action);
           },
       .carry_out = CarryOutApproval(
           [this](Approval approval) { return change_roles(std::move(approval)); })});
  const auto check_revocation = [this](const OperatorAction& action) -> Result<void> {
    CERTRELAY_TRY(const auto name, OperatorName::parse(parameter_of(action.parameters, "name")));
    auto trial = book();
    return trial.revoke(name, now());
  };
  add({.code = "operator.revoke",
       .parameters = {"name"},
       .check = check_revocation,
       .carry_out = CarryOutOrder(
           [this](PersonalOrder order) { return revoke_operator(std::move(order)); })});
  const auto check_review = [this](const OperatorAction& action) -> Result<void> {
    CERTRELAY_TRY(const auto name, OperatorName::parse(parameter_of(action.parameters, "name")));
    if (name == action.proposer) return Error{ErrorCode::kOwnAccount, "review: for oneself"};
    if (!is_still_active(name)) return Error{ErrorCode::kOperatorUnknown, "review: name"};
    return ok();
  };
  add({.code = "operator.review",
       .parameters = {"name"},
       .check = check_review,
       .carry_out = CarryOutOrder(
           [this](PersonalOrder order) { return review_operator(std::move(order)); })});
}

// The call's own entry is durable by now. The store is written first and the ledger then names its
// version, so that an older copy put back later does not open.
boost::asio::awaitable<Result<void>> OperatorVerbs::record_change(Entry entry) {
  entry.count = book().version;
  co_return co_await record(std::move(entry));
}

ActionResult OperatorVerbs::add_operator(Approval approval) {
  const auto approved = std::move(approval).spend();
  CERTRELAY_CO_TRY(const auto application, application_in(approved.action.parameters));
  CERTRELAY_CO_TRY(auto account, account_from(settings_.municipality, application, now()));
  auto next = book();
  CERTRELAY_CO_TRY(next.add(std::move(account), settings_.active_max, now()));
  CERTRELAY_CO_TRY(parts_.store.write(std::move(next)));
  CERTRELAY_CO_TRY(co_await record_change(effect_entry(EntryKind::kOperatorsChanged, approved)));
  co_return "利用者 " + std::string(application.application.name.text()) + " を登録しました。";
}

// A change begins with the person's own application, as the grant did (R30): nobody asks for roles
// of another's account, and to take them away one revokes it.
Result<void> OperatorVerbs::put_roles(OperatorBook& book, const OperatorAction& action) const {
  CERTRELAY_TRY(const auto name, OperatorName::parse(parameter_of(action.parameters, "name")));
  CERTRELAY_TRY(const auto roles, parse_role_set(parameter_of(action.parameters, "roles")));
  if (name != action.proposer) return Error{ErrorCode::kRoleNotAllowed, "roles: of another"};
  auto* account = book.find(name);
  if (account == nullptr) return Error{ErrorCode::kOperatorUnknown, "roles: name"};
  if (account->roles == roles) return Error{ErrorCode::kOperatorInvalid, "roles: no change"};
  account->roles = roles;
  CERTRELAY_TRY(check_roles(*account));
  if (book.active_with(OperatorRole::kCenterHead, now()) == 0) {
    return Error{ErrorCode::kLastCenterHead, "roles: the last center head"};
  }
  return ok();
}

// The person's sessions end with it (a session is of the roles that it began with).
ActionResult OperatorVerbs::change_roles(Approval approval) {
  const auto approved = std::move(approval).spend();
  auto next = book();
  CERTRELAY_CO_TRY(put_roles(next, approved.action));
  CERTRELAY_CO_TRY(parts_.store.write(std::move(next)));
  CERTRELAY_CO_TRY(co_await record_change(effect_entry(EntryKind::kOperatorsChanged, approved)));
  co_await end_session(approved.action.proposer, ErrorCode::kSessionStale);
  co_return "利用者 " + std::string(approved.action.proposer.text()) + " の役割を変更しました。";
}

ActionResult OperatorVerbs::revoke_operator(PersonalOrder order) {
  const auto ordered = std::move(order).spend();
  CERTRELAY_CO_TRY(const auto name,
                   OperatorName::parse(parameter_of(ordered.action.parameters, "name")));
  auto next = book();
  CERTRELAY_CO_TRY(next.revoke(name, now()));
  CERTRELAY_CO_TRY(parts_.store.write(std::move(next)));
  CERTRELAY_CO_TRY(co_await record_change(effect_entry(EntryKind::kOperatorsChanged, ordered)));
  co_await end_session(name, ErrorCode::kOperatorRevoked);
  co_return "利用者 " + std::string(name.text()) + " を失効させました。";
}

// That the access is still needed, as the center's head or the deputy found (R30, R34).
ActionResult OperatorVerbs::review_operator(PersonalOrder order) {
  const auto ordered = std::move(order).spend();
  CERTRELAY_CO_TRY(const auto name,
                   OperatorName::parse(parameter_of(ordered.action.parameters, "name")));
  auto next = book();
  auto* account = next.find(name);
  if (account == nullptr) co_return Error{ErrorCode::kOperatorUnknown, "review: name"};
  account->reviewed_on = jst_day(now());
  CERTRELAY_CO_TRY(parts_.store.write(std::move(next)));
  CERTRELAY_CO_TRY(co_await record_change(effect_entry(EntryKind::kOperatorsChanged, ordered)));
  co_return "利用者 " + std::string(name.text()) + " の権限を確認しました。";
}

}  // namespace certrelay
