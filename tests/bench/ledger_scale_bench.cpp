// A ledger of five years against an empty one: ledger_scale_bench FOLDER [ENTRIES] [ROUNDS]
//
// FOLDER must lie on the disk to be measured and hold some 400 bytes an entry twice over. Fills a
// ledger, then prints: how long it takes to open it with and without its start mark, to verify it
// as `ledger verify` does, and what durable appends cost in it against an empty ledger and against
// one that does not sync, in interleaved rounds.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <iostream>
#include <random>

#include "relay/env/posix_files.hpp"
#include "relay/env/system_clock.hpp"
#include "relay/env/system_entropy.hpp"
#include "relay/ledger/ledger.hpp"
#include "relay/ledger/verify.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kCallers = 64;
constexpr std::size_t kEachRound = 12'800;
constexpr std::size_t kFillGroup = 1024;

double seconds_since(std::chrono::steady_clock::time_point begun) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

struct World {
  PosixFiles files;
  SystemClock clock;
  SystemEntropy entropy;
  SqliteVfs vfs{files, entropy};
  CheckpointKey key = CheckpointKey::generate("bench.example/ledger").value();
  std::mt19937_64 random{1};

  static LedgerOptions options(const std::string& folder) {
    return {.path = folder + "/ledger.db", .checkpoint_folder = folder + "/notes"};
  }
  void create(const std::string& folder) {
    std::filesystem::create_directories(folder);
    LedgerStore::create(vfs, files, options(folder).path, key.origin()).value();
  }
  std::unique_ptr<Ledger> open(const std::string& folder, LedgerStore::Durability durability =
                                                              LedgerStore::Durability::kFull) {
    auto wished = options(folder);
    wished.durability = durability;
    auto ledger = Ledger::open({vfs, files, clock, key, make_thread_driver(), make_thread_driver()},
                               std::move(wished))
                      .value();
    ledger->accept_clock(UtcTime{});
    return ledger;
  }
  template <std::size_t N>
  std::array<std::uint8_t, N> chance() {
    std::array<std::uint8_t, N> out{};
    std::ranges::generate(out, [this] { return static_cast<std::uint8_t>(random()); });
    return out;
  }
  // As large as an intent is.
  Entry intent() {
    Entry entry;
    entry.kind = EntryKind::kProvisionIntent;
    entry.peer = PeerName::parse("center.example").value();
    entry.kiosk = KioskId::parse("KIOSK-1").value();
    entry.transaction = TransactionId::from_bytes(uuid_v4_bytes(chance<16>())).value();
    entry.certificate_kind = CertificateKind::kJuminhyo;
    entry.register_version = RegisterVersion{.generation = 1, .sequence = 2};
    entry.document = DocumentId::parse("20261122-00000001-ABCD").value();
    entry.document_sha256 = chance<32>();
    entry.sheets = entry.copies = 1;
    entry.subjects = {chance<16>()};
    return entry;
  }
  // What closes it, so that five years of them are not five years of open transactions.
  static Entry event(const Entry& intent) {
    Entry entry;
    entry.kind = EntryKind::kEvent;
    entry.transaction = intent.transaction;
    entry.event = RecordedEvent::kPrinted;
    return entry;
  }
};

void fill(World& world, const std::string& folder, std::uint64_t entries) {
  auto store =
      LedgerStore::open(world.vfs, World::options(folder).path, LedgerStore::Durability::kNone)
          .value();
  auto state = store.stated();
  std::optional<Entry> open;
  while (state.last.value() < entries) {
    std::vector<LedgerRow> rows;
    while (rows.size() < kFillGroup && state.last.value() < entries) {
      auto entry = open ? World::event(*open) : world.intent();
      open = open ? std::nullopt : std::optional(entry);
      entry.sequence = state.last.next();
      entry.utc = UtcTime(std::chrono::milliseconds(1'700'000'000'000));
      auto bytes = encode(entry).value();
      extend_chain(state, bytes);
      rows.push_back({entry.sequence, std::move(bytes), state.chain, entry.transaction});
    }
    store.commit(rows, state).value();
    store.tidy(false).value();
  }
  store.tidy(true).value();
}

asio::awaitable<void> caller(World& world, Ledger& ledger, std::size_t count) {
  for (std::size_t n = 0; n < count / 2; ++n) {
    const auto entry = world.intent();
    (co_await ledger.append(entry)).value();
    (co_await ledger.append(World::event(entry))).value();
  }
}

// Entries a second.
double append_some(World& world, Ledger& ledger) {
  asio::io_context io;
  const auto begun = std::chrono::steady_clock::now();
  for (std::size_t n = 0; n < kCallers; ++n) {
    asio::co_spawn(io, caller(world, ledger, kEachRound / kCallers), asio::detached);
  }
  io.run();
  return kEachRound / seconds_since(begun);
}

void print_ratio(const std::string& what, std::vector<double> values) {
  std::ranges::sort(values);
  std::cout << what << ": " << values.at(values.size() / 2) << " [" << values.front() << ", "
            << values.back() << "]\n";
}

void measure_start(World& world, const std::string& folder) {
  for (const bool mark : {false, true}) {
    if (!mark) remove_start_mark(world.files, World::options(folder).path).value();
    const auto begun = std::chrono::steady_clock::now();
    const auto ledger = world.open(folder);
    std::cout << "opened " << (mark ? "with its mark" : "without a mark") << ", "
              << ledger->read_at_start() << " entries read: " << seconds_since(begun) << " s\n";
    asio::io_context io;
    asio::co_spawn(io, caller(world, *ledger, 2), asio::detached);
    io.run();
    ledger->close().value();
  }
}

void measure_verify(World& world, const std::string& folder) {
  CheckpointFolder notes(world.files, World::options(folder).checkpoint_folder);
  const auto begun = std::chrono::steady_clock::now();
  const auto report =
      verify_ledger(world.vfs, World::options(folder).path, notes, world.key.verifier()).value();
  const auto took = seconds_since(begun);
  std::cout << (report.finding ? "DAMAGED" : "verified") << ", file's structure included: " << took
            << " s, " << static_cast<double>(report.last.value()) / took * 60 / 1e6
            << " million a minute\n";
}

void measure_appends(World& world, const std::string& folder, std::size_t rounds) {
  for (const auto* name : {"/empty", "/loose"}) world.create(folder + name);
  const auto full = world.open(folder + "/full");
  const auto empty = world.open(folder + "/empty");
  const auto loose = world.open(folder + "/loose", LedgerStore::Durability::kNone);
  std::vector<double> to_empty;
  std::vector<double> to_loose;
  std::vector<double> rates;
  for (std::size_t n = 0; n < rounds; ++n) {
    const auto in_full = append_some(world, *full);
    const auto in_empty = append_some(world, *empty);
    const auto in_loose = append_some(world, *loose);
    rates.push_back(in_full);
    to_empty.push_back(in_full / in_empty);
    to_loose.push_back(in_empty / in_loose);
  }
  print_ratio("durable entries a second in the full one, 64 callers", rates);
  print_ratio("full / empty", to_empty);
  print_ratio("durable / un-synced, both empty at first", to_loose);
}

}  // namespace
}  // namespace certrelay

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: ledger_scale_bench FOLDER [ENTRIES] [ROUNDS]\n";
    return 2;
  }
  const std::string folder = argv[1];
  const std::uint64_t entries = argc > 2 ? std::stoull(argv[2]) : 5'000'000;
  const std::size_t rounds = argc > 3 ? std::stoul(argv[3]) : 9;
  certrelay::World world;
  const auto full = folder + "/full";
  world.create(full);
  const auto begun = std::chrono::steady_clock::now();
  certrelay::fill(world, full, entries);
  std::cout << entries << " entries in " << certrelay::seconds_since(begun) << " s, "
            << std::filesystem::file_size(full + "/ledger.db") / 1'000'000 << " MB\n";
  certrelay::measure_start(world, full);
  certrelay::measure_verify(world, full);
  certrelay::measure_appends(world, folder, rounds);
  return 0;
}
