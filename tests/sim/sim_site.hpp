// One relay below TLS on one simulated machine: the real front, issuance, ledger, register and page
// on connections in memory, a disk that forgets and a clock that a seed moves. It can lose its
// power and start again.
#pragma once

#include <boost/asio/io_context.hpp>

#include "relay/issuance/issuance.hpp"
#include "relay/ledger/ledger.hpp"
#include "relay/registry/registry_verbs.hpp"
#include "tests/sim/sim_city.hpp"
#include "tests/sim/sim_front.hpp"
#include "tests/support/forgetful_files.hpp"
#include "tests/support/memory_ports.hpp"
#include "tests/support/seeded_entropy.hpp"
#include "tests/support/sim_clock.hpp"

namespace certrelay::testing {

// Defects that are put around the relay, by composition; none by default.
struct SimPlants {
  using Wrapped = std::function<std::unique_ptr<RegisterPort>(const RegisterPort&)>;
  using Delivery = std::function<boost::asio::awaitable<HttpAnswer>(HttpAnswer, SimClock&)>;
  Wrapped reg;        // between register and issuance
  Delivery delivery;  // of documents, between vault and center
};

class SimSite {
 public:
  SimSite(std::uint64_t seed, SimPlants plants);
  ~SimSite();
  SimSite(const SimSite&) = delete;
  SimSite& operator=(const SimSite&) = delete;

  // Power goes, then comes back; what was not durable may be gone. Every coroutine of before is
  // dropped where it waited.
  void crash();
  // What the ledger's file holds after a last power cut. The site must not be used afterwards.
  std::vector<Entry> close_and_read();

  // Through the front. Status 0: no answer came.
  boost::asio::awaitable<HttpAnswer> call(HttpMethod method, std::string path, Bytes body,
                                          PeerName peer, LineFate fate = {});
  // Runs what is ready, and what that makes ready.
  void run_ready();
  // As the source system sends it, signed and sealed. The status, 0 when it could not be sent.
  boost::asio::awaitable<int> change(std::uint64_t generation, std::uint64_t sequence, Bytes clear);
  // Builds and activates the city's extract as the push does. False: refused, nothing has changed.
  bool swap(const SimCity& city);
  // A second process on the same files, while this one runs: why it does not start.
  ErrorCode start_second_ledger();

  std::uint64_t chance(std::uint64_t below) { return random_() % below; }
  boost::asio::io_context& io() { return *running_->io; }
  Ledger& ledger() { return *running_->ledger; }
  SealedRegister& reg() { return *running_->reg; }
  Issuance& issuance() { return *running_->issuance; }
  AlarmLatch& alarm() { return running_->alarm; }

  ForgetfulFiles files;
  SimClock clock;
  SeededEntropy entropy;
  const PeerName center = PeerName::parse("jlis-center").value();
  const PeerName stranger = PeerName::parse("somebody-else").value();
  const MunicipalityCode municipality = MunicipalityCode::parse("392901").value();

 private:
  struct Running {
    std::unique_ptr<boost::asio::io_context> io;
    std::unique_ptr<Ledger> ledger;
    std::unique_ptr<SealedRegister> reg;
    std::unique_ptr<LedgerPort> slow_ledger;
    std::unique_ptr<RegisterPort> slow_register;
    std::unique_ptr<RegisterPort> planted_register;
    AlarmLatch alarm;
    RefusalCounts refusals;
    ServiceOrders orders;
    std::unique_ptr<Issuance> issuance;
    std::unique_ptr<RegistryVerbs> verbs;
    std::unique_ptr<SimFront> front;
  };
  RegisterEnv env() { return {&files, &entropy, &clock}; }
  void start();
  void stop();
  Ledger::Parts ledger_parts();

  std::mt19937_64 random_;
  SimPlants plants_;
  SqliteVfs vfs_{files, entropy};
  RegisterSettings settings_;
  LedgerOptions ledger_options_;
  MemoryCards cards_;
  const FeederKey& feeder_;
  FeederVerifier verifier_;
  std::unique_ptr<Running> running_;
};

}  // namespace certrelay::testing
