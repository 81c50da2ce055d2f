#include "tests/support/ledger_world.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <thread>

#include "protocol/base/check.hpp"

namespace certrelay::testing {
namespace {

namespace asio = boost::asio;

template <class T>
asio::awaitable<void> keep(asio::awaitable<T> work, std::shared_ptr<std::optional<T>> out) {
  out->emplace(co_await std::move(work));
}

asio::awaitable<void> append_some(Ledger& ledger, std::size_t count,
                                  std::vector<std::uint64_t>& out) {
  for (std::size_t n = 0; n < count; ++n) {
    const auto got = co_await ledger.append(entry_of(EntryKind::kOpened, transaction(1)));
    out.push_back(got.value().value());
    CERTRELAY_CHECK(ledger.knows_transaction(transaction(1)).value());
  }
}

}  // namespace

TransactionId transaction(std::uint8_t n) {
  std::array<std::uint8_t, 16> bytes{};
  bytes.back() = n;
  return TransactionId::from_bytes(uuid_v4_bytes(bytes)).value();
}

Entry entry_of(EntryKind kind, std::optional<TransactionId> id) {
  Entry entry;
  entry.kind = kind;
  entry.transaction = std::move(id);
  return entry;
}

const CheckpointKey& checkpoint_key() {
  static const auto key = CheckpointKey::generate(kLedgerOrigin).value();
  return key;
}

LedgerWorld::LedgerWorld() {
  options.path = "ledger";
  options.checkpoint_folder = "checkpoints";
  options.reserve_bytes = kReserveBytes;
}

Result<void> LedgerWorld::create() {
  return LedgerStore::create(vfs, files, options.path, kLedgerOrigin);
}

Result<void> LedgerWorld::open() {
  ledger.reset();
  auto opened = Ledger::open({.vfs = vfs,
                              .files = files,
                              .clock = clock,
                              .key = checkpoint_key(),
                              .driver = make_executor_driver(io.get_executor()),
                              .background = make_executor_driver(background.get_executor())},
                             options);
  if (!opened) return opened.error();
  ledger = std::move(opened).value();
  return ok();
}

void LedgerWorld::start() {
  CERTRELAY_CHECK(create().has_value());
  CERTRELAY_CHECK(open().has_value());
  CERTRELAY_CHECK(ledger->accept_clock(UtcTime{}));
}

void LedgerWorld::run() {
  run_ready(io);
  if (!background_hangs) run_ready(background);
}

std::shared_ptr<LedgerWorld::Answer> LedgerWorld::begin(Entry entry, LedgerPort::Guard guard) {
  auto answer = std::make_shared<Answer>();
  asio::co_spawn(io, keep(ledger->append(std::move(entry), std::move(guard)), answer),
                 asio::detached);
  return answer;
}

Result<LedgerSequence> LedgerWorld::append(Entry entry, LedgerPort::Guard guard) {
  const auto answer = begin(std::move(entry), std::move(guard));
  run();
  return answer->value();
}

Result<std::size_t> LedgerWorld::close_unfinished() {
  auto answer = std::make_shared<std::optional<Result<std::size_t>>>();
  asio::co_spawn(io, keep(ledger->close_unfinished(), answer), asio::detached);
  run();
  return answer->value();
}

void LedgerWorld::start_checkpoints() {
  asio::co_spawn(io, ledger->run_checkpoints(), asio::detached);
  run();
}

void LedgerWorld::start_watch() {
  asio::co_spawn(io, ledger->run_store_watch(), asio::detached);
  run();
}

LedgerCheckHealth LedgerWorld::verify_all() {
  const auto before = ledger->health().check.passes;
  asio::co_spawn(io, ledger->run_verification(), asio::detached);
  run();
  while (ledger->health().check.passes == before) pass_interval();
  return ledger->health().check;
}

void LedgerWorld::pass_interval() {
  CERTRELAY_CHECK(clock.advance());
  run();
}

std::vector<Entry> LedgerWorld::stored() {
  ledger.reset();
  std::vector<Entry> out;
  auto store = LedgerStore::open(vfs, options.path).value();
  const auto finding = store.walk([&](const Entry& entry, ByteView, const ChainState&) {
    out.push_back(entry);
    return Result<void>(ok());
  });
  CERTRELAY_CHECK(!finding.value().has_value());
  return out;
}

std::vector<std::uint64_t> append_from_threads(Ledger& ledger, std::size_t threads,
                                               std::size_t each) {
  std::vector<std::vector<std::uint64_t>> numbers(threads);
  std::vector<std::thread> running;
  for (auto& mine : numbers) {
    running.emplace_back([&mine, &ledger, each] {
      asio::io_context own;
      asio::co_spawn(own, append_some(ledger, each, mine), asio::detached);
      own.run();  // must not return before the answers are there
    });
  }
  for (auto& thread : running) thread.join();
  std::vector<std::uint64_t> all;
  for (const auto& mine : numbers) all.insert(all.end(), mine.begin(), mine.end());
  return all;
}

}  // namespace certrelay::testing
