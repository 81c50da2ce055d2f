// The registry listener's calls: a push of an extract and its activation, and the register's state.
// Nothing else can be asked here: no list, no search, no resident (R12).
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "protocol/wire/vault_frame.hpp"
#include "relay/keys/feeder_key.hpp"
#include "relay/ports/ledger_port.hpp"
#include "relay/registry/push.hpp"

namespace certrelay {

struct RegistrySettings {
  MunicipalityCode municipality;
  std::string spool_folder;  // holds nothing else; made when it is not there
  bool demo = false;
  std::chrono::seconds push_life = std::chrono::hours(24);  // of an import key
  std::size_t pushes_max = 4;                               // kept at once, whatever their state
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
  boost::asio::any_io_executor work;
  boost::asio::any_io_executor builder;
};

class RegistryVerbs {
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

  // Forgets pushes whose key is too old, puts scheduled generations in force. Call it every second.
  boost::asio::awaitable<void> tick();

 private:
  using Answering = boost::asio::awaitable<HttpAnswer>;
  using PushPtr = std::shared_ptr<Push>;

  Answering serve(RequestFrame frame);
  Answering offer(const RequestFrame& frame);
  Answering receive(const RequestFrame& frame, PushPtr push);
  Answering activate(const RequestFrame& frame, PushPtr push);
  HttpAnswer offset(const Push& push) const;
  HttpAnswer report(const Push& push) const;
  HttpAnswer status() const;
  boost::asio::awaitable<void> serve_tick();
  boost::asio::awaitable<void> build(PushPtr push);
  boost::asio::awaitable<void> build_apart(PushPtr push);
  boost::asio::awaitable<Result<void>> put_in_force(PushPtr push);

  Result<SignedStatement> check_statement(StatementKind kind, const RequestFrame& frame);
  Result<Push> new_push(const RequestFrame& frame, Manifest manifest);
  Result<PushPtr> find(std::string_view id) const;
  Result<void> make_room();
  void forget(Push& push);
  void drop_spool(Push& push);
  Entry entry_of(EntryKind kind, const PeerName& peer, ErrorCode reason) const;
  Answering refuse(const RequestFrame& frame, ErrorCode reason);
  boost::asio::awaitable<Result<void>> record(Entry entry);

  RegistrySettings settings_;
  RegistryParts parts_;
  std::vector<PushPtr> pushes_;  // oldest first
  UtcTime last_sent_at_{};       // of any accepted statement
};

}  // namespace certrelay
