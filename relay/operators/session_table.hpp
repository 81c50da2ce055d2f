// Who is logged in: in the vault's memory alone, so that a restart logs everybody out.
#pragma once

#include <map>

#include "relay/env/clock.hpp"
#include "relay/env/entropy.hpp"
#include "relay/keys/totp.hpp"
#include "relay/operators/operator_book.hpp"

namespace certrelay {

struct SessionLimits {
  std::chrono::milliseconds idle = std::chrono::minutes(15);  // between two calls
  std::chrono::milliseconds life = std::chrono::hours(8);     // one working day, used or not
};

using SessionId = Secret<32>;

// What the person's pages send with each call that changes something. Derived from the id, which
// another site's page cannot read; it dies with the session.
std::string csrf_token(const SessionId& id);

struct OperatorSession {
  TerminalName terminal;
  Digest client_key{};              // of the connection that it began on
  RoleSet roles;                    // when it began
  std::optional<UtcTime> password;  // since when the password was in force then
  SteadyTime begun{};
  SteadyTime used{};
  std::optional<TotpSecret> offered;  // an authenticator that waits for its first code
};

// One session a person: who logs in again ends the earlier one. So there are never more than
// accounts. One thread.
class SessionTable {
 public:
  SessionTable(const Clock& clock, Entropy& entropy, SessionLimits limits)
      : clock_(clock), entropy_(entropy), limits_(limits) {}

  // The only time that the id is known here: its SHA-256 is kept.
  SessionId begin(const Operator& account, const TerminalName& terminal);
  // The session of that id, used now. `account` is the connection's, active, as it is now. Keeps
  // one that may not be used any more; expired() tells of it.
  // Errors: kSessionUnknown, kSessionForeign, kSessionIdle, kSessionOver, kSessionStale.
  Result<OperatorSession*> use(const SessionId& id, const Operator& account,
                               const TerminalName& terminal);
  // Null when that person has none.
  OperatorSession* find(const OperatorName& name);
  // Its terminal; none when there was no session.
  std::optional<TerminalName> end(const OperatorName& name);

  struct Expired {
    OperatorName name;
    TerminalName terminal;
    ErrorCode reason;
  };
  // Ends and tells what may not be used any more: by time, or because the account is another now.
  std::vector<Expired> expired(const OperatorBook& book, UtcTime now);

  std::size_t size() const { return sessions_.size(); }

 private:
  struct Held {
    Digest id{};
    OperatorSession session;
  };
  Result<void> check_time(const OperatorSession& session) const;

  const Clock& clock_;
  Entropy& entropy_;
  const SessionLimits limits_;
  std::map<OperatorName, Held> sessions_;
};

}  // namespace certrelay
