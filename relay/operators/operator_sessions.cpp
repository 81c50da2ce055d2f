// The calls about logging in, and a session from its beginning to its end.
#include "relay/operators/account_dates.hpp"
#include "relay/operators/operator_problem.hpp"
#include "relay/operators/operator_verbs.hpp"
#include "relay/operators/session_cookie.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kLogIn = "/v1/login";
constexpr std::string_view kReset = "/v1/password-reset";
constexpr std::string_view kChallenge = "/v1/key-challenge";

// What a browser still has of an earlier session is nothing to these.
bool begins_anew(std::string_view path) {
  return path == kLogIn || path == kReset || path == kChallenge;
}

std::vector<std::string> verbs_of(RoleSet roles, RoleSet Permission::* whom) {
  std::vector<std::string> out;
  for (const auto& permission : kPermissions) {
    if (roles.meets(permission.*whom)) out.emplace_back(permission.verb);
  }
  return out;
}

HttpAnswer no_content(HttpHeader cookie) {
  return {204, {{"cache-control", "no-store"}, std::move(cookie)}, {}};
}

}  // namespace

bool OperatorVerbs::is_login_path(std::string_view path) {
  return begins_anew(path) || path == "/v1/logout" || path == "/v1/session" ||
         path == "/v1/password" || path == "/v1/security-keys" || path == "/v1/totp" ||
         path == "/v1/totp/confirmation";
}

// A call that comes with a session's cookie is that session's: it must be in force, the person's
// own, and carry its token when it changes something. One without a cookie is what the client
// certificate and the person's signature make it (docs/decisions/0065).
Result<void> OperatorVerbs::join_session(const HttpRequest& request, Who& who) {
  if (begins_anew(request.path)) return ok();
  CERTRELAY_TRY(const auto id, session_in(request.headers));
  if (!id) return ok();
  CERTRELAY_TRY(sessions_.use(*id, who.account, who.terminal));
  auto token = csrf_token(*id);
  if (request.method != HttpMethod::kGet) {
    const auto sent = only_header(request.headers, kCsrfHeader).value_or("");
    if (!equal_in_constant_time(as_bytes(sent), as_bytes(token))) {
      return Error{ErrorCode::kCsrfTokenWrong, "session: token"};
    }
  }
  who.csrf_token = std::move(token);
  return ok();
}

OperatorVerbs::Answering OperatorVerbs::route_login(const RequestFrame& frame, Who who) {
  const auto method = frame.request.method;
  const std::string_view path = frame.request.path;
  const bool post = method == HttpMethod::kPost;
  if (post && path == kLogIn) co_return co_await log_in(frame, std::move(who));
  if (post && path == kReset) co_return co_await reset_password(frame, std::move(who));
  if (post && path == kChallenge) co_return co_await offer_challenge(std::move(who));
  if (!who.csrf_token) co_return co_await refuse(std::move(who), ErrorCode::kSessionMissing);
  if (method == HttpMethod::kGet && path == "/v1/session") {
    co_return co_await show_session(std::move(who));
  }
  if (post && path == "/v1/logout") co_return co_await log_out(std::move(who));
  if (post && path == "/v1/password") co_return co_await change_password(frame, std::move(who));
  if (post && path == "/v1/security-keys") co_return co_await register_key(frame, std::move(who));
  if (post && path == "/v1/totp") co_return co_await offer_code(frame, std::move(who));
  if (post && path == "/v1/totp/confirmation") {
    co_return co_await confirm_code(frame, std::move(who));
  }
  co_return co_await refuse(std::move(who), ErrorCode::kNoSuchCall);
}

OperatorVerbs::Answering OperatorVerbs::begin_session(Who who) {
  co_await end_session(who.account.name, ErrorCode::kSessionReplaced);
  const auto recorded =
      co_await record_login(EntryKind::kOperatorSignedIn, who, "log_in", ErrorCode::kNone);
  if (!recorded) co_return operator_problem(recorded.error().code);
  const auto* account = book().find(who.account.name);
  if (account == nullptr || !is_active(*account, now())) {
    co_return co_await refuse_login(std::move(who), "log_in", ErrorCode::kOperatorRevoked);
  }
  const auto id = sessions_.begin(*account, who.terminal);
  auto answer = session_answer(*account, csrf_token(id));
  if (answer.status == 200) answer.headers.push_back(session_cookie(id));
  co_return answer;
}

HttpAnswer OperatorVerbs::session_answer(const Operator& account, std::string token) const {
  const auto idle = std::chrono::floor<std::chrono::seconds>(settings_.sessions.idle);
  auto body = encode(SessionView{.name = account.name,
                                 .roles = roles_of(account.roles),
                                 .csrf_token = std::move(token),
                                 .idle_seconds = static_cast<std::uint32_t>(idle.count()),
                                 .password_due_on = password_due_on(account),
                                 .code_enrolled = !account.login.code_secret.empty(),
                                 .host = settings_.host,
                                 .keys = known_keys(account),
                                 .may = verbs_of(account.roles, &Permission::ask),
                                 .may_approve = verbs_of(account.roles, &Permission::approve)});
  if (!body) return operator_problem(body.error().code);
  return {200,
          {{"content-type", "application/json"}, {"cache-control", "no-store"}},
          std::move(body).value()};
}

OperatorVerbs::Answering OperatorVerbs::show_session(Who who) {
  Entry entry;
  entry.kind = EntryKind::kOperatorViewed;
  const auto recorded = co_await record_reading(who, "session.read", std::move(entry));
  if (!recorded) co_return operator_problem(recorded.error().code);
  co_return session_answer(who.account, *who.csrf_token);
}

// The safe direction: it ends also when its entry cannot be written.
OperatorVerbs::Answering OperatorVerbs::log_out(Who who) {
  co_await end_session(who.account.name, ErrorCode::kNone);
  co_return no_content(ended_cookie());
}

boost::asio::awaitable<void> OperatorVerbs::end_session(OperatorName name, ErrorCode reason) {
  auto terminal = sessions_.end(name);
  if (!terminal) co_return;
  co_await record_signed_out(std::move(name), std::move(*terminal), reason);
}

boost::asio::awaitable<void> OperatorVerbs::record_signed_out(OperatorName name,
                                                              TerminalName terminal,
                                                              ErrorCode reason) {
  Entry entry;
  entry.kind = EntryKind::kOperatorSignedOut;
  entry.role = Role::kAdmin;
  entry.reason = reason;
  entry.operator_name = std::move(name);
  entry.terminal = std::move(terminal);
  static_cast<void>((co_await record(std::move(entry))).has_value());
}

boost::asio::awaitable<void> OperatorVerbs::end_expired_sessions() {
  for (auto& one : sessions_.expired(book(), now())) {
    co_await record_signed_out(std::move(one.name), std::move(one.terminal), one.reason);
  }
}

}  // namespace certrelay
