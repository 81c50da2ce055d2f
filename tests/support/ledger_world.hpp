// A ledger on a disk that forgets, with simulated time, run by the test's own io_context.
#pragma once

#include <boost/asio/io_context.hpp>

#include "relay/ledger/ledger.hpp"
#include "tests/support/forgetful_files.hpp"
#include "tests/support/seeded_entropy.hpp"
#include "tests/support/sim_clock.hpp"

namespace certrelay::testing {

inline constexpr std::string_view kLedgerOrigin = "ledger.example/393274";

// The n-th of the transactions that tests use.
TransactionId transaction(std::uint8_t n);
Entry entry_of(EntryKind kind, std::optional<TransactionId> id = std::nullopt);
// One signing key for all tests of a program.
const CheckpointKey& checkpoint_key();

class LedgerWorld {
 public:
  static constexpr std::size_t kReserveBytes = std::size_t{64} << 10U;
  using Answer = std::optional<Result<LedgerSequence>>;

  LedgerWorld();
  ~LedgerWorld() { clock.forget_alarms(); }
  LedgerWorld(const LedgerWorld&) = delete;
  LedgerWorld& operator=(const LedgerWorld&) = delete;

  Result<void> create();
  // Opens with the simulation's driver; closes what was open.
  Result<void> open();
  // create(), open(), and the clock is accepted (CHECK).
  void start();

  // Begins an append; the answer is there after run().
  std::shared_ptr<Answer> begin(Entry entry, LedgerPort::Guard guard = {});
  // The writer's io_context, then the background's unless that hangs.
  void run();
  Result<LedgerSequence> append(Entry entry, LedgerPort::Guard guard = {});
  Result<std::size_t> close_unfinished();
  // The next interval of Ledger::run_checkpoints, which start_checkpoints() has begun.
  void start_checkpoints();
  void pass_interval();
  // The same of Ledger::run_store_watch.
  void start_watch();
  // A whole pass of Ledger::run_verification, from its beginning.
  LedgerCheckHealth verify_all();

  // The stored entries of the closed ledger; CHECKs that they verify.
  std::vector<Entry> stored();

  ForgetfulFiles files;
  SimClock clock;
  SeededEntropy entropy{1};
  SqliteVfs vfs{files, entropy};
  boost::asio::io_context io;
  boost::asio::io_context background;
  bool background_hangs = false;  // as where the checkpoints' disk does not answer
  LedgerOptions options;
  std::unique_ptr<Ledger> ledger;
};

// Appends from several threads, each with an io_context of its own; the numbers that came back.
std::vector<std::uint64_t> append_from_threads(Ledger& ledger, std::size_t threads,
                                               std::size_t each);

}  // namespace certrelay::testing
