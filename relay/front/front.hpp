// A front: what the program of one listener runs. relay/front/README.md
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "relay/front/session.hpp"
#include "relay/front/tls.hpp"

namespace certrelay {

struct FrontSettings {
  Role role;
  std::vector<int> listening_fds;  // bound and listening TCP sockets, owned from now on
  std::optional<TlsServer> tls;    // none only for monitoring (CHECK)
  PeerTable peers;                 // empty without TLS
  FrontLimits limits;
  PageMaker pages = {};
};

// Everything happens on the thread that runs the executor; the members may be called there alone.
class Front {
 public:
  // `clock` must outlive it.
  Front(boost::asio::any_io_executor executor, Clock& clock, FrontSettings settings);

  // Serves until drain() was called and the last connection has ended. Call it once; the front
  // must outlive it.
  boost::asio::awaitable<void> run();

  // A connected Unix stream socket to the vault, owned from now on. The one before is broken off:
  // what waits for an answer there gets an unsigned 503.
  void set_link(int fd) { state_.link.set_link(fd); }
  // For connections that come from now on.
  void set_tls(TlsServer tls) { tls_ = std::move(tls); }
  // Holds from the next request on; connections that no longer match are closed at once.
  void set_peers(PeerTable peers);
  // No new connection; idle ones end now, busy ones after their answer, at the latest when
  // limits.drain_ms have passed.
  void drain();

  std::size_t connections() const { return state_.sessions.size(); }
  bool is_serving() const { return state_.link.is_serving(); }

 private:
  boost::asio::awaitable<void> accept_loop(boost::asio::ip::tcp::acceptor& acceptor);
  boost::asio::awaitable<void> report_loop();
  boost::asio::awaitable<void> run_session(std::shared_ptr<Session> session, std::uint64_t id);
  boost::asio::awaitable<bool> sleep(std::chrono::milliseconds duration);
  void admit(boost::asio::ip::tcp::socket socket);
  void give_way();
  void report();
  void spawn(boost::asio::awaitable<void> life);

  boost::asio::any_io_executor executor_;
  std::optional<TlsServer> tls_;
  FrontState state_;
  std::vector<boost::asio::ip::tcp::acceptor> acceptors_;
  Event draining_;
  Event all_ended_;
  std::size_t lives_ = 0;  // coroutines under way
  std::uint64_t next_id_ = 1;
};

}  // namespace certrelay
