#include "relay/ledger/ledger_store.hpp"

#include <algorithm>

#include "protocol/base/check.hpp"
#include "relay/ports/ledger_port.hpp"

namespace certrelay {
namespace {

// user_version is the schema's number, application_id the file's kind ("cRL1").
constexpr std::int64_t kSchemaVersion = 1;
constexpr std::int64_t kApplicationId = 0x63524C31;

constexpr const char* kSchema =
    "BEGIN EXCLUSIVE;"
    "PRAGMA application_id=0x63524C31; PRAGMA user_version=1;"
    "CREATE TABLE entry("
    "  sequence INTEGER PRIMARY KEY, bytes BLOB NOT NULL, chain BLOB NOT NULL,"
    "  transaction_id BLOB) STRICT;"
    "CREATE INDEX entry_by_transaction ON entry(transaction_id) WHERE transaction_id NOT NULL;"
    "CREATE TABLE state("
    "  id INTEGER PRIMARY KEY CHECK(id = 1), origin TEXT NOT NULL, last INTEGER NOT NULL,"
    "  chain BLOB NOT NULL, tree BLOB NOT NULL) STRICT;";

// The log goes into the table by tidy() alone: SQLite's own checkpoint would swallow a failed sync.
// The cache (KiB) holds what the largest group changes of the index (decision 0128).
constexpr const char* kFull =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
    "PRAGMA cache_size=-8192;";
constexpr const char* kNone =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA wal_autocheckpoint=0;"
    "PRAGMA cache_size=-8192;";

constexpr std::size_t kLogPagesMax = 4000;   // 16 MiB
constexpr std::size_t kPagesEachCommit = 3;  // the state, the ends of the table and the index

Result<std::int64_t> pragma(Database& database, const char* sql) {
  CERTRELAY_TRY(auto statement, database.prepare(sql));
  CERTRELAY_TRY(const auto row, statement.step());
  if (!row) return Error{ErrorCode::kStoreCorrupt, "ledger: no answer to a pragma"};
  return statement.integer(0);
}

Result<void> check_version(Database& database) {
  CERTRELAY_TRY(const auto application, pragma(database, "PRAGMA application_id"));
  CERTRELAY_TRY(const auto version, pragma(database, "PRAGMA user_version"));
  if (application != kApplicationId || version != kSchemaVersion) {
    return Error{ErrorCode::kStoreVersion, "ledger: not a ledger of this version"};
  }
  return ok();
}

Result<void> write_empty(const SqliteVfs& vfs, const std::string& path, std::string_view origin) {
  CERTRELAY_TRY(auto database, Database::open(vfs, path, Database::Access::kCreate));
  CERTRELAY_TRY(database.execute("PRAGMA synchronous=FULL"));
  CERTRELAY_TRY(database.execute(kSchema));
  const auto empty = empty_chain(origin);
  const auto tree = empty.tree.encode();
  {
    CERTRELAY_TRY(auto insert, database.prepare("INSERT INTO state VALUES(1, ?1, 0, ?2, ?3)"));
    insert.bind_text(1, origin);
    insert.bind(2, empty.chain);
    insert.bind(3, tree);
    CERTRELAY_TRY(insert.run());
  }
  return database.execute("COMMIT");
}

// A store opened for reading only has no statements that write: asking it to is a bug.
Statement& prepared(std::optional<Statement>& statement) {
  CERTRELAY_CHECK(statement.has_value());
  return *statement;
}

std::int64_t as_integer(LedgerSequence sequence) {
  return static_cast<std::int64_t>(sequence.value());
}

Result<Entry> verify_columns(ChainState& state, std::int64_t sequence, ByteView bytes,
                             ByteView chain, const std::optional<ByteView>& transaction) {
  auto next = state;
  CERTRELAY_TRY(auto entry, verify_next(next, bytes, chain));
  const bool same = entry.transaction ? transaction && std::ranges::equal(
                                                           entry.transaction->bytes(), *transaction)
                                      : !transaction;
  if (sequence != as_integer(entry.sequence) || !same) {
    return Error{ErrorCode::kChainBroken, "ledger: a row's columns and its entry disagree"};
  }
  state = std::move(next);
  return entry;
}

}  // namespace

LedgerStore::LedgerStore(Database database, std::string origin, ChainState stated)
    : database_(std::move(database)), origin_(std::move(origin)), stated_(std::move(stated)) {}

Result<void> LedgerStore::create(const SqliteVfs& vfs, Files& files, const std::string& path,
                                 std::string_view origin) {
  if (files.info(path)) return Error{ErrorCode::kAlreadyExists, "ledger: a file is there"};
  // Under another name until it is whole; what an interrupted attempt left is thrown away.
  const auto fresh = path + ".new";
  for (const auto* suffix : {"", "-wal", "-journal"}) {
    const auto removed = files.remove(fresh + suffix);
    if (!removed && removed.error().code != ErrorCode::kNotFound) return removed.error();
  }
  CERTRELAY_TRY(write_empty(vfs, fresh, origin));
  CERTRELAY_TRY(files.rename(fresh, path));
  return files.sync_folder(folder_of(path));
}

Result<LedgerStore> LedgerStore::read_state(Database database) {
  CERTRELAY_TRY(check_version(database));
  ChainState state;
  std::string origin;
  {
    CERTRELAY_TRY(auto select, database.prepare("SELECT origin, last, chain, tree FROM state"));
    CERTRELAY_TRY(const auto row, select.step());
    if (!row || select.blob(2).size() != state.chain.size()) {
      return Error{ErrorCode::kStoreCorrupt, "ledger: no state"};
    }
    origin = select.text(0);
    state.last = LedgerSequence(static_cast<std::uint64_t>(select.integer(1)));
    std::ranges::copy(select.blob(2), state.chain.begin());
    CERTRELAY_TRY(state.tree, MerkleFrontier::parse(select.blob(3)));
  }
  LedgerStore store(std::move(database), std::move(origin), std::move(state));
  CERTRELAY_TRY(store.read_pruning());
  CERTRELAY_TRY(store.find_,
                store.database_.prepare("SELECT 1 FROM entry WHERE transaction_id = ?1 LIMIT 1"));
  CERTRELAY_TRY(
      store.entries_of_,
      store.database_.prepare(
          "SELECT bytes FROM entry WHERE transaction_id = ?1 ORDER BY sequence LIMIT ?2"));
  return store;
}

Result<LedgerStore> LedgerStore::open(const SqliteVfs& vfs, const std::string& path,
                                      Durability durability) {
  CERTRELAY_TRY(auto database, Database::open(vfs, path, Database::Access::kReadWrite));
  // tidy() alone moves it: after a failure nobody may.
  database.keep_log_on_close(true);
  CERTRELAY_TRY(database.execute(durability == Durability::kFull ? kFull : kNone));
  CERTRELAY_TRY(auto store, read_state(std::move(database)));
  CERTRELAY_TRY(store.prepare());
  return store;
}

Result<LedgerStore> LedgerStore::open_read_only(const SqliteVfs& vfs, const std::string& path) {
  CERTRELAY_TRY(auto database, Database::open(vfs, path, Database::Access::kReadOnly));
  return read_state(std::move(database));
}

Result<void> LedgerStore::write_log_again(Files& files, const std::string& path) {
  constexpr std::size_t kPiece = std::size_t{1} << 20U;
  const auto log = files.open(path + "-wal", OpenMode::kReadWrite);
  if (!log && log.error().code == ErrorCode::kNotFound) return ok();
  if (!log) return log.error();
  Bytes piece(kPiece);
  for (std::uint64_t offset = 0;;) {
    CERTRELAY_TRY(const auto got, log.value()->read_at(offset, piece));
    if (got == 0) break;
    CERTRELAY_TRY(log.value()->write_at(offset, ByteView(piece).first(got)));
    offset += got;
  }
  CERTRELAY_TRY(log.value()->sync());
  return files.sync_folder(folder_of(path));
}

Result<void> LedgerStore::prepare() {
  CERTRELAY_TRY(insert_, database_.prepare("INSERT INTO entry VALUES(?1, ?2, ?3, ?4)"));
  CERTRELAY_TRY(
      update_, database_.prepare("UPDATE state SET last = ?1, chain = ?2, tree = ?3 WHERE id = 1"));
  return ok();
}

Result<void> LedgerStore::write(std::span<const LedgerRow> rows, const ChainState& after) {
  auto& insert = prepared(insert_);
  auto& update = prepared(update_);
  for (const auto& row : rows) {
    insert.bind(1, as_integer(row.sequence));
    insert.bind(2, row.entry);
    insert.bind(3, row.chain);
    if (row.transaction) {
      insert.bind(4, row.transaction->bytes());
    } else {
      insert.bind_null(4);
    }
    CERTRELAY_TRY(insert.run());
  }
  const auto tree = after.tree.encode();
  update.bind(1, as_integer(after.last));
  update.bind(2, after.chain);
  update.bind(3, tree);
  return update.run();
}

Result<void> LedgerStore::commit(std::span<const LedgerRow> rows, const ChainState& after) {
  CERTRELAY_CHECK(!rows.empty() && rows.front().sequence == stated_.last.next() &&
                  rows.back().sequence == after.last);
  CERTRELAY_TRY(database_.execute("BEGIN IMMEDIATE"));
  CERTRELAY_TRY(write(rows, after));
  CERTRELAY_TRY(database_.execute("COMMIT"));
  stated_ = after;
  pages_in_log_ += rows.size() + kPagesEachCommit;
  return ok();
}

Result<void> LedgerStore::tidy(bool always) {
  if (!always && pages_in_log_ < kLogPagesMax) return ok();
  pages_in_log_ = 0;
  return database_.execute(always ? "PRAGMA wal_checkpoint(TRUNCATE)"
                                  : "PRAGMA wal_checkpoint(RESTART)");
}

Result<bool> LedgerStore::knows_transaction(const TransactionId& id) {
  auto& find = prepared(find_);
  find.bind(1, id.bytes());
  const auto row = find.step();
  find.reset();
  return row;
}

Result<std::vector<Entry>> LedgerStore::entries_of(const TransactionId& id) {
  auto& select = prepared(entries_of_);
  select.bind(1, id.bytes());
  select.bind(2, static_cast<std::int64_t>(kTransactionEntriesMax));
  return read_entries(select);
}

Result<std::vector<Entry>> LedgerStore::read_entries(Statement& select) {
  std::vector<Entry> out;
  auto row = select.step();
  while (row && row.value()) {
    auto entry = decode_entry(select.blob(0));
    if (!entry) {
      select.reset();
      return entry.error();
    }
    out.push_back(std::move(entry).value());
    row = select.step();
  }
  select.reset();
  if (!row) return row.error();
  return out;
}

Result<std::vector<ExportEntry>> LedgerStore::read_after(LedgerSequence after, std::size_t max) {
  CERTRELAY_TRY(auto rows, database_.prepare("SELECT bytes, chain FROM entry WHERE sequence > ?1 "
                                             "ORDER BY sequence LIMIT ?2"));
  rows.bind(1, as_integer(after));
  rows.bind(2, static_cast<std::int64_t>(max));
  std::vector<ExportEntry> out;
  for (;;) {
    CERTRELAY_TRY(const auto row, rows.step());
    if (!row) return out;
    ExportEntry entry;
    const auto bytes = rows.blob(0);
    entry.entry.assign(bytes.begin(), bytes.end());
    if (rows.blob(1).size() != entry.chain.size()) {
      return Error{ErrorCode::kStoreCorrupt, "ledger: a chain value"};
    }
    std::ranges::copy(rows.blob(1), entry.chain.begin());
    out.push_back(std::move(entry));
  }
}

Result<Entry> verify_row(ChainState& state, const StoredRow& row) {
  return verify_columns(state, row.sequence, row.entry, row.chain,
                        row.transaction ? std::optional<ByteView>(*row.transaction) : std::nullopt);
}

Result<std::vector<StoredRow>> LedgerStore::rows_after(LedgerSequence after, std::size_t max) {
  CERTRELAY_TRY(auto rows, database_.prepare("SELECT sequence, bytes, chain, transaction_id FROM "
                                             "entry WHERE sequence > ?1 ORDER BY sequence "
                                             "LIMIT ?2"));
  rows.bind(1, as_integer(after));
  rows.bind(2, static_cast<std::int64_t>(max));
  const auto copy = [](ByteView bytes) { return Bytes(bytes.begin(), bytes.end()); };
  std::vector<StoredRow> out;
  for (;;) {
    CERTRELAY_TRY(const auto row, rows.step());
    if (!row) return out;
    out.push_back({rows.integer(0), copy(rows.blob(1)), copy(rows.blob(2)),
                   rows.is_null(3) ? std::nullopt : std::optional(copy(rows.blob(3)))});
  }
}

Result<void> LedgerStore::walk_rows(Statement& rows, ChainState& state, const Visit& visit) {
  for (;;) {
    CERTRELAY_TRY(const auto row, rows.step());
    if (!row) break;
    const auto bytes = rows.blob(1);
    const auto transaction = rows.is_null(3) ? std::nullopt : std::optional<ByteView>(rows.blob(3));
    CERTRELAY_TRY(const auto entry,
                  verify_columns(state, rows.integer(0), bytes, rows.blob(2), transaction));
    CERTRELAY_TRY(visit(entry, bytes, state));
  }
  if (!(state == stated_)) {
    return Error{ErrorCode::kTreeMismatch, "ledger: entries and stated end disagree"};
  }
  return ok();
}

Result<std::optional<LedgerFinding>> LedgerStore::walk(const Visit& visit) {
  auto begun = base();
  if (!begun) return std::optional(LedgerFinding{LedgerSequence(1), begun.error()});
  return walk_from(begun.value(), visit);
}

Result<bool> LedgerStore::holds(const ChainState& state) {
  if (state.last == LedgerSequence()) return true;
  CERTRELAY_TRY(auto select, database_.prepare("SELECT chain FROM entry WHERE sequence = ?1"));
  select.bind(1, as_integer(state.last));
  CERTRELAY_TRY(const auto row, select.step());
  return row && std::ranges::equal(select.blob(0), state.chain);
}

Result<std::optional<LedgerFinding>> LedgerStore::walk_after(const ChainState& from,
                                                             const Visit& visit) {
  const auto held = holds(from);
  if (!held) return std::optional(LedgerFinding{from.last, held.error()});
  if (!held.value()) {
    return std::optional(LedgerFinding{
        from.last, {ErrorCode::kChainBroken, "ledger: not the entry that was there before"}});
  }
  return walk_from(from, visit);
}

Result<std::optional<LedgerFinding>> LedgerStore::walk_from(const ChainState& from,
                                                            const Visit& visit) {
  auto state = from;
  CERTRELAY_TRY(auto rows, database_.prepare("SELECT sequence, bytes, chain, transaction_id "
                                             "FROM entry WHERE sequence > ?1 ORDER BY sequence"));
  rows.bind(1, as_integer(from.last));
  const auto walked = walk_rows(rows, state, visit);
  if (walked) return std::optional<LedgerFinding>();
  return std::optional(LedgerFinding{state.last.next(), walked.error()});
}

Result<void> LedgerStore::check_structure() {
  CERTRELAY_TRY(auto check, database_.prepare("PRAGMA integrity_check(1)"));
  CERTRELAY_TRY(const auto row, check.step());
  if (!row || check.text(0) != "ok") {
    return Error{ErrorCode::kStoreCorrupt, "ledger: the file's structure is damaged"};
  }
  return ok();
}

}  // namespace certrelay
