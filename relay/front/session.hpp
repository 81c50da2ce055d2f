// One connection's life: handshake, then requests in turn, until one is refused, the peer leaves
// or the front drains.
#pragma once

#include <functional>
#include <memory>

#include "relay/front/byte_stream.hpp"
#include "relay/front/counters.hpp"
#include "relay/front/deadline.hpp"
#include "relay/front/gate.hpp"
#include "relay/front/vault_link.hpp"

namespace certrelay {

struct FrontLimits {
  std::chrono::milliseconds handshake_ms{10'000};
  std::chrono::milliseconds head_ms{10'000};   // from a request's first byte
  std::chrono::milliseconds body_ms{30'000};   // from the end of its head
  std::chrono::milliseconds idle_ms{75'000};   // between requests
  std::chrono::milliseconds write_ms{30'000};  // for a whole answer to be taken
  std::chrono::milliseconds finish_ms{2'000};  // for the peer to end after us
  std::chrono::milliseconds drain_ms{15'000};  // for requests under way when the front ends
  std::size_t connections_per_peer = 256;
  std::size_t connections_max = 1024;  // of the listener, handshakes included
  std::size_t handshakes_max = 512;    // unfinished; past it the oldest gives way
  VaultLinkLimits vault;
};

// Answers a request without the vault's path, or leaves it (a null answer is never given). May ask
// the vault in the name of that peer, any number of times.
struct PageMaker {
  using Ask = std::function<boost::asio::awaitable<Result<HttpAnswer>>(HttpRequest)>;
  std::function<bool(std::string_view path)> is_page = {};
  std::function<boost::asio::awaitable<Result<HttpAnswer>>(HttpRequest, Ask)> answer = {};
};

class Session;

// What the sessions of a front share. One thread.
struct FrontState {
  FrontState(const boost::asio::any_io_executor& its_executor, Clock& time, Role its_role,
             const FrontLimits& its_limits, PeerTable known_peers)
      : executor(its_executor),
        clock(time),
        role(its_role),
        rules(gate_rules(its_role)),
        limits(its_limits),
        peers(std::make_shared<const PeerTable>(std::move(known_peers))),
        link(its_executor, time, its_role, its_limits.vault) {}

  boost::asio::any_io_executor executor;
  Clock& clock;
  Role role;
  GateRules rules;
  FrontLimits limits;
  std::shared_ptr<const PeerTable> peers;  // replaced by a reload
  VaultLink link;
  FrontCounters counters;
  // Pages of our own, made of what the vault answers (docs/decisions/0072); none: the vault is
  // asked for everything.
  PageMaker pages;
  std::map<std::uint64_t, Session*> sessions;  // by age
  bool draining = false;
};

class Session {
 public:
  enum class Phase { kHandshake, kIdle, kBusy, kEnding };

  // `front` must outlive it.
  Session(FrontState& front, std::unique_ptr<ByteStream> stream)
      : front_(front),
        stream_(std::move(stream)),
        deadline_(front.executor, front.clock, [this] { give_up_waiting(); }) {}

  // The whole life; the stream is closed when it returns.
  boost::asio::awaitable<void> run();

  Phase phase() const { return phase_; }
  // Who this is by the peers of now; none before the handshake and once the rules have changed.
  std::optional<PeerName> peer() const;
  // Ends it at once, without a byte.
  void abort();

 private:
  template <class T>
  boost::asio::awaitable<Result<T>> until(std::chrono::milliseconds time, ErrorCode late,
                                          boost::asio::awaitable<Result<T>> work,
                                          bool only_reads = false);
  void give_up_waiting();
  boost::asio::awaitable<bool> open();
  boost::asio::awaitable<bool> serve_one();
  boost::asio::awaitable<bool> wait_for_request();
  boost::asio::awaitable<Result<std::size_t>> read_head();
  boost::asio::awaitable<Result<std::size_t>> read_body(std::size_t size);
  boost::asio::awaitable<Result<HttpAnswer>> ask_vault(const PeerName& who, GateHead head,
                                                       bool& close);
  boost::asio::awaitable<Result<HttpAnswer>> make_page(PeerName who, HttpRequest request,
                                                       bool& close);
  boost::asio::awaitable<Result<std::size_t>> fill();
  boost::asio::awaitable<bool> write(const HttpAnswer& answer, HttpMethod method, bool close);
  boost::asio::awaitable<void> refuse(ErrorCode code);
  boost::asio::awaitable<void> finish();
  Bytes take(std::size_t size);
  Result<GateHead> check(std::size_t head_size) const;
  Result<void> check_headers(const HttpAnswer& answer) const;
  bool may_serve() const;

  FrontState& front_;
  std::unique_ptr<ByteStream> stream_;
  std::optional<LeafIdentity> leaf_;  // none without TLS
  Bytes buffer_;                      // received and not yet used
  Deadline deadline_;                 // of what the stream does now
  bool late_ = false;                 // it has passed
  bool only_reads_ = false;           // until it, so that the peer can still be told
  Phase phase_ = Phase::kHandshake;
};

}  // namespace certrelay
