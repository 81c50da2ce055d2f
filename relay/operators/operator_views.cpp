// The calls that change nothing: each is recorded before it is answered (R31).
#include <algorithm>

#include "relay/operators/account_dates.hpp"
#include "relay/operators/operator_problem.hpp"
#include "relay/operators/operator_verbs.hpp"

namespace certrelay {

OperatorVerbs::Answering OperatorVerbs::view(Who who, std::string_view verb,
                                             std::function<Result<Bytes>()> body) {
  const auto* permission = permission_of(verb);
  if (permission == nullptr || !who.account.roles.meets(permission->ask)) {
    co_return co_await refuse(std::move(who), ErrorCode::kRoleNotAllowed, verb);
  }
  Entry entry;
  entry.kind = EntryKind::kOperatorViewed;
  entry.role = Role::kAdmin;
  entry.operator_name = who.account.name;
  entry.terminal = who.terminal;
  entry.action = ActionCode::parse(verb).value();
  const auto recorded = co_await record(std::move(entry));
  // The state holds nothing of anybody, and is what shows why a ledger cannot be written.
  if (!recorded && verb != "state.read") co_return operator_problem(recorded.error().code);
  auto bytes = body();
  if (!bytes) co_return operator_problem(bytes.error().code);
  co_return HttpAnswer{200,
                       {{"content-type", "application/json"}, {"cache-control", "no-store"}},
                       std::move(bytes).value()};
}

// The state's permission: it holds nothing of anybody (R37).
OperatorVerbs::Answering OperatorVerbs::view_overview(Who who) {
  if (!parts_.overview) co_return co_await refuse(std::move(who), ErrorCode::kNoSuchCall);
  if (!who.account.roles.meets(permission_of("state.read")->ask)) {
    co_return co_await refuse(std::move(who), ErrorCode::kRoleNotAllowed, "state.read");
  }
  auto bytes = co_await parts_.overview();
  std::function<Result<Bytes>()> body = [&bytes] { return std::move(bytes); };
  co_return co_await view(std::move(who), "state.read", std::move(body));
}

Result<Bytes> OperatorVerbs::state_body() const {
  auto state = parts_.state();
  state.pending_approvals = static_cast<std::uint32_t>(book().pending());
  return encode(state);
}

Result<Bytes> OperatorVerbs::pending_body() const {
  PendingList out;
  for (const auto& kept : book().actions) {
    if (kept.state != ActionState::kPending) continue;
    out.pending.push_back({kept.action, kept.proposed_at, kept.terminal});
  }
  return encode(out);
}

std::vector<OperatorLine> OperatorVerbs::operator_lines() const {
  std::vector<OperatorLine> out;
  for (const auto& account : book().accounts) {
    out.push_back({.name = account.name,
                   .affiliation = account.affiliation,
                   .roles = roles_of(account.roles),
                   .ends_on = account.ends_on,
                   .status = status_of(account, now()),
                   .last_used_on = account.last_used_on,
                   .unused = is_unused(account, now()),
                   .password_due_on = password_due_on(account),
                   .review_due_on = review_due_on(account)});
  }
  return out;
}

AccountsDue OperatorVerbs::due() const {
  const std::lock_guard guard(due_mutex_);
  return due_;
}

Result<Bytes> OperatorVerbs::operators_body() const {
  return encode(OperatorList{static_cast<std::uint32_t>(settings_.active_max), operator_lines()});
}

HttpAnswer OperatorVerbs::report(const KeptAction& kept) const {
  auto body = encode(ActionReport{kept.action.id, kept.state, kept.detail});
  if (!body) return operator_problem(body.error().code);
  return {kept.state == ActionState::kPending ? 202 : 200,
          {{"content-type", "application/json"}, {"cache-control", "no-store"}},
          std::move(body).value()};
}

Result<Bytes> OperatorVerbs::report_body(const ActionId& id) const {
  const auto* kept = book().find(id);
  if (kept == nullptr) return Error{ErrorCode::kActionNotPending, "operators: action id"};
  return encode(ActionReport{kept->action.id, kept->state, kept->detail});
}

}  // namespace certrelay
