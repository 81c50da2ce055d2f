// The vault as one object: everything that a configuration names, opened in order, wired together.
// Only here do the rooms of relay/ meet.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "firmware/daemon/config.hpp"
#include "firmware/daemon/front_session.hpp"
#include "firmware/daemon/health.hpp"
#include "firmware/fetch/fetch_client.hpp"
#include "relay/env/entropy.hpp"
#include "relay/env/files.hpp"

namespace certrelay {

class Vault {
 public:
  struct Seams {
    Clock& clock;
    Entropy& entropy;
    Files& files;
    // How certrelay-fetch is reached, where [ocsp] is configured; absent: by its socket's path.
    ConnectFetch connect_fetch = {};
  };

  // Opens keys, card trust, fonts, ledger and register. Throws StartFailure. `config` and the seams
  // must outlive it.
  static std::unique_ptr<Vault> open(const Config& config, Seams seams);
  virtual ~Vault() = default;

  // To be awaited before the first request: closes what an earlier run left unfinished and writes
  // the boot entry. Throws StartFailure.
  virtual boost::asio::awaitable<void> begin() = 0;
  // INV-12. To be awaited after begin(), beside everything else: from its success on the center is
  // served; a mismatch latches the alarm, and the center is not served until another start.
  virtual boost::asio::awaitable<void> self_test() = 0;
  // Deadlines, refusal counts, checkpoints and the like: each to be run beside the others, until
  // it is cancelled on the executor that runs it and no other.
  virtual std::vector<boost::asio::awaitable<void>> housekeeping() = 0;
  // What each role may ask; the role's own column and nothing else.
  virtual FrontVerbs verbs(Role role) = 0;
  virtual Health health() = 0;
  // Reads again what a reload takes, off the workers: requests go on with what was in force, and it
  // stays in force when the new is bad, which stderr and the ledger tell. `wanted`, `text`: the
  // configuration as the parent read it. `done`: with the digest of what is in force then, on any
  // thread. Any thread; one at a time.
  virtual void reload(Digest wanted, std::string text, std::function<void(const Digest&)> done) = 0;
  // The last entries and a checkpoint.
  virtual boost::asio::awaitable<void> end() = 0;
  virtual void close() = 0;
};

}  // namespace certrelay
