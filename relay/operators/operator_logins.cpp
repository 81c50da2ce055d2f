// Logging in (R17, R29): password and code are checked here, in the vault, and each attempt has its
// entry (R42).
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <limits>

#include "protocol/base/bytes.hpp"
#include "protocol/base/check.hpp"
#include "relay/operators/operator_problem.hpp"
#include "relay/operators/operator_verbs.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

// Attempts that wait for the one thread that hashes: each is about a tenth of a second.
constexpr std::size_t kHashingMax = 8;

// Of a password that nobody knows.
PasswordHash hash_of_nobody(const PasswordCost& cost, Entropy& entropy) {
  const auto password = Password::parse(to_base64url(random_bytes<32>(entropy)));
  auto hash = PasswordHash::of(password.value(), cost);
  CERTRELAY_CHECK(hash.has_value());
  return std::move(hash).value();
}

// Both are the caller's, who waits. The first log-in makes `nobody`, whoever is named: a start
// costs no hash, residents wait for it, and the time of a log-in still tells nothing.
asio::awaitable<void> match_into(const std::optional<PasswordHash>* hash, const Password* password,
                                 std::function<const PasswordHash&()> nobody, bool* out) {
  const PasswordHash& against = nobody();
  *out = (hash->has_value() ? **hash : against).matches(*password);
  co_return;
}

}  // namespace

asio::awaitable<Result<bool>> OperatorVerbs::matches(std::optional<PasswordHash> hash,
                                                     const Password& password) {
  if (hashing_ >= kHashingMax) {
    co_return Error{ErrorCode::kOperatorTooFast, "operators: passwords that wait"};
  }
  // Whoever is named, known or not, the same work is done.
  const auto nobody = [this]() -> const PasswordHash& {
    if (!nobody_) nobody_ = hash_of_nobody(settings_.password_cost, parts_.entropy);
    return *nobody_;
  };
  bool out = false;
  ++hashing_;
  auto running = match_into(&hash, &password, nobody, &out);
  co_await asio::co_spawn(parts_.heavy, std::move(running), asio::use_awaitable);
  --hashing_;
  const bool same = hash.has_value() && out;
  co_return same;
}

// The step of the code that was taken, or the newest one where a security key said instead.
Result<std::uint64_t> OperatorVerbs::judge_log_in(const Operator& account,
                                                  const LoginRequest& request, bool matched,
                                                  const Result<Digest>& challenge) const {
  const auto refused = [](ErrorCode code) { return Error{code, "log-in"}; };
  if (lock_out_.is_locked(account.name)) return refused(ErrorCode::kLoginLocked);
  if (request.name != account.name) return refused(ErrorCode::kLoginNameDiffers);
  if (!account.login.password) return refused(ErrorCode::kPasswordMissing);
  if (!matched) return refused(ErrorCode::kPasswordWrong);
  if (request.key) {
    CERTRELAY_TRY(const auto value, challenge);
    CERTRELAY_TRY(verify_key(account, settings_.host, value, *request.key));
    return account.login.code_step;
  }
  if (account.login.code_secret.empty()) {
    if (account.login.keys.empty()) return account.login.code_step;
    return refused(ErrorCode::kCodeWrong);  // a key is enrolled, and none was shown
  }
  CERTRELAY_TRY(const auto secret, parts_.store.open_code_secret(account));
  return check_totp(secret, request.code, now(), account.login.code_step);
}

OperatorVerbs::Answering OperatorVerbs::log_in(const RequestFrame& frame, Who who) {
  const auto decoded = decode_login_request(frame.request.body);
  if (!decoded) co_return co_await refuse_login(std::move(who), "log_in", decoded.error().code);
  const auto& request = decoded.value();
  if (!who.account.roles.meets(permission_of("session.read")->ask)) {
    co_return co_await refuse_login(std::move(who), "log_in", ErrorCode::kRoleNotAllowed);
  }
  // Spent by this attempt, whatever comes of it.
  const auto challenge = take_challenge(who.account.name);
  std::optional<PasswordHash> hash;
  if (request.name == who.account.name) hash = who.account.login.password;
  auto matching = matches(std::move(hash), request.password);
  const auto matched = co_await std::move(matching);
  if (!matched) co_return co_await refuse_login(std::move(who), "log_in", matched.error().code);
  // Time has passed: the account as it is now.
  const auto* account = book().find(who.account.name);
  if (account == nullptr || !is_active(*account, now())) {
    co_return co_await refuse_login(std::move(who), "log_in", ErrorCode::kOperatorRevoked);
  }
  // A password that was replaced meanwhile counts no more.
  const bool in_force = account->login.password == who.account.login.password;
  const auto step = judge_log_in(*account, request, matched.value() && in_force, challenge);
  if (!step) co_return co_await fail_login(std::move(who), "log_in", step.error().code);
  auto next = book();
  auto& login = next.find(who.account.name)->login;
  login.failures = 0;
  login.code_step = step.value();
  // Durable before anybody is let in: the code counts once, a restart or not.
  const auto written = parts_.store.write(std::move(next));
  if (!written) co_return co_await refuse_login(std::move(who), "log_in", written.error().code);
  lock_out_.end(who.account.name);
  co_return co_await begin_session(std::move(who));
}

asio::awaitable<Result<void>> OperatorVerbs::record_login(EntryKind kind, Who who,
                                                          std::string_view verb, ErrorCode reason) {
  Entry entry;
  entry.kind = kind;
  entry.role = Role::kAdmin;
  entry.reason = reason;
  entry.operator_name = std::move(who.account.name);
  entry.terminal = std::move(who.terminal);
  entry.action = ActionCode::parse(verb).value();
  // A refusal writes no store; the others name its version, as all entries about it do.
  if (kind != EntryKind::kOperatorRefused) entry.count = book().version;
  co_return co_await record(std::move(entry));
}

OperatorVerbs::Answering OperatorVerbs::refuse_login(Who who, std::string_view verb,
                                                     ErrorCode reason) {
  auto recording = record_login(EntryKind::kOperatorRefused, std::move(who), verb, reason);
  static_cast<void>((co_await std::move(recording)).has_value());
  co_return operator_problem(reason);
}

// A failure counts, and from the fifth in a row on the account is locked for a while. What comes
// meanwhile is refused, counts for nothing, and gets the same answer.
OperatorVerbs::Answering OperatorVerbs::fail_login(Who who, std::string_view verb,
                                                   ErrorCode reason) {
  if (reason == ErrorCode::kLoginLocked || reason == ErrorCode::kOperatorTooFast) {
    co_return co_await refuse_login(std::move(who), verb, reason);
  }
  auto next = book();
  auto& failures = next.find(who.account.name)->login.failures;
  if (failures < std::numeric_limits<std::uint16_t>::max()) ++failures;
  unsigned count = failures;
  // A store that cannot count gives nobody more attempts.
  if (!parts_.store.write(std::move(next))) count = std::max(count, kFreeFailures + 1);
  lock_out_.begin(who.account.name, count);
  auto answer = co_await refuse_login(who, verb, reason);
  if (count > kFreeFailures) {
    auto recording =
        record_login(EntryKind::kOperatorLockedOut, std::move(who), verb, ErrorCode::kLoginLocked);
    static_cast<void>((co_await std::move(recording)).has_value());
  }
  co_return answer;
}

}  // namespace certrelay
