// A ledger of five years against an empty one: ledger_scale_bench FOLDER [ENTRIES] [ROUNDS]
//
// FOLDER must lie on the disk to be measured and hold some 400 bytes an entry twice over. Fills a
// ledger with the entries and the hourly checkpoints of five years, then prints: how long it takes
// to open it with and without its start mark, to verify it as `ledger verify` does and in the
// background, to read out of it what officials ask for, and what durable appends cost in it against
// an empty ledger and against one that does not sync, in interleaved rounds: wall clock, CPU, and
// what does not depend on the machine's load, bytes written and syncs.
#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>

#include "relay/env/posix_files.hpp"
#include "relay/env/system_clock.hpp"
#include "relay/env/system_entropy.hpp"
#include "relay/ledger/ledger.hpp"
#include "relay/ledger/ledger_export.hpp"
#include "relay/ledger/reports/report_reading.hpp"
#include "relay/ledger/verify.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kCallers = 256;
constexpr std::size_t kEachRound = 12'800;
constexpr std::uint64_t kCheckpoints = 43'800;
constexpr UtcTime kBegan{std::chrono::sys_days{std::chrono::year{2021} / 11 / 30}};
constexpr std::chrono::milliseconds kFiveYears{std::chrono::days{1826}};
constexpr std::size_t kFillGroup = 1024;

double seconds_since(std::chrono::steady_clock::time_point begun) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

struct Counts {
  std::atomic<std::uint64_t> bytes{0};
  std::atomic<std::uint64_t> syncs{0};
};

class CountedFile final : public File {
 public:
  CountedFile(std::unique_ptr<File> file, Counts& counts)
      : file_(std::move(file)), counts_(counts) {}
  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) override {
    return file_->read_at(offset, out);
  }
  Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
    counts_.bytes += bytes.size();
    return file_->write_at(offset, bytes);
  }
  Result<void> truncate(std::uint64_t size) override { return file_->truncate(size); }
  Result<std::uint64_t> size() override { return file_->size(); }
  Result<void> sync() override {
    ++counts_.syncs;
    return file_->sync();
  }
  Result<void> lock() override { return file_->lock(); }

 private:
  std::unique_ptr<File> file_;
  Counts& counts_;
};

class CountedFiles final : public Files {
 public:
  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override {
    CERTRELAY_TRY(auto file, files_.open(path, mode));
    return std::unique_ptr<File>(std::make_unique<CountedFile>(std::move(file), counts));
  }
  Result<void> remove(const std::string& path) override { return files_.remove(path); }
  Result<void> rename(const std::string& from, const std::string& to) override {
    return files_.rename(from, to);
  }
  Result<void> make_folder(const std::string& path) override { return files_.make_folder(path); }
  Result<void> sync_folder(const std::string& path) override { return files_.sync_folder(path); }
  Result<FileInfo> info(const std::string& path) override { return files_.info(path); }
  Result<std::vector<std::string>> list(const std::string& path) override {
    return files_.list(path);
  }
  Result<Overwriting> overwriting(const std::string& path) override {
    return files_.overwriting(path);
  }
  Counts counts;

 private:
  PosixFiles files_;
};

struct World {
  CountedFiles files;
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
    wished.check_pause = std::chrono::milliseconds(0);
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

// Without a sync: only how many there are and what they say matters.
void hand_out(World& world, const std::string& folder, const ChainState& state) {
  const auto size = std::to_string(state.last.value());
  std::ofstream(World::options(folder).checkpoint_folder + "/checkpoint-" +
                std::string(20 - size.size(), '0') + size)
      << world.key.sign(checkpoint_of(world.key.origin(), state)).value();
}

void fill(World& world, const std::string& folder, std::uint64_t entries) {
  std::filesystem::create_directories(World::options(folder).checkpoint_folder);
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
      const auto done = static_cast<double>(state.last.value()) / static_cast<double>(entries);
      entry.utc = kBegan + std::chrono::milliseconds(static_cast<std::int64_t>(
                               done * static_cast<double>(kFiveYears.count())));
      auto bytes = encode(entry).value();
      extend_chain(state, bytes);
      rows.push_back({entry.sequence, std::move(bytes), state.chain, entry.transaction});
      if (state.last.value() % std::max<std::uint64_t>(1, entries / kCheckpoints) == 0) {
        hand_out(world, folder, state);
      }
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

struct Cost {
  double per_second;
  double cpu;    // seconds
  double bytes;  // written
  double syncs;
};
Cost append_some(World& world, Ledger& ledger) {
  asio::io_context io;
  const auto bytes = world.files.counts.bytes.load();
  const auto syncs = world.files.counts.syncs.load();
  const auto cpu = cpu_seconds();
  const auto begun = std::chrono::steady_clock::now();
  for (std::size_t n = 0; n < kCallers; ++n) {
    asio::co_spawn(io, caller(world, ledger, kEachRound / kCallers), asio::detached);
  }
  io.run();
  return {.per_second = kEachRound / seconds_since(begun),
          .cpu = cpu_seconds() - cpu,
          .bytes = static_cast<double>(world.files.counts.bytes.load() - bytes),
          .syncs = static_cast<double>(world.files.counts.syncs.load() - syncs)};
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

template <class Work>
void timed(const std::string& what, Work work) {
  const auto begun = std::chrono::steady_clock::now();
  work();
  std::cout << what << ": " << seconds_since(begun) << " s\n";
}

void measure_reading(World& world, const std::string& folder) {
  const auto ledger = world.open(folder);
  const LedgerSource source = [&](LedgerSequence after, std::size_t max) {
    return ledger->read_after(after, max);
  };
  const auto last = ledger->health().last;
  const auto report = [&](ReportKind kind, UtcTime at) {
    auto now = ledger->now();
    ReportMaker maker(ReportPeriod::of(kind, at), {.site = "見本市", .operators = {}});
    read_report(std::move(maker),
                {.entries = source,
                 .story = [&](const TransactionId& id) { return ledger->entries_of(id); },
                 .last = now.at.last,
                 .now = std::move(now.state)})
        .value();
  };
  const auto end = kBegan + kFiveYears;
  timed("daily list of the last day", [&] { report(ReportKind::kDaily, end); });
  timed("monthly review, four years old",
        [&] { report(ReportKind::kMonthly, kBegan + kFiveYears / 5); });
  timed("annual report, three years old",
        [&] { report(ReportKind::kAnnual, kBegan + kFiveYears * 2 / 5); });
  timed("a person's history", [&] { read_history(source, last, {}).value(); });
  const EntryRange range{
      .before = LedgerSequence(last.value() - 1000), .last = last, .last_at = end};
  const auto plan = [&] {
    plan_export(source, ledger->milestone_before(range.before), range).value();
  };
  timed("export of the last thousand, no pass yet", plan);
  asio::io_context io;
  asio::co_spawn(io, ledger->run_verification(), asio::detached);
  timed("a pass of the background without its rests", [&] {
    while (ledger->health().check.passes == 0) io.run_one();
  });
  timed("export of the last thousand after it", plan);
  ledger->close().value();
}

void measure_appends(World& world, const std::string& folder, std::size_t rounds) {
  for (const auto* name : {"/empty", "/loose"}) world.create(folder + name);
  const auto full = world.open(folder + "/full");
  const auto empty = world.open(folder + "/empty");
  const auto loose = world.open(folder + "/loose", LedgerStore::Durability::kNone);
  std::map<std::string, std::vector<double>> out;
  for (std::size_t n = 0; n < rounds; ++n) {
    const auto in_full = append_some(world, *full);
    const auto in_empty = append_some(world, *empty);
    const auto in_loose = append_some(world, *loose);
    out["durable entries a second in the full one, 256 callers"].push_back(in_full.per_second);
    out["entries a sync"].push_back(kEachRound / in_full.syncs);
    out["full / empty, entries a second"].push_back(in_full.per_second / in_empty.per_second);
    out["full / empty, CPU"].push_back(in_full.cpu / in_empty.cpu);
    out["full / empty, bytes written"].push_back(in_full.bytes / in_empty.bytes);
    out["full / empty, syncs"].push_back(in_full.syncs / in_empty.syncs);
    out["durable / un-synced, both empty at first"].push_back(in_empty.per_second /
                                                              in_loose.per_second);
    out["bytes written an entry in the full one"].push_back(in_full.bytes / kEachRound);
  }
  for (auto& [what, values] : out) print_ratio(what, std::move(values));
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
  std::cout << std::unitbuf;
  certrelay::World world;
  const auto full = folder + "/full";
  world.create(full);
  const auto begun = std::chrono::steady_clock::now();
  certrelay::fill(world, full, entries);
  std::cout << entries << " entries in " << certrelay::seconds_since(begun) << " s, "
            << std::filesystem::file_size(full + "/ledger.db") / 1'000'000 << " MB\n";
  certrelay::measure_start(world, full);
  certrelay::measure_verify(world, full);
  certrelay::measure_reading(world, full);
  certrelay::measure_appends(world, folder, rounds);
  return 0;
}
