// Who calls, and where the call goes.
#include "relay/operators/operator_verbs.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>

#include "protocol/wire/content_digest.hpp"
#include "relay/operators/operator_entries.hpp"
#include "relay/operators/operator_problem.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

constexpr std::string_view kActions = "/v1/actions";
constexpr std::string_view kResults = "/results/";
constexpr std::chrono::minutes kPaceWindow{1};

// "/v1/actions/{id}" and what follows.
struct ActionPath {
  ActionId id;
  std::string_view rest;
};

Result<ActionPath> parse_action_path(std::string_view path) {
  if (!path.starts_with(kActions) || !path.substr(kActions.size()).starts_with('/')) {
    return Error{ErrorCode::kNoSuchCall, "path"};
  }
  path.remove_prefix(kActions.size() + 1);
  const auto slash = path.find('/');
  const auto id = ActionId::parse(path.substr(0, slash));
  if (!id) return Error{ErrorCode::kNoSuchCall, "path: action id"};
  return ActionPath{id.value(), slash == std::string_view::npos ? "" : path.substr(slash)};
}

// "/results/{page}", one spelling of each number.
Result<std::uint32_t> parse_page(std::string_view rest) {
  const Error unknown{ErrorCode::kNoSuchCall, "path: page"};
  if (!rest.starts_with(kResults)) return unknown;
  rest.remove_prefix(kResults.size());
  std::uint32_t page = 0;
  const auto [end, fault] = std::from_chars(rest.data(), rest.data() + rest.size(), page);
  if (fault != std::errc() || std::to_string(page) != rest) return unknown;
  return page;
}

}  // namespace

Result<ConnectionName> parse_connection_name(const PeerName& peer) {
  const auto text = peer.text();
  const auto at = text.find('@');
  const Error missing{ErrorCode::kTerminalMissing, "operators: connection name"};
  if (at == std::string_view::npos || at == 0) return missing;
  auto terminal = TerminalName::parse(text.substr(at + 1));
  if (!terminal) return missing;
  return ConnectionName{std::string(text.substr(0, at)), std::move(terminal.value())};
}

OperatorVerbs::OperatorVerbs(OperatorSettings settings, OperatorParts parts)
    : settings_(std::move(settings)),
      parts_(std::move(parts)),
      sessions_(parts_.clock, parts_.entropy, settings_.sessions),
      lock_out_(parts_.clock) {
  // A restart is no way past a wait.
  for (const auto& account : book().accounts) lock_out_.begin(account.name, account.login.failures);
  for (const auto& kept : book().actions) {
    if (kept.state == ActionState::kRunning) left_running_.push_back(kept.action.id);
  }
  add_account_rows();
  add_key_rows();
}

asio::awaitable<HttpAnswer> OperatorVerbs::handle(RequestFrame frame) {
  co_return co_await asio::co_spawn(parts_.work, serve(std::move(frame)), asio::use_awaitable);
}

// The vault's own judgement of who calls; the front's list was the first sieve. Asked at each
// request, so that a revocation holds from the very next one (R30).
Result<OperatorVerbs::Who> OperatorVerbs::identify(const PeerName& peer) {
  CERTRELAY_TRY(auto connection, parse_connection_name(peer));
  const auto* account = book().find_client(connection.keyid);
  if (account == nullptr) return Error{ErrorCode::kOperatorUnknown, "operators: client key"};
  return Who{*account, std::move(connection.terminal), std::nullopt};
}

Result<void> OperatorVerbs::keep_pace(const OperatorName& name) {
  auto& pace = paces_[name];
  const auto steady = parts_.clock.steady_now();
  if (pace.calls == 0 || steady - pace.since >= kPaceWindow) pace = {steady, 0};
  if (pace.calls >= settings_.calls_per_minute_max) {
    return Error{ErrorCode::kOperatorTooFast, "operators: pace"};
  }
  ++pace.calls;
  return ok();
}

// One write a day and person (R34). Only a flag depends on it: a failure is not worth a refusal.
void OperatorVerbs::mark_used(const Who& who) {
  const auto today = jst_day(now());
  if (who.account.last_used_on == today) return;
  auto next = book();
  next.find(who.account.name)->last_used_on = today;
  static_cast<void>(parts_.store.write(std::move(next)).has_value());
}

OperatorVerbs::Answering OperatorVerbs::serve(RequestFrame frame) {
  auto who = identify(frame.peer);
  const auto pace = who ? keep_pace(who.value().account.name) : Result<void>(who.error());
  if (!pace) {
    parts_.count_refusal(frame.peer, pace.error().code);
    co_return operator_problem(pace.error().code);
  }
  const auto status = status_of(who.value().account, now());
  if (status != AccountStatus::kActive) {
    const bool revoked = status == AccountStatus::kRevoked;
    co_return co_await refuse(who.value(),
                              revoked ? ErrorCode::kOperatorRevoked : ErrorCode::kOperatorEnded);
  }
  mark_used(who.value());
  const auto joined = join_session(frame.request, who.value());
  if (!joined) {
    // One that has run out ends with the call that finds it so, not with the next second's look.
    co_await end_expired_sessions();
    co_return co_await refuse(who.value(), joined.error().code);
  }
  co_return co_await route(frame, std::move(who).value());
}

// The whole attack surface of the operators' front, on one screen.
OperatorVerbs::Answering OperatorVerbs::route(const RequestFrame& frame, Who who) {
  const auto method = frame.request.method;
  const std::string_view path = frame.request.path;
  const bool get = method == HttpMethod::kGet;
  if (get && path == "/v1/state") {
    std::function<Result<Bytes>()> body = [this] { return state_body(); };
    co_return co_await view(std::move(who), "state.read", std::move(body));
  }
  if (get && path == "/v1/approvals") {
    std::function<Result<Bytes>()> body = [this] { return pending_body(); };
    co_return co_await view(std::move(who), "approvals.read", std::move(body));
  }
  if (get && path == "/v1/operators") {
    std::function<Result<Bytes>()> body = [this] { return operators_body(); };
    co_return co_await view(std::move(who), "operators.read", std::move(body));
  }
  if (get && path == "/v1/overview") co_return co_await view_overview(std::move(who));
  const bool post = method == HttpMethod::kPost;
  if (post) {
    const auto digest = check_content_digest(frame.request.headers, frame.request.body);
    if (!digest) co_return co_await refuse(std::move(who), digest.error().code);
  }
  if (is_login_path(path)) co_return co_await route_login(frame, std::move(who));
  if (post && path == "/v1/ledger/query") co_return co_await query_ledger(frame, std::move(who));
  if (post && path == "/v1/ledger/report") co_return co_await make_report(frame, std::move(who));
  if (post && path == kActions) co_return co_await propose(frame, std::move(who));
  const auto named = parse_action_path(path);
  if (!named) co_return co_await refuse(std::move(who), named.error().code);
  const auto [id, rest] = named.value();
  if (post && rest == "/approval") co_return co_await approve(frame, std::move(who), id);
  if (post && rest == "/denial") co_return co_await deny(frame, std::move(who), id);
  if (get && rest.empty()) {
    std::function<Result<Bytes>()> body = [this, id = id] { return report_body(id); };
    co_return co_await view(std::move(who), "approvals.read", std::move(body));
  }
  const auto page = parse_page(rest);
  if (get && page) co_return co_await fetch_result(std::move(who), id, page.value());
  co_return co_await refuse(std::move(who), ErrorCode::kNoSuchCall);
}

asio::awaitable<Result<void>> OperatorVerbs::record(Entry entry) {
  entry.flags = settings_.demo ? kEntryDemo : 0;
  const auto written = co_await parts_.ledger.append(std::move(entry));
  if (!written) co_return written.error();
  co_return ok();
}

OperatorVerbs::Answering OperatorVerbs::refuse(Who who, ErrorCode reason, std::string_view verb) {
  Entry entry;
  entry.kind = EntryKind::kOperatorRefused;
  entry.reason = reason;
  entry.role = Role::kAdmin;
  entry.operator_name = who.account.name;
  entry.terminal = who.terminal;
  if (!verb.empty()) entry.action = ActionCode::parse(verb).value();
  // Nothing happens either way; a ledger that cannot write shows in its own health.
  static_cast<void>((co_await record(std::move(entry))).has_value());
  co_return operator_problem(reason);
}

OperatorVerbs::Answering OperatorVerbs::refuse_action(Who who, ErrorCode reason,
                                                      OperatorAction action) {
  auto entry = action_entry(EntryKind::kOperatorRefused, action, who.account.name, who.terminal);
  entry.reason = reason;
  static_cast<void>((co_await record(std::move(entry))).has_value());
  co_return operator_problem(reason);
}

}  // namespace certrelay
