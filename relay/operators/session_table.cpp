#include "relay/operators/session_table.hpp"

#include <algorithm>

#include "relay/keys/seal.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kCsrfLabel = "certrelay csrf token v1";

Error refused(ErrorCode code) { return {code, "session"}; }

// Roles and password as they were when the session began.
bool is_same_account(const OperatorSession& session, const Operator& account) {
  return session.roles == account.roles && session.password == account.login.set_at;
}

}  // namespace

std::string csrf_token(const SessionId& id) {
  return to_base64url(hmac_sha256(Key256(id.reveal()), as_bytes(kCsrfLabel)));
}

SessionId SessionTable::begin(const Operator& account, const TerminalName& terminal) {
  auto bytes = random_bytes<32>(entropy_);
  SessionId id(bytes);
  wipe(bytes);
  const auto now = clock_.steady_now();
  sessions_.insert_or_assign(account.name, Held{sha256(id.reveal()),
                                                {.terminal = terminal,
                                                 .client_key = account.client_key,
                                                 .roles = account.roles,
                                                 .password = account.login.set_at,
                                                 .begun = now,
                                                 .used = now,
                                                 .offered = std::nullopt}});
  return id;
}

Result<void> SessionTable::check_time(const OperatorSession& session) const {
  const auto now = clock_.steady_now();
  if (now - session.begun >= limits_.life) return refused(ErrorCode::kSessionOver);
  if (now - session.used >= limits_.idle) return refused(ErrorCode::kSessionIdle);
  return ok();
}

Result<OperatorSession*> SessionTable::use(const SessionId& id, const Operator& account,
                                           const TerminalName& terminal) {
  const auto digest = sha256(id.reveal());
  const auto found = std::ranges::find_if(
      sessions_, [&](const auto& one) { return equal_in_constant_time(one.second.id, digest); });
  if (found == sessions_.end()) return refused(ErrorCode::kSessionUnknown);
  auto& session = found->second.session;
  const bool own = found->first == account.name && session.client_key == account.client_key &&
                   session.terminal == terminal;
  if (!own) return refused(ErrorCode::kSessionForeign);
  CERTRELAY_TRY(check_time(session));
  if (!is_same_account(session, account)) return refused(ErrorCode::kSessionStale);
  session.used = clock_.steady_now();
  return &session;
}

OperatorSession* SessionTable::find(const OperatorName& name) {
  const auto found = sessions_.find(name);
  return found == sessions_.end() ? nullptr : &found->second.session;
}

std::optional<TerminalName> SessionTable::end(const OperatorName& name) {
  const auto found = sessions_.find(name);
  if (found == sessions_.end()) return std::nullopt;
  auto terminal = found->second.session.terminal;
  sessions_.erase(found);
  return terminal;
}

std::vector<SessionTable::Expired> SessionTable::expired(const OperatorBook& book, UtcTime now) {
  std::vector<Expired> out;
  for (const auto& [name, held] : sessions_) {
    const auto* account = book.find(name);
    const bool same =
        account != nullptr && is_active(*account, now) && is_same_account(held.session, *account);
    const auto timely = check_time(held.session);
    if (same && timely) continue;
    out.push_back(
        {name, held.session.terminal, same ? timely.error().code : ErrorCode::kSessionStale});
  }
  for (const auto& one : out) sessions_.erase(one.name);
  return out;
}

}  // namespace certrelay
