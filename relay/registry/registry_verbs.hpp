// The registry listener's calls: a push of an extract and its activation, the changes after it, and
// the register's state.
// Nothing else can be asked here: no list, no search, no resident (R12).
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <mutex>

#include "protocol/wire/overview_message.hpp"
#include "protocol/wire/vault_frame.hpp"
#include "relay/keys/change_key.hpp"
#include "relay/keys/feeder_key.hpp"
#include "relay/ports/hand_over_port.hpp"
#include "relay/ports/hold_port.hpp"
#include "relay/ports/ledger_port.hpp"
#include "relay/registry/push.hpp"

namespace certrelay {

struct RegistrySettings {
  MunicipalityCode municipality;
  std::string spool_folder;  // holds nothing else; made when it is not there
  bool demo = false;
  std::chrono::seconds push_life = std::chrono::hours(24);  // of an import key
  std::size_t pushes_max = 4;                               // kept at once, whatever their state
  GuardRails rails = {};
};

// A push that waits for two persons (承認待ち), as they see it.
struct PendingExtract {
  ExtractId id;
  std::uint64_t generation;
  std::string operator_name;  // who ran the extract, as the source system says
  UtcTime created;
  std::vector<Finding> reasons;  // the guard rails
  ExtractPlan plan;
  bool activation_asked;               // false: an approval makes it ready, no more
  std::optional<UtcTime> activate_at;  // of the activation that was asked for
};

// Two persons' decision, or one person's to deny, and the reason: the ledger keeps all of it.
struct ExtractDecision {
  OperatorName first;
  std::optional<OperatorName> second;  // none: a denial
  StatedReason reason;
  std::optional<TerminalName> terminal = std::nullopt;
  std::optional<ActionId> action_id = std::nullopt;
};

// What it stands on; all outlive it. `work` runs one thing at a time (a strand, or a pool of one
// thread) and may block for a disk; `builder` runs the long building, apart from it.
struct RegistryParts {
  Files& files;
  Clock& clock;
  Entropy& entropy;
  SealedRegister& reg;
  const FeederVerifier& feeder;
  LedgerPort& ledger;
  HandOverPort& hand_overs;
  boost::asio::any_io_executor work;
  boost::asio::any_io_executor builder;
  // Ends the keys of individual numbers that a death left behind (Erasure::end_numbers).
  std::function<boost::asio::awaitable<Result<void>>()> end_numbers = {};
};

class RegistryVerbs final : public HoldPort {
 public:
  RegistryVerbs(RegistrySettings settings, RegistryParts parts);
  RegistryVerbs(const RegistryVerbs&) = delete;
  RegistryVerbs& operator=(const RegistryVerbs&) = delete;

  // Empties the spool: what lies there was sealed to keys that are gone. Call it once before any
  // other. Errors: the file system's.
  Result<void> start();

  // Answers one call, unsigned and without Content-Digest: the caller signs. May be called from any
  // executor; works on `work`. Never fails: what goes wrong becomes a problem document. Every
  // refusal of a statement or an extract and every activation has its entry (R22, R25, R42).
  boost::asio::awaitable<HttpAnswer> handle(RequestFrame frame);

  boost::asio::awaitable<Result<SubjectPseudonym>> hold(PersonId person,
                                                        std::string reason) override;
  boost::asio::awaitable<Result<SubjectPseudonym>> release(PersonId person) override;
  std::vector<HeldPerson> held() const override;
  // The operators' side; whoever calls has checked the persons. Work on `work` like handle().
  boost::asio::awaitable<std::vector<PendingExtract>> pending();
  // The push that was offered last, as far as it has come; none since the start.
  boost::asio::awaitable<std::optional<OverviewPush>> newest();
  // The same without waiting for `work`, from any thread: as of the last call that changed it.
  std::vector<PendingExtract> waiting() const;
  // Whether a decision on it is waited for, likewise. Errors: kUnknownExtract, kNotPending.
  Result<void> may_decide(const ExtractId& id) const;
  // In force at once or at its time if the source system has asked for it, else ready. The entry
  // comes first. Errors: kUnknownExtract, kNotPending, kSameApprover, the ledger's, activate's.
  boost::asio::awaitable<Result<void>> approve(ExtractId id, ExtractDecision decision);
  // It is gone, and the source system reads why. Errors: as approve().
  boost::asio::awaitable<Result<void>> deny(ExtractId id, ExtractDecision decision);

  // Forgets pushes whose key is too old, puts scheduled generations in force. Call it every second.
  boost::asio::awaitable<void> tick();

 private:
  using Answering = boost::asio::awaitable<HttpAnswer>;
  using PushPtr = std::shared_ptr<Push>;

  Answering serve(RequestFrame frame);
  Answering offer(const RequestFrame& frame);
  Answering receive(const RequestFrame& frame, PushPtr push);
  Answering activate(const RequestFrame& frame, PushPtr push);
  Answering discard(const RequestFrame& frame, PushPtr push);
  HttpAnswer offset(const Push& push) const;
  HttpAnswer report(const Push& push) const;
  HttpAnswer status() const;
  Answering change(const RequestFrame& frame);
  Answering settle(const RequestFrame& frame, RegisterVersion version, ChangeOutcome outcome);
  Answering heartbeat(const RequestFrame& frame);
  Answering reconcile(const RequestFrame& frame);
  Answering refuse_change(const RequestFrame& frame, ErrorCode reason,
                          const std::optional<RegisterVersion>& version);
  boost::asio::awaitable<void> compare_apart(const ReconciliationRequest& request,
                                             std::optional<Result<ReconciliationAnswer>>& out);
  // An empty reason releases.
  boost::asio::awaitable<void> serve_hold(const PersonId& person, const std::string& reason,
                                          std::optional<Result<SubjectPseudonym>>& out);
  boost::asio::awaitable<void> serve_tick();
  boost::asio::awaitable<void> end_numbers();
  boost::asio::awaitable<void> build(PushPtr push);
  boost::asio::awaitable<void> build_apart(PushPtr push);
  boost::asio::awaitable<void> settle_built(PushPtr push);
  boost::asio::awaitable<Result<void>> put_in_force(PushPtr push);
  // At once, or scheduled; the answer is since when.
  boost::asio::awaitable<Result<UtcTime>> follow_activation(PushPtr push);
  boost::asio::awaitable<std::vector<PendingExtract>> list_pending();
  boost::asio::awaitable<std::optional<OverviewPush>> find_newest();
  std::vector<PendingExtract> waiting_now() const;
  // On `work`, whenever a push came, went or changed its state.
  void publish();
  // `out` outlives it: an awaitable that changes its executor needs a value made from nothing.
  boost::asio::awaitable<void> decide(ExtractId id, ExtractDecision decision, bool approved,
                                      Result<void>& out);
  boost::asio::awaitable<Result<void>> try_decide(ExtractId id, ExtractDecision decision,
                                                  bool approved);

  // The signature and our clock; `body` in the clear.
  Result<SignedStatement> verified_statement(StatementKind kind, const RequestFrame& frame,
                                             ByteView body) const;
  Result<SignedStatement> check_statement(StatementKind kind, const RequestFrame& frame,
                                          ByteView body);
  Result<void> take_rising(UtcTime sent_at);
  Result<Push> new_push(const RequestFrame& frame, Manifest manifest);
  Result<PushPtr> find(std::string_view id) const;
  Result<void> make_room();
  void forget(Push& push);
  void drop_spool(Push& push);
  Entry entry_of(EntryKind kind, const PeerName& peer, ErrorCode reason) const;
  // Of an extract: its generation, and who ran it (R26).
  Entry entry_of(EntryKind kind, const Push& push, ErrorCode reason) const;
  Answering refuse(const RequestFrame& frame, ErrorCode reason);
  boost::asio::awaitable<Result<void>> record(Entry entry);

  RegistrySettings settings_;
  RegistryParts parts_;
  std::vector<PushPtr> pushes_;         // oldest first
  mutable std::mutex published_mutex_;  // of the two below
  std::vector<PendingExtract> waiting_;
  std::vector<ExtractId> known_;
  UtcTime last_sent_at_{};  // of any accepted statement
  ChangeKeys change_keys_;
  // A change in force whose acknowledgement was not given yet. Its number is settled alone.
  struct Unsettled {
    bool at_work = true;
    ChangeOutcome outcome;
  };
  std::map<RegisterVersion, Unsettled> unsettled_;
  RegisterVersion started_at_{};  // what was settled before this process is not known
  std::optional<std::pair<UtcTime, Digest>> last_heartbeat_;  // a repeat of it is answered again
  bool comparing_ = false;
  bool numbers_owed_ = false;  // a death's number could not be ended yet
};

}  // namespace certrelay
