// The calls that read the ledger: each has its entry, with what was asked, before it is answered
// (R31, R35, R45).
#include "relay/operators/operator_problem.hpp"
#include "relay/operators/operator_verbs.hpp"

namespace certrelay {
namespace {

HttpAnswer content(std::string type, Bytes bytes) {
  return {
      200, {{"content-type", std::move(type)}, {"cache-control", "no-store"}}, std::move(bytes)};
}

// What was asked for stands in the entry.
Entry query_entry(const LedgerQueryRequest& request) {
  Entry entry;
  entry.kind = EntryKind::kOperatorViewed;
  entry.stated_reason = request.reason;
  entry.transaction = request.query.transaction;
  entry.document = request.query.document;
  entry.kiosk = request.query.kiosk;
  entry.period_from = request.query.from;
  entry.period_until = request.query.until;
  return entry;
}

bool may(const Operator& account, std::string_view verb) {
  const auto* permission = permission_of(verb);
  return permission != nullptr && account.roles.meets(permission->ask);
}

}  // namespace

boost::asio::awaitable<Result<void>> OperatorVerbs::record_reading(const Who& who,
                                                                   std::string_view verb,
                                                                   Entry entry) {
  entry.role = Role::kAdmin;
  entry.operator_name = who.account.name;
  entry.terminal = who.terminal;
  if (!entry.action) entry.action = ActionCode::parse(verb).value();
  co_return co_await record(std::move(entry));
}

OperatorVerbs::Answering OperatorVerbs::query_ledger(const RequestFrame& frame, Who who) {
  if (parts_.desk == nullptr) co_return co_await refuse(who, ErrorCode::kNoSuchCall);
  if (!may(who.account, "ledger.read")) {
    co_return co_await refuse(std::move(who), ErrorCode::kRoleNotAllowed, "ledger.read");
  }
  const auto request = decode_ledger_query_request(frame.request.body);
  if (!request) co_return co_await refuse(std::move(who), request.error().code, "ledger.read");
  auto entry = query_entry(request.value());
  const auto recorded = co_await record_reading(who, "ledger.read", std::move(entry));
  if (!recorded) co_return operator_problem(recorded.error().code);
  auto query = request.value().query;
  const auto page = co_await parts_.desk->query(std::move(query), request.value().after);
  if (!page) co_return operator_problem(page.error().code);
  auto body = encode(page.value());
  if (!body) co_return operator_problem(body.error().code);
  co_return content("application/json", std::move(body).value());
}

// A report leaves the machine: an export like any other (R45).
OperatorVerbs::Answering OperatorVerbs::make_report(const RequestFrame& frame, Who who) {
  if (parts_.desk == nullptr) co_return co_await refuse(who, ErrorCode::kNoSuchCall);
  if (!may(who.account, "report.read")) {
    co_return co_await refuse(std::move(who), ErrorCode::kRoleNotAllowed, "report.read");
  }
  const auto request = decode_report_request(frame.request.body);
  if (!request) co_return co_await refuse(std::move(who), request.error().code, "report.read");
  const auto known = parts_.desk->check(request.value());
  if (!known) co_return co_await refuse(std::move(who), known.error().code, "report.read");
  Entry entry;
  entry.kind = EntryKind::kExport;
  entry.stated_reason = request.value().reason;
  entry.action = ActionCode::parse("report." + request.value().report).value();
  const auto recorded = co_await record_reading(who, "report.read", std::move(entry));
  if (!recorded) co_return operator_problem(recorded.error().code);
  auto file = co_await parts_.desk->report(request.value());
  if (!file) co_return operator_problem(file.error().code);
  co_return content(std::move(file.value().content_type), std::move(file.value().bytes));
}

// For the person who proposed the action, and for the second one.
OperatorVerbs::Answering OperatorVerbs::fetch_result(Who who, ActionId id, std::uint32_t page) {
  if (parts_.desk == nullptr) co_return co_await refuse(who, ErrorCode::kNoSuchCall);
  const auto* kept = book().find(id);
  const bool own = kept != nullptr &&
                   (kept->action.proposer == who.account.name || kept->second == who.account.name);
  if (!own || !may(who.account, "result.read")) {
    co_return co_await refuse(std::move(who), ErrorCode::kRoleNotAllowed, "result.read");
  }
  if (kept->state != ActionState::kDone) {
    co_return co_await refuse(std::move(who), ErrorCode::kNotFound, "result.read");
  }
  Entry entry;
  entry.kind = EntryKind::kOperatorViewed;
  entry.action_id = id;
  const auto recorded = co_await record_reading(who, "result.read", std::move(entry));
  if (!recorded) co_return operator_problem(recorded.error().code);
  auto bytes = co_await parts_.desk->result(id, page);
  if (!bytes) co_return operator_problem(bytes.error().code);
  co_return content("application/octet-stream", std::move(bytes).value());
}

}  // namespace certrelay
