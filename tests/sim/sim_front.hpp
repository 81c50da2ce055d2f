// The center's front of the simulated relay: the real sessions, gate, HTTP, frames and link, on
// connections in memory and simulated time, and the vault's end of that link.
#pragma once

#include "firmware/daemon/front_session.hpp"
#include "relay/front/session.hpp"
#include "tests/support/sim_clock.hpp"

namespace certrelay::testing {

// Pieces of requests by what the front had done when the next one came.
struct PieceTally {
  std::size_t read = 0;
  std::size_t unread = 0;  // both came as one
};

// What becomes of a connection on its way.
struct LineFate {
  std::size_t pieces = 1;       // the request arrives in so many, each read before the next comes
  PieceTally* tally = nullptr;  // outlives the call
  bool lost = false;            // the line breaks before the answer's first byte is read
};

// One thread: the vault's executor and the front's own are run in turn.
class SimFront {
 public:
  // `vault`: where the verbs work and the callers wait. All outlive it but `vault`'s coroutines.
  SimFront(boost::asio::io_context& vault, SimClock& clock, std::vector<PeerName> peers,
           FrontVerbs verbs);
  // As a process that is killed.
  ~SimFront();
  SimFront(const SimFront&) = delete;
  SimFront& operator=(const SimFront&) = delete;

  // One request on a connection of its own. Status 0: no answer came.
  boost::asio::awaitable<HttpAnswer> call(PeerName peer, HttpRequest request, LineFate fate);

  // Runs what is ready here. False: nothing was.
  bool run_ready();

 private:
  struct Line;
  void open(const std::shared_ptr<Line>& line);

  boost::asio::io_context& vault_;
  boost::asio::io_context io_{1};
  std::vector<PeerName> names_;
  FrontState front_;
  std::uint64_t next_ = 1;
};

}  // namespace certrelay::testing
