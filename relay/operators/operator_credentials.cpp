// What a person changes of the own log-in: the password, in a session or signed with the own
// approval key, and the authenticator.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "relay/keys/approval_key.hpp"
#include "relay/operators/operator_problem.hpp"
#include "relay/operators/operator_verbs.hpp"
#include "relay/operators/password_rules.hpp"
#include "relay/operators/session_cookie.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

// How far a person's clock may be off ours, as the source system's (protocol/wire/FORMAT.md).
constexpr std::chrono::seconds kSignedWithin{60};

asio::awaitable<void> hash_into(const Password* password, PasswordCost cost,
                                std::optional<Result<PasswordHash>>* out) {
  out->emplace(PasswordHash::of(*password, cost));
  co_return;
}

UtcTime whole_second(UtcTime time) {
  return UtcTime(std::chrono::floor<std::chrono::seconds>(time));
}

}  // namespace

asio::awaitable<Result<PasswordHash>> OperatorVerbs::hash_of(const Password& password) {
  std::optional<Result<PasswordHash>> out;
  auto running = hash_into(&password, settings_.password_cost, &out);
  co_await asio::co_spawn(parts_.heavy, std::move(running), asio::use_awaitable);
  co_return std::move(*out);
}

OperatorVerbs::Answering OperatorVerbs::change_password(const RequestFrame& frame, Who who) {
  constexpr std::string_view kVerb = "password.change";
  const auto decoded = decode_password_change(frame.request.body);
  if (!decoded) co_return co_await refuse_login(std::move(who), kVerb, decoded.error().code);
  const auto& request = decoded.value();
  const auto own = co_await check_own_password(who, request.password);
  if (!own) co_return co_await fail_login(std::move(who), kVerb, own.error().code);
  const bool same = request.new_password.reveal() == request.password.reveal();
  const auto fit = check_new_password(request.new_password, who.account.name);
  if (same || !fit) {
    co_return co_await refuse_login(std::move(who), kVerb, ErrorCode::kPasswordUnfit);
  }
  co_return co_await set_password(std::move(who), kVerb, request.new_password, whole_second(now()),
                                  false);
}

// The password once more, of a person who is logged in. Errors: kLoginLocked, kPasswordWrong,
// kOperatorTooFast.
asio::awaitable<Result<void>> OperatorVerbs::check_own_password(Who who, const Password& password) {
  const auto matched = co_await matches(who.account.login.password, password);
  if (!matched) co_return matched.error();
  if (lock_out_.is_locked(who.account.name)) {
    co_return Error{ErrorCode::kLoginLocked, "password"};
  }
  if (!matched.value()) co_return Error{ErrorCode::kPasswordWrong, "password"};
  co_return ok();
}

// The first password, or after a forgotten one: the person's own approval key says so, which no
// front has. A statement is good once, within a minute.
OperatorVerbs::Answering OperatorVerbs::reset_password(const RequestFrame& frame, Who who) {
  constexpr std::string_view kVerb = "password.reset";
  const auto decoded = decode_password_reset(frame.request.body);
  if (!decoded) co_return co_await refuse_login(std::move(who), kVerb, decoded.error().code);
  const auto& request = decoded.value();
  const auto& account = who.account;
  const auto personal = verify_personal(
      account.approval_key, password_reset_bytes(settings_.municipality, account.name, request),
      request.signature);
  if (!personal) co_return co_await refuse_login(std::move(who), kVerb, personal.error().code);
  const auto off = std::chrono::abs(now() - request.signed_at);
  const bool newer = !account.login.set_at || request.signed_at > *account.login.set_at;
  if (off > kSignedWithin || !newer) {
    co_return co_await refuse_login(std::move(who), kVerb, ErrorCode::kStatementStale);
  }
  const auto fit = check_new_password(request.new_password, account.name);
  if (!fit) co_return co_await refuse_login(std::move(who), kVerb, fit.error().code);
  const auto since = std::max(whole_second(now()), request.signed_at);
  co_return co_await set_password(std::move(who), kVerb, request.new_password, since,
                                  request.drop_code);
}

OperatorVerbs::Answering OperatorVerbs::set_password(Who who, std::string_view verb,
                                                     const Password& password, UtcTime since,
                                                     bool drop_code) {
  const auto hash = co_await hash_of(password);
  if (!hash) co_return co_await refuse_login(std::move(who), verb, hash.error().code);
  auto next = book();
  auto* account = next.find(who.account.name);
  // Another change that came meanwhile wins: this one was made on what it replaced.
  const bool as_it_was = account != nullptr && is_active(*account, now()) &&
                         account->login.set_at == who.account.login.set_at;
  if (!as_it_was) {
    co_return co_await refuse_login(std::move(who), verb, ErrorCode::kStatementStale);
  }
  account->login.password = hash.value();
  account->login.set_at = since;
  account->login.failures = 0;
  if (drop_code) account->login.code_secret.clear();
  co_return co_await write_login(std::move(who), verb, std::move(next));
}

// Ends the session too: a person logs in with what is new.
OperatorVerbs::Answering OperatorVerbs::write_login(Who who, std::string_view verb,
                                                    OperatorBook next) {
  const auto written = parts_.store.write(std::move(next));
  if (!written) co_return co_await refuse_login(std::move(who), verb, written.error().code);
  lock_out_.end(who.account.name);
  const auto name = who.account.name;
  auto recording = record_login(EntryKind::kLogInChanged, std::move(who), verb, ErrorCode::kNone);
  const auto recorded = co_await std::move(recording);
  co_await end_session(name, ErrorCode::kSessionStale);
  if (!recorded) co_return operator_problem(recorded.error().code);
  co_return HttpAnswer{204, {{"cache-control", "no-store"}, ended_cookie()}, {}};
}

OperatorVerbs::Answering OperatorVerbs::offer_code(const RequestFrame& frame, Who who) {
  constexpr std::string_view kVerb = "totp.offer";
  const auto decoded = decode_enrol_request(frame.request.body);
  if (!decoded) co_return co_await refuse_login(std::move(who), kVerb, decoded.error().code);
  const auto own = co_await check_own_password(who, decoded.value().password);
  if (!own) co_return co_await fail_login(std::move(who), kVerb, own.error().code);
  Entry entry;
  entry.kind = EntryKind::kOperatorViewed;
  const auto recorded = co_await record_reading(who, kVerb, std::move(entry));
  if (!recorded) co_return operator_problem(recorded.error().code);
  auto* session = sessions_.find(who.account.name);
  if (session == nullptr) {
    co_return co_await refuse_login(std::move(who), kVerb, ErrorCode::kSessionUnknown);
  }
  auto bytes = random_bytes<kTotpSecretBytes>(parts_.entropy);
  session->offered.emplace(bytes);
  wipe(bytes);
  auto body = encode(EnrolOffer{totp_text(*session->offered)});
  if (!body) co_return operator_problem(body.error().code);
  co_return HttpAnswer{200,
                       {{"content-type", "application/json"}, {"cache-control", "no-store"}},
                       std::move(body).value()};
}

// In force from its first code on, which is thereby used: what was typed wrongly locks nobody out.
OperatorVerbs::Answering OperatorVerbs::confirm_code(const RequestFrame& frame, Who who) {
  constexpr std::string_view kVerb = "totp.enrol";
  const auto decoded = decode_enrol_confirmation(frame.request.body);
  if (!decoded) co_return co_await refuse_login(std::move(who), kVerb, decoded.error().code);
  const auto* session = sessions_.find(who.account.name);
  if (session == nullptr || !session->offered) {
    co_return co_await refuse_login(std::move(who), kVerb, ErrorCode::kNoEnrolment);
  }
  auto next = book();
  auto* account = next.find(who.account.name);
  const auto step =
      check_totp(*session->offered, decoded.value().code, now(), account->login.code_step);
  if (!step) co_return co_await refuse_login(std::move(who), kVerb, step.error().code);
  account->login.code_secret = parts_.store.seal_code_secret(account->name, *session->offered);
  account->login.code_step = step.value();
  co_return co_await write_login(std::move(who), kVerb, std::move(next));
}

}  // namespace certrelay
