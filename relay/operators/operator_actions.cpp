// An action from its proposal to its end. The order is the same everywhere: judged, kept durably
// (so that its id cannot be used again), recorded in the ledger, carried out, ended.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "relay/operators/operator_entries.hpp"
#include "relay/operators/operator_problem.hpp"
#include "relay/operators/operator_verbs.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

// How long an id is kept past its expiry: a clock that is set back must not free it.
constexpr std::chrono::hours kKeptAfterExpiry{24};

}  // namespace

bool OperatorVerbs::is_still_active(const OperatorName& name) const {
  const auto* account = book().find(name);
  return account != nullptr && is_active(*account, now());
}

Result<const ActionRow*> OperatorVerbs::check_new(const Who& who,
                                                  const ProposeRequest& request) const {
  const auto& action = request.action;
  // A key in the hand is let in by the key in the file, never by another that a front showed.
  if (action.code.text() == kAddKeyAction && request.signature.assertion) {
    return Error{ErrorCode::kForeignSignature, "action: the approval key is demanded"};
  }
  CERTRELAY_TRY(
      ApprovalDesk::check_proposal(site(), who.caller(), action, request.signature, now()));
  if (action.expires_at - now() > settings_.lifetime_max) {
    return Error{ErrorCode::kActionLifetime, "action: expiry"};
  }
  if (parts_.ledger.health().clock_doubted) {
    return Error{ErrorCode::kClockDoubted, "action: clock"};
  }
  CERTRELAY_TRY(const auto* row, table_.match(action));
  const bool two = std::holds_alternative<CarryOutApproval>(row->carry_out);
  if (book().actions.size() >= settings_.kept_max ||
      (two && book().pending() >= settings_.pending_max)) {
    return Error{ErrorCode::kActionsFull, "action: kept"};
  }
  return row;
}

Result<void> OperatorVerbs::keep(const Who& who, const ProposeRequest& request, ActionState state) {
  auto next = book();
  next.actions.push_back({.action = request.action,
                          .signature = request.signature,
                          .digest = sha256(action_bytes(settings_.municipality, request.action)),
                          .proposed_at = UtcTime(std::chrono::floor<std::chrono::seconds>(now())),
                          .terminal = who.terminal,
                          .state = state,
                          .second = std::nullopt,
                          .detail = ""});
  return parts_.store.write(std::move(next));
}

Result<void> OperatorVerbs::set_state(const ActionId& id, ActionState state,
                                      const std::optional<OperatorName>& second,
                                      std::string detail) {
  auto next = book();
  auto* kept = next.find(id);
  if (kept == nullptr) return Error{ErrorCode::kActionNotPending, "action: forgotten"};
  kept->state = state;
  if (second) kept->second = second;
  kept->detail = std::move(detail);
  if (state != ActionState::kPending && state != ActionState::kRunning) {
    kept->action.parameters.clear();
  }
  return parts_.store.write(std::move(next));
}

OperatorVerbs::Answering OperatorVerbs::propose(const RequestFrame& frame, Who who) {
  const auto decoded = decode_propose_request(frame.request.body);
  if (!decoded) co_return co_await refuse(std::move(who), decoded.error().code);
  const auto request = decoded.value();
  const auto& action = request.action;
  if (const auto* kept = book().find(action.id)) {
    const bool repeat = kept->action.proposer == who.account.name &&
                        kept->digest == sha256(action_bytes(settings_.municipality, action));
    if (repeat) co_return report(*kept);  // its answer was lost on the way; nothing happens twice
    co_return co_await refuse_action(std::move(who), ErrorCode::kActionUsed, action);
  }
  const auto row = check_new(who, request);
  if (!row) co_return co_await refuse_action(std::move(who), row.error().code, action);
  const bool two = std::holds_alternative<CarryOutApproval>(row.value()->carry_out);
  const auto kept = keep(who, request, two ? ActionState::kPending : ActionState::kRunning);
  if (!kept) co_return co_await refuse_action(std::move(who), kept.error().code, action);

  auto entry = action_entry(EntryKind::kOperatorAction, action, who.account.name, who.terminal);
  entry.count = book().version;
  const auto recorded = co_await record(std::move(entry));
  if (!recorded) co_return co_await fail(std::move(who), action, recorded.error().code);
  if (two) co_return report(*book().find(action.id));
  if (!is_still_active(who.account.name)) {
    co_return co_await fail(std::move(who), action, ErrorCode::kOperatorRevoked);
  }
  auto order = ApprovalDesk::order(site(), who.caller(), action, request.signature, now());
  if (!order) co_return co_await fail(std::move(who), action, order.error().code);
  auto work = std::get<CarryOutOrder>(row.value()->carry_out)(std::move(order).value());
  if (row.value()->lasts) {
    carry_out_apart(std::move(who), action, std::move(work));
    co_return report(*book().find(action.id));
  }
  auto outcome = co_await std::move(work);
  co_return co_await finish(std::move(who), action, std::move(outcome));
}

void OperatorVerbs::carry_out_apart(Who who, OperatorAction action, ActionResult work) {
  asio::co_spawn(parts_.work, finish_apart(std::move(who), std::move(action), std::move(work)),
                 [](const std::exception_ptr& bug) {
                   if (bug) std::rethrow_exception(bug);
                 });
}

// The answer is nobody's: whoever asks again gets the report.
asio::awaitable<void> OperatorVerbs::finish_apart(Who who, OperatorAction action,
                                                  ActionResult work) {
  auto outcome = co_await std::move(work);
  (void)co_await finish(std::move(who), std::move(action), std::move(outcome));
}

// What lasted when the vault ended: nothing of it goes on, and who still asks for its end is told.
bool OperatorVerbs::is_interrupted(const KeptAction& kept) const {
  if (kept.state != ActionState::kRunning) return false;
  const auto* row = table_.find(kept.action.code.text());
  const bool before = std::ranges::find(left_running_, kept.action.id) != left_running_.end();
  return row != nullptr && row->lasts && before;
}

OperatorVerbs::Answering OperatorVerbs::approve(const RequestFrame& frame, Who who, ActionId id) {
  const auto request = decode_approve_request(frame.request.body);
  if (!request) co_return co_await refuse(std::move(who), request.error().code);
  const auto* kept = book().find(id);
  if (kept == nullptr) co_return co_await refuse(std::move(who), ErrorCode::kActionNotPending);
  const auto action = kept->action;
  if (kept->state != ActionState::kPending && kept->second == who.account.name) {
    co_return report(*kept);  // a repeat
  }
  auto approval =
      ApprovalDesk::approve(site(), book(), *kept, who.caller(), request.value().signature, now());
  if (!approval) co_return co_await refuse_action(std::move(who), approval.error().code, action);
  const auto* row = table_.find(action.code.text());
  if (row == nullptr) {
    co_return co_await refuse_action(std::move(who), ErrorCode::kActionUnknown, action);
  }
  // From here on it is used, whatever happens: each signature counts once.
  const auto begun = set_state(id, ActionState::kRunning, who.account.name, "");
  if (!begun) co_return co_await refuse_action(std::move(who), begun.error().code, action);
  auto entry = action_entry(EntryKind::kApproval, action, who.account.name, who.terminal);
  entry.count = book().version;
  const auto recorded = co_await record(std::move(entry));
  if (!recorded) co_return co_await fail(std::move(who), action, recorded.error().code);
  if (!is_still_active(action.proposer) || !is_still_active(who.account.name)) {
    co_return co_await fail(std::move(who), action, ErrorCode::kProposerGone);
  }
  const auto& carry_out = std::get<CarryOutApproval>(row->carry_out);
  auto outcome = co_await carry_out(std::move(approval).value());
  co_return co_await finish(std::move(who), action, std::move(outcome));
}

// What cannot be written now is by one of the next ticks: until then it stays "running", and what
// was done is in the ledger.
Result<void> OperatorVerbs::end_action(const ActionId& id, ActionState state, std::string detail) {
  auto written = set_state(id, state, std::nullopt, detail);
  if (!written) unwritten_.push_back({id, state, std::move(detail)});
  return written;
}

void OperatorVerbs::write_ends() {
  std::erase_if(unwritten_, [this](const Ended& one) {
    const auto written = set_state(one.id, one.state, std::nullopt, one.detail);
    return written || written.error().code == ErrorCode::kActionNotPending;  // forgotten meanwhile
  });
}

// The end of an action that was begun: the same report for whoever asks again.
OperatorVerbs::Answering OperatorVerbs::finish(Who who, OperatorAction action,
                                               Result<std::string> outcome) {
  if (!outcome) co_return co_await fail(std::move(who), action, outcome.error().code);
  const auto ended = end_action(action.id, ActionState::kDone, std::move(outcome).value());
  if (!ended) co_return operator_problem(ended.error().code);
  co_return report(*book().find(action.id));
}

OperatorVerbs::Answering OperatorVerbs::fail(Who who, OperatorAction action, ErrorCode reason) {
  std::string mend(operator_mend(reason));
  static_cast<void>(end_action(action.id, ActionState::kFailed, std::move(mend)).has_value());
  co_return co_await refuse_action(std::move(who), reason, action);
}

OperatorVerbs::Answering OperatorVerbs::deny(const RequestFrame& frame, Who who, ActionId id) {
  const auto decoded = decode_deny_request(frame.request.body);
  if (!decoded) co_return co_await refuse(std::move(who), decoded.error().code);
  const auto request = decoded.value();
  const auto* kept = book().find(id);
  if (kept == nullptr) co_return co_await refuse(std::move(who), ErrorCode::kActionNotPending);
  const auto action = kept->action;
  if (kept->state == ActionState::kDenied && kept->second == who.account.name) {
    co_return report(*kept);
  }
  const auto checked =
      ApprovalDesk::check_denial(site(), *kept, who.caller(), request.reason, request.signature);
  if (!checked) co_return co_await refuse_action(std::move(who), checked.error().code, action);
  const auto ended = set_state(id, ActionState::kDenied, who.account.name, "");
  if (!ended) co_return co_await refuse_action(std::move(who), ended.error().code, action);
  auto entry = action_entry(EntryKind::kApprovalDenied, action, who.account.name, who.terminal);
  entry.stated_reason = request.reason;
  entry.count = book().version;
  const auto recorded = co_await record(std::move(entry));
  if (!recorded) co_return operator_problem(recorded.error().code);
  co_return report(*book().find(id));
}

asio::awaitable<void> OperatorVerbs::tick() {
  co_await asio::co_spawn(parts_.work, serve_tick(), asio::use_awaitable);
}

asio::awaitable<void> OperatorVerbs::serve_tick() {
  {
    const auto due = accounts_due(book(), now());
    const std::lock_guard guard(due_mutex_);
    due_ = due;
  }
  co_await end_expired_sessions();
  write_ends();
  auto next = book();
  std::vector<Entry> entries;
  bool interrupted = false;
  for (auto& kept : next.actions) {
    if (is_interrupted(kept)) {
      kept.state = ActionState::kFailed;
      kept.detail = operator_mend(ErrorCode::kVaultNotServing);
      kept.action.parameters.clear();
      interrupted = true;
    }
    if (kept.state != ActionState::kPending || now() < kept.action.expires_at) continue;
    entries.push_back(action_entry(EntryKind::kApprovalExpired, kept.action, kept.action.proposer,
                                   kept.terminal));
    kept.state = ActionState::kExpired;
    kept.action.parameters.clear();
  }
  const auto old = std::erase_if(next.actions, [&](const KeptAction& kept) {
    return now() >= kept.action.expires_at + kKeptAfterExpiry;
  });
  if (entries.empty() && old == 0 && !interrupted) co_return;
  // When it cannot be written, the next second tries again.
  if (!parts_.store.write(std::move(next))) co_return;
  for (auto& entry : entries) {
    entry.reason = ErrorCode::kActionExpired;
    entry.count = book().version;
    static_cast<void>((co_await record(std::move(entry))).has_value());
  }
}

}  // namespace certrelay
