#include "firmware/daemon/ledger_actions.hpp"

#include <charconv>

#include "protocol/report/sign_off.hpp"
#include "relay/ledger/open_deliveries.hpp"
#include "relay/operators/operator_entries.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

std::string_view in(const OperatorAction& action, std::string_view name) {
  return parameter_of(action.parameters, name);
}

struct Window {
  UtcTime from;
  UtcTime until;
};
Result<Window> window_in(const OperatorAction& action) {
  CERTRELAY_TRY(const auto from, parse_rfc3339(in(action, "from")));
  CERTRELAY_TRY(const auto until, parse_rfc3339(in(action, "until")));
  if (from >= until) return Error{ErrorCode::kPeriodInvalid, "export: period"};
  return Window{from, until};
}

Result<void> names_a_window(const OperatorAction& action) {
  CERTRELAY_TRY(window_in(action));
  return ok();
}

// A report that is confirmed, once its days are over.
Result<ReportPeriod> report_in(const LedgerLevers& levers, const OperatorAction& action) {
  CERTRELAY_TRY(const auto kind, parse_report_kind(in(action, "report")));
  if (!needs_sign_off(kind)) return Error{ErrorCode::kReportUnknown, "report: not signed off"};
  CERTRELAY_TRY(const auto period, ReportPeriod::parse(kind, in(action, "period")));
  if (period.until() > levers.clock.utc_now()) {
    return Error{ErrorCode::kPeriodInvalid, "report: not over"};
  }
  CERTRELAY_TRY(levers.desk.check_days(period));
  return period;
}

Result<Digest> digest_in(const OperatorAction& action, std::string_view name) {
  CERTRELAY_TRY(const auto bytes, from_hex(in(action, name)));
  Digest out{};
  if (bytes.size() != out.size()) return Error{ErrorCode::kMalformed, "action: digest"};
  std::ranges::copy(bytes, out.begin());
  return out;
}

Result<std::uint64_t> size_in(const OperatorAction& action) {
  const auto text = in(action, "size");
  std::uint64_t size = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (fault != std::errc() || end != text.data() + text.size() || size == 0) {
    return Error{ErrorCode::kMalformed, "action: size"};
  }
  return size;
}

asio::awaitable<Result<LedgerSequence>> record(LedgerLevers levers, Entry entry) {
  entry.flags = levers.demo ? kEntryDemo : 0;
  LedgerPort::Guard none;
  co_return co_await levers.ledger.append(std::move(entry), std::move(none));
}

// The pseudonym lives as long as the person's key; an erased person is unknown.
Result<SubjectPseudonym> subject_of(const LedgerLevers& levers, const OperatorAction& action) {
  CERTRELAY_TRY(const auto person, PersonId::parse(in(action, "person")));
  CERTRELAY_TRY(const auto snapshot, levers.reg.snapshot());
  return snapshot->pseudonym(person);
}

ActionResult query_subject(LedgerLevers levers, Approval approval) {
  const auto approved = std::move(approval).spend();
  CERTRELAY_CO_TRY(const auto subject, subject_of(levers, approved.action));
  auto entry = effect_entry(EntryKind::kSubjectQueried, approved);
  entry.subjects = {subject};
  CERTRELAY_CO_TRY(co_await record(levers, std::move(entry)));
  CERTRELAY_CO_TRY(const auto lines,
                   co_await levers.desk.find_history(approved.action.id, subject));
  co_return "提供の記録が" + std::to_string(lines) +
      "件あります。1時間以内に ledger result で取得してください。";
}

ActionResult export_window(LedgerLevers levers, PersonalOrder order, bool incident) {
  const auto ordered = std::move(order).spend();
  CERTRELAY_CO_TRY(const auto window, window_in(ordered.action));
  CERTRELAY_CO_TRY(const auto range, co_await levers.desk.find_period(window.from, window.until));
  auto entry = effect_entry(EntryKind::kExport, ordered);
  entry.period_from = window.from;
  entry.period_until = window.until;
  entry.count = range.last.value() - range.before.value();
  entry.about = range.before.next();
  CERTRELAY_CO_TRY(const auto number, co_await record(levers, std::move(entry)));
  CERTRELAY_CO_TRY(co_await levers.desk.prepare_export(ordered.action.id, range, number, incident));
  co_return "記録" + std::to_string(range.before.value() + 1) + "から" +
      std::to_string(range.last.value()) + "までを書き出せます（出力の記録 " +
      std::to_string(number.value()) + "）。";
}

// All that is there now: what `ledger restore` puts back.
ActionResult back_up(LedgerLevers levers, PersonalOrder order) {
  const auto ordered = std::move(order).spend();
  const auto range = levers.desk.everything();
  auto entry = effect_entry(EntryKind::kBackup, ordered);
  entry.count = range.last.value() - range.before.value();
  entry.about = range.last;
  CERTRELAY_CO_TRY(const auto number, co_await record(levers, std::move(entry)));
  CERTRELAY_CO_TRY(co_await levers.desk.prepare_export(ordered.action.id, range, number, false));
  co_return "記録" + std::to_string(range.last.value()) +
      "までのバックアップを取得できます（取得の記録 " + std::to_string(number.value()) + "）。";
}

// What the city keeps elsewhere: the entry about it is under it already.
ActionResult hand_out(LedgerLevers levers, PersonalOrder order) {
  const auto ordered = std::move(order).spend();
  CERTRELAY_CO_TRY(co_await record(levers, effect_entry(EntryKind::kCheckpoint, ordered)));
  CERTRELAY_CO_TRY(const auto size, co_await levers.desk.hand_out_checkpoint(ordered.action.id));
  co_return "記録" + std::to_string(size) + "までの署名付き照合値を取得できます。";
}

ActionResult export_period(LedgerLevers levers, PersonalOrder order) {
  return export_window(std::move(levers), std::move(order), false);
}
ActionResult export_incident(LedgerLevers levers, PersonalOrder order) {
  return export_window(std::move(levers), std::move(order), true);
}

// The digest says that the person saw what the entries say today.
ActionResult sign_off(LedgerLevers levers, PersonalOrder order) {
  const auto ordered = std::move(order).spend();
  CERTRELAY_CO_TRY(const auto period, report_in(levers, ordered.action));
  CERTRELAY_CO_TRY(const auto seen, digest_in(ordered.action, "digest"));
  CERTRELAY_CO_TRY(const auto digest, co_await levers.desk.digest_of(period));
  if (seen != digest) co_return Error{ErrorCode::kStatementInvalid, "report: another content"};
  auto entry = effect_entry(EntryKind::kReportSignedOff, ordered);
  entry.action = sign_off_word(period.kind());
  entry.artifact_sha256 = digest;
  entry.count = period.number();
  entry.period_from = period.from();
  entry.period_until = period.until();
  CERTRELAY_CO_TRY(co_await record(levers, std::move(entry)));
  levers.confirmed(period.kind(), period.number());
  co_return "報告書を確認済みとして記録しました。";
}

ActionResult close_result(LedgerLevers levers, PersonalOrder order) {
  const auto ordered = std::move(order).spend();
  CERTRELAY_CO_TRY(const auto id, TransactionId::parse(in(ordered.action, "transaction")));
  CERTRELAY_CO_TRY(const bool known, levers.ledger.knows_transaction(id));
  if (!known) co_return Error{ErrorCode::kUnknownTransaction, "result: no such transaction"};
  auto entry = effect_entry(EntryKind::kOperatorAction, ordered);
  entry.transaction = id;
  CERTRELAY_CO_TRY(co_await record(levers, std::move(entry)));
  co_return "処理済みとして記録しました。";
}

ActionResult take_over(LedgerLevers levers, Approval approval) {
  const auto approved = std::move(approval).spend();
  CERTRELAY_CO_TRY(const auto size, size_in(approved.action));
  CERTRELAY_CO_TRY(const auto root, digest_in(approved.action, "root"));
  CERTRELAY_CO_TRY(const auto own, co_await levers.desk.root_of(size));
  if (own != root) co_return Error{ErrorCode::kStatementInvalid, "take-over: another tree"};
  auto entry = effect_entry(EntryKind::kLedgerTakenOver, approved);
  entry.about = LedgerSequence(size);
  entry.tree_size = size;
  entry.tree_root = root;
  CERTRELAY_CO_TRY(co_await record(levers, std::move(entry)));
  co_return "記録" + std::to_string(size) + "までの引継ぎを記録しました。";
}

// The entry says what leaves before it leaves. Interrupted, what is left of it leaves another time.
ActionResult prune(LedgerLevers levers, Approval approval) {
  const auto approved = std::move(approval).spend();
  CERTRELAY_CO_TRY(const auto statements, co_await levers.desk.find_expired());
  const auto& end = statements.back();
  auto entry = effect_entry(EntryKind::kPruned, approved);
  entry.about = end.state.last;
  entry.tree_size = end.state.tree.size();
  entry.tree_root = end.state.tree.root();
  entry.period_until = end.newest;
  CERTRELAY_CO_TRY(co_await record(levers, std::move(entry)));
  CERTRELAY_CO_TRY(co_await levers.desk.prune(statements));
  co_return "保存期間を過ぎた記録（" + std::to_string(end.state.last.value()) +
      "まで）を廃棄しました。";
}

CarryOutOrder with(const LedgerLevers& levers, ActionResult (*act)(LedgerLevers, PersonalOrder)) {
  return [levers, act](PersonalOrder order) { return act(levers, std::move(order)); };
}
CarryOutApproval with(const LedgerLevers& levers, ActionResult (*act)(LedgerLevers, Approval)) {
  return [levers, act](Approval approval) { return act(levers, std::move(approval)); };
}

void add_exports(OperatorVerbs& verbs, const LedgerLevers& levers) {
  verbs.add({.code = "ledger.export",
             .parameters = {"from", "until"},
             .check = names_a_window,
             .carry_out = with(levers, export_period)});
  verbs.add({.code = "ledger.incident",
             .parameters = {"from", "until"},
             .check = names_a_window,
             .carry_out = with(levers, export_incident)});
  verbs.add({.code = "ledger.backup", .parameters = {}, .carry_out = with(levers, back_up)});
  verbs.add({.code = "ledger.checkpoint", .parameters = {}, .carry_out = with(levers, hand_out)});
}

}  // namespace

void add_ledger_actions(OperatorVerbs& verbs, const LedgerLevers& levers) {
  add_exports(verbs, levers);
  verbs.add({.code = "ledger.subject",
             .parameters = {"person"},
             .check = [levers](const OperatorAction& action) -> Result<void> {
               CERTRELAY_TRY(subject_of(levers, action));
               return ok();
             },
             .carry_out = with(levers, query_subject)});
  verbs.add({.code = "report.sign_off",
             .parameters = {"digest", "period", "report"},
             .check = [levers](const OperatorAction& action) -> Result<void> {
               CERTRELAY_TRY(report_in(levers, action));
               CERTRELAY_TRY(digest_in(action, "digest"));
               return ok();
             },
             .carry_out = with(levers, sign_off)});
  verbs.add({.code = kResultClosedAction,
             .parameters = {"transaction"},
             .check = [](const OperatorAction& action) -> Result<void> {
               CERTRELAY_TRY(TransactionId::parse(in(action, "transaction")));
               return ok();
             },
             .carry_out = with(levers, close_result)});
  verbs.add({.code = "ledger.prune", .parameters = {}, .carry_out = with(levers, prune)});
  verbs.add({.code = "ledger.take_over",
             .parameters = {"root", "size"},
             .check = [](const OperatorAction& action) -> Result<void> {
               CERTRELAY_TRY(size_in(action));
               CERTRELAY_TRY(digest_in(action, "root"));
               return ok();
             },
             .carry_out = with(levers, take_over)});
}

}  // namespace certrelay
