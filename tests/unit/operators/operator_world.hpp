// The operators' verbs on files that forget, a ledger in memory and simulated time, called by a
// front that may say anything. All persons are fictional (見本).
#pragma once

#include <boost/asio/io_context.hpp>

#include "relay/keys/approval_key.hpp"
#include "relay/operators/operator_verbs.hpp"
#include "tests/support/forgetful_files.hpp"
#include "tests/support/seeded_entropy.hpp"
#include "tests/support/sim_clock.hpp"

namespace certrelay::testing {

// A ledger that keeps its entries in a vector.
class ListLedger final : public LedgerPort {
 public:
  std::vector<Entry> entries;
  bool writable = true;
  bool clock_doubted = false;
  std::function<void()> before_append;  // what happens while an append waits

  boost::asio::awaitable<Result<LedgerSequence>> append(Entry entry, Guard guard) override;
  Result<bool> knows_transaction(const TransactionId&) override { return false; }
  Result<std::vector<Entry>> entries_of(const TransactionId&) override {
    return std::vector<Entry>();
  }
  Result<std::vector<Entry>> intents_on(JstDay) override { return std::vector<Entry>(); }
  LedgerHealth health() const override;
  std::vector<EntryKind> kinds() const;
};

// A person with both keys, on the own side of every front.
struct Person {
  ApprovalKey key;
  OperatorApplication application;

  const OperatorName& name() const { return application.name; }
  std::string client_keyid() const;
  // How an honest front names the person's connection.
  PeerName at(std::string_view terminal) const;
  SignedApplication signed_application() const;
};
Person make_person(const std::string& name, std::string_view roles,
                   std::string_view affiliation = "staff", std::string_view ends_on = "");

struct OperatorWorld {
  explicit OperatorWorld(OperatorSettings settings = default_settings(),
                         std::vector<SignedApplication> further = {}, bool own_rows = true);
  static OperatorSettings default_settings();
  static MunicipalityCode municipality() { return MunicipalityCode::parse("392901").value(); }

  HttpAnswer call(const PeerName& peer, HttpMethod method, const std::string& path, Bytes body = {},
                  HttpHeaders headers = {});
  HttpAnswer get(const Person& person, const std::string& path) {
    return call(person.at("terminal-1"), HttpMethod::kGet, path);
  }
  OperatorAction action(const Person& proposer, std::string_view code,
                        ActionParameters parameters = {});
  OperatorAction clear_action(const Person& proposer) {
    return action(proposer, "alarm.clear", {{"alarm", "12-1"}});
  }
  ProposeRequest proposal(const Person& person, const OperatorAction& action) const;
  HttpAnswer send(const PeerName& peer, const ProposeRequest& request);
  HttpAnswer propose(const Person& person, const OperatorAction& action) {
    return send(person.at("terminal-1"), proposal(person, action));
  }
  HttpAnswer approve(const Person& person, const OperatorAction& action);
  HttpAnswer deny(const Person& person, const OperatorAction& action);
  void tick();
  // The vault stops and starts again on the same files.
  void start(OperatorSettings settings);
  void restart(OperatorSettings settings = default_settings());
  // alarm.clear and issuing.stop that only remember; without them a test adds rows of its own.
  void add_rows();

  // "done", "pending" ... of a report; else the problem's code.
  static std::string said(const HttpAnswer& answer);
  ErrorCode last_reason() const { return ledger.entries.back().reason; }

  boost::asio::io_context io{1};
  ForgetfulFiles files;
  SimClock clock;
  SeededEntropy entropy{7};
  ListLedger ledger;
  Key256 outer;
  Person clerk;
  Person admin;
  Person head;
  Person auditor;
  Person vendor;
  std::unique_ptr<OperatorStore> store;
  std::vector<ApprovedAction> cleared;  // what alarm.clear carried out
  std::vector<OrderedAction> stopped;   // what issuing.stop carried out
  std::optional<ErrorCode> clear_fails;
  std::optional<OperatorVerbs> verbs;
};

}  // namespace certrelay::testing
