// Durable against un-synced appends: ledger_bench FOLDER [ENTRIES] [ROUNDS]
//
// FOLDER must lie on the disk to be measured, not on tmpfs. Two ledgers, interleaved rounds; each
// round a number of callers append one entry after another. Prints entries a second, the median of
// the rounds' ratios, and the process's CPU time an entry.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <ctime>
#include <filesystem>
#include <iostream>

#include "relay/env/posix_files.hpp"
#include "relay/env/system_clock.hpp"
#include "relay/env/system_entropy.hpp"
#include "relay/ledger/ledger.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

struct World {
  PosixFiles files;
  SystemClock clock;
  SystemEntropy entropy;
  SqliteVfs vfs{files, entropy};
  CheckpointKey key = CheckpointKey::generate("bench.example/ledger").value();

  std::unique_ptr<Ledger> open(const std::string& folder, LedgerStore::Durability durability) {
    std::filesystem::create_directories(folder);
    LedgerOptions options{.path = folder + "/ledger.db", .checkpoint_folder = folder + "/notes"};
    options.durability = durability;
    LedgerStore::create(vfs, files, options.path, key.origin()).value();
    auto ledger = Ledger::open({vfs, files, clock, key, make_thread_driver(), make_thread_driver()},
                               std::move(options))
                      .value();
    ledger->accept_clock(UtcTime{});
    return ledger;
  }
};

Entry intent(Entropy& entropy) {
  Entry entry;
  entry.kind = EntryKind::kProvisionIntent;
  entry.peer = PeerName::parse("center.example").value();
  entry.kiosk = KioskId::parse("KIOSK-1").value();
  entry.transaction = TransactionId::from_bytes(uuid_v4_bytes(random_bytes<16>(entropy))).value();
  entry.certificate_kind = CertificateKind::kJuminhyo;
  entry.register_version = RegisterVersion{.generation = 1, .sequence = 2};
  entry.document = DocumentId::parse("20261122-00000001-ABCD").value();
  entry.document_sha256 = random_bytes<32>(entropy);
  entry.sheets = entry.copies = 1;
  entry.subjects = {random_bytes<16>(entropy)};
  return entry;
}

asio::awaitable<void> caller(Ledger& ledger, Entropy& entropy, std::size_t count) {
  for (std::size_t n = 0; n < count; ++n) {
    const auto entry = intent(entropy);
    (co_await ledger.append(entry)).value();
  }
}

struct Measured {
  double per_second;
  double cpu_us;
};

Measured round(World& world, Ledger& ledger, std::size_t callers, std::size_t entries) {
  asio::io_context io;
  const auto wall = std::chrono::steady_clock::now();
  const auto cpu = cpu_seconds();
  for (std::size_t n = 0; n < callers; ++n) {
    asio::co_spawn(io, caller(ledger, world.entropy, entries / callers), asio::detached);
  }
  io.run();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - wall;
  const auto done = static_cast<double>(entries / callers * callers);
  return {done / seconds.count(), (cpu_seconds() - cpu) * 1e6 / done};
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values.at(values.size() / 2);
}

void compare(World& world, const std::string& folder, std::size_t callers, std::size_t entries,
             std::size_t rounds) {
  const auto name = folder + "/" + std::to_string(callers);
  const auto durable = world.open(name + "-durable", LedgerStore::Durability::kFull);
  const auto loose = world.open(name + "-loose", LedgerStore::Durability::kNone);
  std::vector<double> ratios;
  std::vector<double> rates;
  std::vector<double> cpu;
  for (std::size_t n = 0; n < rounds; ++n) {
    const auto with = round(world, *durable, callers, entries);
    const auto without = round(world, *loose, callers, entries);
    ratios.push_back(with.per_second / without.per_second);
    rates.push_back(with.per_second);
    cpu.push_back(with.cpu_us);
  }
  const auto [least, most] = std::ranges::minmax(ratios);
  std::cout << callers << " callers: " << median(rates) << " durable entries/s ("
            << 1e6 / median(rates) << " us each), " << median(cpu)
            << " us CPU an entry, durable/un-synced " << median(ratios) << " [" << least << ", "
            << most << "]\n";
}

}  // namespace
}  // namespace certrelay

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: ledger_bench FOLDER [ENTRIES] [ROUNDS]\n";
    return 2;
  }
  const std::size_t entries = argc > 2 ? std::stoul(argv[2]) : 6400;
  const std::size_t rounds = argc > 3 ? std::stoul(argv[3]) : 9;
  certrelay::World world;
  for (const std::size_t callers : {1U, 32U, 256U, 1024U}) {
    certrelay::compare(world, argv[1], callers, callers == 1 ? entries / 8 : entries, rounds);
  }
  return 0;
}
