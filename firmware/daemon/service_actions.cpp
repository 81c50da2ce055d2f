#include "firmware/daemon/service_actions.hpp"

#include "relay/operators/operator_entries.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

std::string label_in(const OperatorAction& action) {
  return std::string(parameter_of(action.parameters, "alarm"));
}

Result<CertificateKind> kind_in(const ServiceLevers& levers, const OperatorAction& action) {
  CERTRELAY_TRY(const auto kind, parse_certificate_kind(parameter_of(action.parameters, "kind")));
  if (!levers.offers(kind)) return Error{ErrorCode::kKindNotOffered, "kind"};
  return kind;
}

asio::awaitable<Result<LedgerSequence>> record(ServiceLevers levers, Entry entry,
                                               LedgerPort::Guard guard) {
  entry.flags = levers.demo ? kEntryDemo : 0;
  co_return co_await levers.ledger.append(std::move(entry), std::move(guard));
}

Result<void> same_alarm(const ServiceLevers& levers, std::string_view label) {
  const auto latched = levers.alarm.label();
  if (latched.empty()) return Error{ErrorCode::kNothingToDo, "alarm: none is latched"};
  if (latched != label) return Error{ErrorCode::kAlarmDiffers, "alarm: another label"};
  // What two persons clear is an entry; one that is still to come would be latched by a restart.
  if (levers.alarm.entry() == LedgerSequence()) {
    return Error{ErrorCode::kAlarmDiffers, "alarm: not in the ledger yet"};
  }
  return ok();
}

// The entry is durable before anything is issued again. A mismatch that is found in between keeps
// the latch, and says so in the ledger: a restart must not forget it (INV-9).
ActionResult clear_alarm(ServiceLevers levers, Approval approval) {
  const auto approved = std::move(approval).spend();
  const auto label = label_in(approved.action);
  auto entry = effect_entry(EntryKind::kAlarmCleared, approved);
  entry.reason = levers.alarm.reason();
  if (levers.alarm.entry() != LedgerSequence()) entry.about = levers.alarm.entry();
  LedgerPort::Guard guard = [levers, label] { return same_alarm(levers, label); };
  CERTRELAY_CO_TRY(co_await record(levers, std::move(entry), std::move(guard)));
  if (levers.alarm.clear(label)) co_return "警報を解除し、交付を再開しました。";
  Entry again;
  again.kind = EntryKind::kAlarmLatched;
  again.reason = levers.alarm.reason();
  LedgerPort::Guard none;
  CERTRELAY_CO_TRY(const auto number, co_await record(levers, std::move(again), std::move(none)));
  levers.alarm.recorded(number);
  co_return Error{ErrorCode::kAlarmDiffers, "alarm: found once more"};
}

Result<void> is_changed_by(bool now, bool wanted) {
  if (now == wanted) return Error{ErrorCode::kNothingToDo, "order: already so"};
  return ok();
}

// The safe direction takes effect before its entry, the other after it.
ActionResult stop_issuing(ServiceLevers levers, PersonalOrder order) {
  const auto ordered = std::move(order).spend();
  CERTRELAY_CO_TRY(is_changed_by(levers.orders.stopped(), true));
  levers.orders.set_stopped(true);
  auto entry = effect_entry(EntryKind::kIssuingStopped, ordered);
  LedgerPort::Guard none;
  CERTRELAY_CO_TRY(co_await record(levers, std::move(entry), std::move(none)));
  co_return "交付を停止しました。";
}

ActionResult resume_issuing(ServiceLevers levers, PersonalOrder order) {
  const auto ordered = std::move(order).spend();
  CERTRELAY_CO_TRY(is_changed_by(levers.orders.stopped(), false));
  auto entry = effect_entry(EntryKind::kIssuingResumed, ordered);
  LedgerPort::Guard none;
  CERTRELAY_CO_TRY(co_await record(levers, std::move(entry), std::move(none)));
  levers.orders.set_stopped(false);
  co_return "交付を再開しました。";
}

ActionResult suspend_kind(ServiceLevers levers, PersonalOrder order) {
  const auto ordered = std::move(order).spend();
  CERTRELAY_CO_TRY(const auto kind, kind_in(levers, ordered.action));
  CERTRELAY_CO_TRY(is_changed_by(levers.orders.suspended(kind), true));
  const auto at = UtcTime(std::chrono::floor<std::chrono::seconds>(levers.clock.utc_now()));
  levers.orders.set_suspended(kind, true,
                              SuspensionNote{at, ordered.action.proposer, ordered.action.reason});
  auto entry = effect_entry(EntryKind::kKindSuspended, ordered);
  entry.certificate_kind = kind;
  LedgerPort::Guard none;
  CERTRELAY_CO_TRY(co_await record(levers, std::move(entry), std::move(none)));
  co_return "この証明書の交付を休止しました。";
}

ActionResult resume_kind(ServiceLevers levers, PersonalOrder order) {
  const auto ordered = std::move(order).spend();
  CERTRELAY_CO_TRY(const auto kind, kind_in(levers, ordered.action));
  CERTRELAY_CO_TRY(is_changed_by(levers.orders.suspended(kind), false));
  auto entry = effect_entry(EntryKind::kKindResumed, ordered);
  entry.certificate_kind = kind;
  LedgerPort::Guard none;
  CERTRELAY_CO_TRY(co_await record(levers, std::move(entry), std::move(none)));
  levers.orders.set_suspended(kind, false);
  co_return "この証明書の交付を再開しました。";
}

CarryOutOrder with(const ServiceLevers& levers, ActionResult (*act)(ServiceLevers, PersonalOrder)) {
  return [levers, act](PersonalOrder order) { return act(levers, std::move(order)); };
}

void add_issuing_actions(OperatorVerbs& verbs, const ServiceLevers& levers) {
  verbs.add(
      {.code = "issuing.stop",
       .parameters = {},
       .check =
           [levers](const OperatorAction&) { return is_changed_by(levers.orders.stopped(), true); },
       .carry_out = with(levers, stop_issuing)});
  verbs.add({.code = "issuing.resume",
             .parameters = {},
             .check =
                 [levers](const OperatorAction&) {
                   return is_changed_by(levers.orders.stopped(), false);
                 },
             .carry_out = with(levers, resume_issuing)});
}

void add_kind_actions(OperatorVerbs& verbs, const ServiceLevers& levers) {
  const auto check_kind = [levers](bool wanted) {
    return [levers, wanted](const OperatorAction& action) -> Result<void> {
      CERTRELAY_TRY(const auto kind, kind_in(levers, action));
      return is_changed_by(levers.orders.suspended(kind), wanted);
    };
  };
  verbs.add({.code = "kind.suspend",
             .parameters = {"kind"},
             .check = check_kind(true),
             .carry_out = with(levers, suspend_kind)});
  verbs.add({.code = "kind.resume",
             .parameters = {"kind"},
             .check = check_kind(false),
             .carry_out = with(levers, resume_kind)});
}

}  // namespace

void add_service_actions(OperatorVerbs& verbs, const ServiceLevers& levers) {
  verbs.add(
      {.code = "alarm.clear",
       .parameters = {"alarm"},
       .check =
           [levers](const OperatorAction& action) { return same_alarm(levers, label_in(action)); },
       .carry_out = CarryOutApproval(
           [levers](Approval approval) { return clear_alarm(levers, std::move(approval)); })});
  add_issuing_actions(verbs, levers);
  add_kind_actions(verbs, levers);
}

}  // namespace certrelay
