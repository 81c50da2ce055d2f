// The operators' listener's calls: what there is to see, and the actions that persons propose,
// approve and deny. What can be ordered comes from the action table; the firmware fills it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <map>
#include <mutex>

#include "protocol/wire/login_message.hpp"
#include "protocol/wire/vault_frame.hpp"
#include "relay/env/clock.hpp"
#include "relay/operators/account_dates.hpp"
#include "relay/operators/action_table.hpp"
#include "relay/operators/approval_desk.hpp"
#include "relay/operators/lock_out.hpp"
#include "relay/operators/operator_store.hpp"
#include "relay/operators/session_table.hpp"
#include "relay/ports/ledger_desk_port.hpp"
#include "relay/ports/ledger_port.hpp"

namespace certrelay {

struct OperatorSettings {
  MunicipalityCode municipality;
  bool demo = false;
  std::size_t active_max = 9;                    // R13: accounts of people, of any kind
  std::size_t pending_max = kPendingActionsMax;  // that wait for a second person
  std::size_t kept_max = kKeptActionsMax;        // whatever their state
  std::chrono::seconds lifetime_max = std::chrono::hours(24);  // of a proposal
  std::size_t calls_per_minute_max = 120;                      // of one person
  PasswordCost password_cost = kPasswordCost;
  SessionLimits sessions = {};
  // The name under which browsers reach the listener; empty: no security keys.
  std::string host = {};
};

inline constexpr std::string_view kAddKeyAction = "security_key.add";
inline constexpr std::string_view kRemoveKeyAction = "security_key.remove";

// What it stands on; all outlive it. `work` runs one thing at a time and may block for a disk.
struct OperatorParts {
  Clock& clock;
  LedgerPort& ledger;
  OperatorStore& store;
  Entropy& entropy;
  boost::asio::any_io_executor work;
  // Where passwords are hashed, one at a time, so that 64 MiB are all that attempts can take, and
  // nobody's stop order waits for them.
  boost::asio::any_io_executor heavy;
  std::function<RelayState()> state;  // pending_approvals is filled in here
  // For calls of nobody that is known: counted, one entry a minute (R42).
  std::function<void(const PeerName&, ErrorCode)> count_refusal;
  LedgerDeskPort* desk = nullptr;  // without one nothing of the ledger is read here
  // The body of GET /v1/overview; none: there is no such call.
  std::function<boost::asio::awaitable<Result<Bytes>>()> overview = {};
};

class OperatorVerbs {
 public:
  OperatorVerbs(OperatorSettings settings, OperatorParts parts);
  OperatorVerbs(const OperatorVerbs&) = delete;
  OperatorVerbs& operator=(const OperatorVerbs&) = delete;

  // Before the first call.
  void add(ActionRow row) { table_.add(std::move(row)); }

  // Answers one call, unsigned and without Content-Digest: the caller signs. May be called from any
  // executor; works on `work`. Never fails: what goes wrong becomes a problem document. Every call
  // and every refusal has its entry (R31, R35).
  boost::asio::awaitable<HttpAnswer> handle(RequestFrame frame);

  // The accounts as they are now. On `work` only.
  std::vector<OperatorLine> operator_lines() const;

  // What accounts ask people to do, as of the last tick. Any thread.
  AccountsDue due() const;

  // Ends what nobody approved in time, and the sessions whose time is over. Call it every second.
  boost::asio::awaitable<void> tick();

 private:
  using Answering = boost::asio::awaitable<HttpAnswer>;
  // The caller as the book had the account when the call came.
  struct Who {
    Operator account;
    TerminalName terminal;
    std::optional<std::string> csrf_token = {};  // of the session that the call came in
    ApprovalDesk::Caller caller() const { return {account, terminal}; }
  };
  struct Pace {
    SteadyTime since{};
    std::size_t calls = 0;
  };

  Answering serve(RequestFrame frame);
  Answering route(const RequestFrame& frame, Who who);
  Answering view(Who who, std::string_view verb, std::function<Result<Bytes>()> body);
  Answering view_overview(Who who);
  Answering query_ledger(const RequestFrame& frame, Who who);
  Answering make_report(const RequestFrame& frame, Who who);
  Answering fetch_result(Who who, ActionId id, std::uint32_t page);
  boost::asio::awaitable<Result<void>> record_reading(const Who& who, std::string_view verb,
                                                      Entry entry);
  Answering propose(const RequestFrame& frame, Who who);
  Answering approve(const RequestFrame& frame, Who who, ActionId id);
  Answering deny(const RequestFrame& frame, Who who, ActionId id);
  void carry_out_apart(Who who, OperatorAction action, ActionResult work);
  boost::asio::awaitable<void> finish_apart(Who who, OperatorAction action, ActionResult work);
  bool is_interrupted(const KeptAction& kept) const;
  Answering finish(Who who, OperatorAction action, Result<std::string> outcome);
  Answering fail(Who who, OperatorAction action, ErrorCode reason);
  boost::asio::awaitable<void> serve_tick();

  Result<Who> identify(const PeerName& peer);
  Result<void> keep_pace(const OperatorName& name);
  void mark_used(const Who& who);
  Result<const ActionRow*> check_new(const Who& who, const ProposeRequest& request) const;
  Result<void> keep(const Who& who, const ProposeRequest& request, ActionState state);
  // Ends or moves on a kept action. Errors: OperatorStore::write's.
  Result<void> set_state(const ActionId& id, ActionState state,
                         const std::optional<OperatorName>& second, std::string detail);
  // Of one that was begun: kept in memory where the disk refuses it. Errors: as above.
  Result<void> end_action(const ActionId& id, ActionState state, std::string detail);
  void write_ends();
  bool is_still_active(const OperatorName& name) const;

  Result<Bytes> pending_body() const;
  Result<Bytes> operators_body() const;
  Result<Bytes> state_body() const;
  Result<Bytes> report_body(const ActionId& id) const;

  static bool is_login_path(std::string_view path);
  Result<void> join_session(const HttpRequest& request, Who& who);
  Answering route_login(const RequestFrame& frame, Who who);
  Answering log_in(const RequestFrame& frame, Who who);
  Answering begin_session(Who who);
  Answering show_session(Who who);
  Answering log_out(Who who);
  Answering change_password(const RequestFrame& frame, Who who);
  Answering reset_password(const RequestFrame& frame, Who who);
  Answering set_password(Who who, std::string_view verb, const Password& password, UtcTime since,
                         bool drop_code);
  Answering write_login(Who who, std::string_view verb, OperatorBook next);
  Answering offer_code(const RequestFrame& frame, Who who);
  Answering confirm_code(const RequestFrame& frame, Who who);
  Answering offer_challenge(Who who);
  Answering register_key(const RequestFrame& frame, Who who);
  // Takes it: each challenge counts once. Errors: kCodeReplayed (none is there, or it is too old).
  Result<Digest> take_challenge(const OperatorName& name);
  Answering refuse_login(Who who, std::string_view verb, ErrorCode reason);
  Answering fail_login(Who who, std::string_view verb, ErrorCode reason);
  boost::asio::awaitable<Result<bool>> matches(std::optional<PasswordHash> hash,
                                               const Password& password);
  boost::asio::awaitable<Result<PasswordHash>> hash_of(const Password& password);
  boost::asio::awaitable<Result<void>> check_own_password(Who who, const Password& password);
  Result<std::uint64_t> judge_log_in(const Operator& account, const LoginRequest& request,
                                     bool matched, const Result<Digest>& challenge) const;
  HttpAnswer session_answer(const Operator& account, std::string token) const;
  // Does nothing when there is none.
  boost::asio::awaitable<void> end_session(OperatorName name, ErrorCode reason);
  boost::asio::awaitable<void> end_expired_sessions();
  boost::asio::awaitable<void> record_signed_out(OperatorName name, TerminalName terminal,
                                                 ErrorCode reason);
  boost::asio::awaitable<Result<void>> record_login(EntryKind kind, Who who, std::string_view verb,
                                                    ErrorCode reason);

  ActionResult add_operator(Approval approval);
  Result<void> put_roles(OperatorBook& book, const OperatorAction& action) const;
  ActionResult change_roles(Approval approval);
  ActionResult revoke_operator(PersonalOrder order);
  ActionResult review_operator(PersonalOrder order);
  Result<SecurityKey> offered_key(const OperatorAction& action) const;
  ActionResult add_key(PersonalOrder order);
  ActionResult remove_key(PersonalOrder order);
  void add_key_rows();
  void add_account_rows();
  boost::asio::awaitable<Result<void>> record_change(Entry entry);

  boost::asio::awaitable<Result<void>> record(Entry entry);
  // `verb`: what was called, where that is known (R31).
  Answering refuse(Who who, ErrorCode reason, std::string_view verb = {});
  Answering refuse_action(Who who, ErrorCode reason, OperatorAction action);
  HttpAnswer report(const KeptAction& kept) const;
  const OperatorBook& book() const { return parts_.store.book(); }
  ApprovalDesk::Site site() const { return {settings_.municipality, settings_.host}; }
  UtcTime now() const { return parts_.clock.utc_now(); }

  const OperatorSettings settings_;
  const OperatorParts parts_;
  ActionTable table_;
  std::map<OperatorName, Pace> paces_;
  SessionTable sessions_;
  LockOut lock_out_;
  // What the password is compared with where there is none: made on `heavy`, by the first log-in.
  std::optional<PasswordHash> nobody_;
  std::size_t hashing_ = 0;             // attempts that wait or run
  std::vector<ActionId> left_running_;  // by the vault before this one
  struct Ended {
    ActionId id;
    ActionState state;
    std::string detail;
  };
  std::vector<Ended> unwritten_;  // the disk refused it: at most one an action that is kept
  // What a person's security key is to sign next, and a new one that waits for the approval key's
  // word: one of each a person, so never more than accounts.
  struct OfferedChallenge {
    Digest value;
    SteadyTime until;
  };
  struct OfferedKey {
    SecurityKey key;
    SteadyTime until;
  };
  std::map<OperatorName, OfferedChallenge> challenges_;
  std::map<OperatorName, OfferedKey> offered_keys_;
  mutable std::mutex due_mutex_;
  AccountsDue due_;  // under the mutex
};

// "<client key id>@<terminal>": how the front names a connection to the vault.
struct ConnectionName {
  std::string keyid;
  TerminalName terminal;
};
// Errors: kTerminalMissing.
Result<ConnectionName> parse_connection_name(const PeerName& peer);

}  // namespace certrelay
