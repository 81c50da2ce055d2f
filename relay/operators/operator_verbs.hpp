// The operators' listener's calls: what there is to see, and the actions that persons propose,
// approve and deny. What can be ordered comes from the action table; the firmware fills it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <map>

#include "protocol/wire/vault_frame.hpp"
#include "relay/env/clock.hpp"
#include "relay/operators/action_table.hpp"
#include "relay/operators/approval_desk.hpp"
#include "relay/operators/operator_store.hpp"
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
};

// What it stands on; all outlive it. `work` runs one thing at a time and may block for a disk.
struct OperatorParts {
  Clock& clock;
  LedgerPort& ledger;
  OperatorStore& store;
  boost::asio::any_io_executor work;
  std::function<RelayState()> state;  // pending_approvals is filled in here
  // For calls of nobody that is known: counted, one entry a minute (R42).
  std::function<void(const PeerName&, ErrorCode)> count_refusal;
  LedgerDeskPort* desk = nullptr;  // without one nothing of the ledger is read here
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

  // Ends what nobody approved in time. Call it every second.
  boost::asio::awaitable<void> tick();

 private:
  using Answering = boost::asio::awaitable<HttpAnswer>;
  // The caller as the book had the account when the call came.
  struct Who {
    Operator account;
    TerminalName terminal;
    ApprovalDesk::Caller caller() const { return {account, terminal}; }
  };
  struct Pace {
    SteadyTime since{};
    std::size_t calls = 0;
  };

  Answering serve(RequestFrame frame);
  Answering route(const RequestFrame& frame, Who who);
  Answering view(Who who, std::string_view verb, std::function<Result<Bytes>()> body);
  Answering query_ledger(const RequestFrame& frame, Who who);
  Answering make_report(const RequestFrame& frame, Who who);
  Answering fetch_result(Who who, ActionId id, std::uint32_t page);
  boost::asio::awaitable<Result<void>> record_reading(const Who& who, std::string_view verb,
                                                      Entry entry);
  Answering propose(const RequestFrame& frame, Who who);
  Answering approve(const RequestFrame& frame, Who who, ActionId id);
  Answering deny(const RequestFrame& frame, Who who, ActionId id);
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
  bool is_still_active(const OperatorName& name) const;

  Result<Bytes> pending_body() const;
  Result<Bytes> operators_body() const;
  Result<Bytes> state_body() const;
  Result<Bytes> report_body(const ActionId& id) const;

  ActionResult add_operator(Approval approval);
  ActionResult revoke_operator(PersonalOrder order);
  boost::asio::awaitable<Result<void>> record_change(Entry entry);

  boost::asio::awaitable<Result<void>> record(Entry entry);
  Answering refuse(Who who, ErrorCode reason);
  Answering refuse_action(Who who, ErrorCode reason, OperatorAction action);
  HttpAnswer report(const KeptAction& kept) const;
  const OperatorBook& book() const { return parts_.store.book(); }
  UtcTime now() const { return parts_.clock.utc_now(); }

  const OperatorSettings settings_;
  const OperatorParts parts_;
  ActionTable table_;
  std::map<OperatorName, Pace> paces_;
};

// "<client key id>@<terminal>": how the front names a connection to the vault.
struct ConnectionName {
  std::string keyid;
  TerminalName terminal;
};
// Errors: kTerminalMissing.
Result<ConnectionName> parse_connection_name(const PeerName& peer);

}  // namespace certrelay
