// Goal: a killed process loses no entry that it acknowledged (R41, INV-8).
// Method: a child appends on a real file system and tells each acknowledged number through a pipe;
// it is killed (SIGKILL) after a seeded count of them, in the midst of the next group. 200 times,
// or CERTRELAY_KILLS times; each hundred begins a ledger. What a power cut leaves is
// power_cut_test.cpp's.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <csignal>
#include <cstdlib>
#include <random>

#include "relay/env/posix_files.hpp"
#include "relay/ledger/verify.hpp"
#include "tests/support/ledger_world.hpp"
#include "tests/support/temp_folder.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;
using testing::entry_of;
using testing::transaction;

asio::awaitable<void> append_for_ever(Ledger& ledger, int out) {
  for (;;) {
    const auto got = co_await ledger.append(entry_of(EntryKind::kProvisionIntent, transaction(1)));
    const std::uint64_t number = got ? got.value().value() : 0;
    if (!got || ::write(out, &number, sizeof(number)) != sizeof(number)) co_return;
  }
}

struct Site {
  explicit Site(const testing::TempFolder& folder) : path(folder / "ledger") {
    options.path = path;
    options.checkpoint_folder = folder / "checkpoints";
    options.reserve_bytes = testing::LedgerWorld::kReserveBytes;
  }
  Result<std::unique_ptr<Ledger>> open(std::unique_ptr<CommitDriver> driver) {
    return Ledger::open({.vfs = vfs,
                         .files = files,
                         .clock = clock,
                         .key = testing::checkpoint_key(),
                         .driver = std::move(driver),
                         .background = make_thread_driver()},
                        options);
  }
  std::string path;
  PosixFiles files;
  testing::SimClock clock;
  testing::SeededEntropy entropy{1};
  SqliteVfs vfs{files, entropy};
  LedgerOptions options;
};

[[noreturn]] void live_until_killed(const testing::TempFolder& folder, int out) {
  Site site(folder);
  auto ledger = site.open(make_thread_driver());
  if (!ledger) ::_exit(1);
  asio::io_context io;
  for (int n = 0; n < 8; ++n) {
    asio::co_spawn(io, append_for_ever(*ledger.value(), out), asio::detached);
  }
  io.run();
  ::_exit(2);
}

// The highest number that the child told before it died.
std::uint64_t kill_after(const testing::TempFolder& folder, std::uint64_t count) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return 0;
  const auto child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    live_until_killed(folder, ends[1]);
  }
  ::close(ends[1]);
  std::uint64_t told = 0;
  std::uint64_t number = 0;
  for (std::uint64_t n = 0; ::read(ends[0], &number, sizeof(number)) == sizeof(number); ++n) {
    told = std::max(told, number);
    if (n == count) ::kill(child, SIGKILL);
  }
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return told;
}

void kill_often(int kills, std::mt19937_64& chance) {
  const testing::TempFolder folder;
  Site site(folder);
  ASSERT_TRUE(
      LedgerStore::create(site.vfs, site.files, site.path, testing::kLedgerOrigin).has_value());
  for (int n = 0; n < kills; ++n) {
    SCOPED_TRACE(n);
    const auto told = kill_after(folder, chance() % 40);
    ASSERT_GT(told, 0U);
    CheckpointFolder checkpoints(site.files, site.options.checkpoint_folder);
    const auto report = verify_ledger(site.vfs, site.path, checkpoints, std::nullopt);
    ASSERT_TRUE(report.has_value());
    EXPECT_FALSE(report.value().finding.has_value());
    EXPECT_GE(report.value().last.value(), told);
  }
}

TEST(LedgerKillTest, NoAcknowledgedEntryIsLostWhenTheProcessIsKilled) {
  const char* const wished = std::getenv("CERTRELAY_KILLS");
  const int kills = wished != nullptr ? std::atoi(wished) : 200;
  constexpr int kEachLedger = 100;
  std::mt19937_64 chance(1);
  for (int n = 0; n < kills; n += kEachLedger) {
    SCOPED_TRACE(n);
    kill_often(std::min(kEachLedger, kills - n), chance);
  }
}

}  // namespace
}  // namespace certrelay
