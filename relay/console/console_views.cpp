// The pages that ask the vault for more than the state.
#include <algorithm>

#include "relay/console/visit.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kPagesMax = 8;  // of an answer of the ledger, 1 MiB each
constexpr std::chrono::days kWeek{7};
constexpr std::uint64_t kBeforeAlarm = 40;  // entries that may tell how it came about

LedgerQueryRequest asked_for(std::string_view reason) {
  return {StatedReason::parse(reason).value(), {}, LedgerSequence()};
}

UtcTime today_begins(const PageContext& page) { return jst_midnight(jst_day(page.overview.now)); }

template <class Keep>
std::vector<Entry> only(std::vector<Entry> entries, Keep keep) {
  std::erase_if(entries, [&](const Entry& entry) { return !keep(entry.kind); });
  return entries;
}

bool is_erasure(EntryKind kind) {
  switch (kind) {
    case EntryKind::kErasure:
    case EntryKind::kKeysDestroyed:
    case EntryKind::kResidueDropped:
    case EntryKind::kErasureInterrupted:
    case EntryKind::kStandingOrderGiven:
    case EntryKind::kStandingOrderWithdrawn:
      return true;
    default:
      return false;
  }
}

bool is_alarm(EntryKind kind) {
  return kind == EntryKind::kAlarmLatched || kind == EntryKind::kAlarmCleared ||
         kind == EntryKind::kIncident;
}

// What happened to the machine and the register before an alarm.
bool is_circumstance(EntryKind kind) {
  switch (kind) {
    case EntryKind::kBoot:
    case EntryKind::kShutdown:
    case EntryKind::kUpdate:
    case EntryKind::kLedgerRecovered:
    case EntryKind::kRestored:
    case EntryKind::kRegisterActivated:
    case EntryKind::kChangeAcknowledged:
    case EntryKind::kConfigurationLoaded:
      return true;
    default:
      return false;
  }
}

// Of the entries around an alarm those that tell how it came about: its transaction's own, and the
// circumstances before it.
std::vector<Entry> story_of(std::vector<Entry> around, std::uint64_t latched) {
  std::optional<TransactionId> transaction;
  for (const auto& entry : around) {
    if (entry.sequence.value() == latched) transaction = entry.transaction;
  }
  std::erase_if(around, [&](const Entry& entry) {
    const bool own = transaction && entry.transaction == transaction;
    const bool before = entry.sequence.value() <= latched && is_circumstance(entry.kind);
    return !own && !before && !is_alarm(entry.kind);
  });
  return around;
}

// The entry that latched it: the number before the dash (relay/issuance/alarm.hpp).
std::uint64_t entry_of_label(std::string_view label) {
  std::uint64_t out = 0;
  for (const char c : label) {
    if (c < '0' || c > '9') break;
    out = out * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return out;
}

}  // namespace

Console::Answering Console::show_today(ConsoleVisit& visit) {
  const auto& page = visit.known();
  const auto title = page.t({"今日の状況", "Today"});
  if (!page.may("ledger.read")) {
    co_return page_answer(page, "/today", title, today_main(page, nullptr, nullptr, false));
  }
  auto request = asked_for("管理画面: 今日の状況");
  request.query.from = today_begins(page);
  request.query.outcome = EntryOutcome::kProvided;
  const auto provided = co_await visit.calls.query(page.session.csrf_token, request, kPagesMax);
  if (!provided) co_return co_await refused(visit, provided.error());
  request.query.outcome = EntryOutcome::kRefused;
  const auto refusals = co_await visit.calls.query(page.session.csrf_token, request, kPagesMax);
  if (!refusals) co_return co_await refused(visit, refusals.error());
  co_return page_answer(page, "/today", title,
                        today_main(page, &provided.value().entries, &refusals.value().entries,
                                   provided.value().cut || refusals.value().cut));
}

Console::Answering Console::show_unresolved(ConsoleVisit& visit) {
  const auto& page = visit.known();
  const ReportRequest request{StatedReason::parse("管理画面: 未解決の一覧").value(), "daily",
                              to_iso_day(jst_day(page.overview.now)), "csv"};
  auto body = encode(request);
  if (!body) co_return co_await refused(visit, body.error());
  const auto answer = co_await visit.calls.post("/v1/ledger/report", page.session.csrf_token,
                                                std::move(body).value());
  if (!answer) co_return co_await refused(visit, answer.error());
  co_return page_answer(page, "/unresolved", page.t({"未解決の結果", "Unresolved results"}),
                        unresolved_main(page, as_text(answer.value().body)));
}

Console::Answering Console::show_alarms(ConsoleVisit& visit) {
  const auto& page = visit.known();
  auto request = asked_for("管理画面: 警報の確認");
  request.query.from = page.overview.now - kWeek;
  auto history = co_await visit.calls.query(page.session.csrf_token, request, kPagesMax);
  if (!history) co_return co_await refused(visit, history.error());
  std::vector<Entry> story;
  if (page.state.alarm) {
    const auto latched = entry_of_label(page.state.alarm->label);
    auto around = asked_for("管理画面: 警報の経過の確認");
    around.after = LedgerSequence(latched - std::min(latched, kBeforeAlarm));
    auto found = co_await visit.calls.query(page.session.csrf_token, around, 1);
    if (!found) co_return co_await refused(visit, found.error());
    story = story_of(std::move(found.value().entries), latched);
  }
  const auto alarms = only(std::move(history.value().entries), is_alarm);
  co_return page_answer(page, "/alarms", page.t({"警報", "Alarms"}),
                        alarms_main(page, story, alarms, history.value().cut));
}

Console::Answering Console::show_erasures(ConsoleVisit& visit) {
  const auto& page = visit.known();
  auto request = asked_for("管理画面: 消去の確認");
  request.query.from = page.overview.now - kWeek;
  auto found = co_await visit.calls.query(page.session.csrf_token, request, kPagesMax);
  if (!found) co_return co_await refused(visit, found.error());
  const auto evidence = only(std::move(found.value().entries), is_erasure);
  co_return page_answer(page, "/erasures", page.t({"消去", "Erasures"}),
                        erasures_main(page, evidence, found.value().cut));
}

Console::Answering Console::show_approvals(ConsoleVisit& visit) {
  const auto& page = visit.known();
  const auto list = co_await visit.calls.pending();
  if (!list) co_return co_await refused(visit, list.error());
  co_return page_answer(page, "/approvals", page.t({"承認待ち", "Approvals"}),
                        approvals_main(page, list.value()));
}

Console::Answering Console::show_operators(ConsoleVisit& visit) {
  const auto& page = visit.known();
  const auto list = co_await visit.calls.operators();
  if (!list) co_return co_await refused(visit, list.error());
  co_return page_answer(page, "/operators", page.t({"利用者", "Operators"}),
                        operators_main(page, list.value()));
}

Console::Answering Console::search_ledger(ConsoleVisit& visit, const Form& form) {
  const auto& page = visit.known();
  const auto request = ledger_request(form);
  if (!request) co_return co_await refused(visit, request.error());
  const auto found = co_await visit.calls.query(form.get("csrf"), request.value(), 2);
  if (!found) co_return co_await refused(visit, found.error());
  co_return page_answer(page, "/ledger", page.t({"提供記録の検索", "Ledger"}),
                        ledger_main(page, &form, &found.value().entries, found.value().cut));
}

Console::Answering Console::fetch_report(ConsoleVisit& visit, const Form& form) {
  auto reason = StatedReason::parse(form.get("reason"));
  if (!reason) co_return co_await refused(visit, reason.error());
  const ReportRequest request{std::move(reason).value(), std::string(form.get("report")),
                              std::string(form.get("period")), std::string(form.get("format"))};
  auto body = encode(request);
  if (!body) co_return co_await refused(visit, body.error());
  auto answer =
      co_await visit.calls.post("/v1/ledger/report", form.get("csrf"), std::move(body).value());
  if (!answer) co_return co_await refused(visit, answer.error());
  const auto end = request.format == "text" ? "txt" : request.format;
  const auto type = only_header(answer.value().headers, "content-type").value_or("text/plain");
  co_return HttpAnswer{200,
                       {{"content-type", std::string(type)},
                        {"content-disposition", "attachment; filename=\"" + request.report + "-" +
                                                    request.period + "." + end + "\""},
                        {"cache-control", "no-store"},
                        {"x-content-type-options", "nosniff"}},
                       std::move(answer.value().body)};
}

Result<LedgerQueryRequest> ledger_request(const Form& form) {
  CERTRELAY_TRY(auto reason, StatedReason::parse(form.get("reason")));
  LedgerQueryRequest out{std::move(reason), {}, LedgerSequence()};
  if (const auto day = form.get("from_day"); !day.empty()) {
    CERTRELAY_TRY(const auto from, parse_iso_day(day));
    out.query.from = jst_midnight(from);
  }
  if (const auto day = form.get("until_day"); !day.empty()) {
    CERTRELAY_TRY(const auto until, parse_iso_day(day));
    out.query.until = jst_midnight(until + std::chrono::days{1});
  }
  if (const auto outcome = form.get("outcome"); !outcome.empty()) {
    CERTRELAY_TRY(out.query.outcome, parse_entry_outcome(outcome));
  }
  if (const auto id = form.get("transaction"); !id.empty()) {
    CERTRELAY_TRY(out.query.transaction, TransactionId::parse(id));
  }
  if (const auto id = form.get("document"); !id.empty()) {
    CERTRELAY_TRY(out.query.document, DocumentId::parse(id));
  }
  if (const auto id = form.get("kiosk"); !id.empty()) {
    CERTRELAY_TRY(out.query.kiosk, KioskId::parse(id));
  }
  return out;
}

}  // namespace certrelay
