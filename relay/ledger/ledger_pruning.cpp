#include "relay/ledger/ledger_pruning.hpp"

#include <algorithm>

#include "relay/ledger/ledger_store.hpp"
#include "relay/ledger/standing_orders.hpp"

namespace certrelay {
namespace {

struct InForce {
  StandingOrders orders;
  std::set<Digest> crl_issuers;
  void take(const Entry& entry) {
    orders.take(entry);
    if (entry.kind == EntryKind::kCrlLoaded && entry.crl_issuer) {
      crl_issuers.insert(*entry.crl_issuer);
    }
  }
  bool says_the_same(const InForce& other) const {
    return orders.alarm == other.orders.alarm &&
           orders.issuing_stopped == other.orders.issuing_stopped &&
           orders.suspended_kinds == other.orders.suspended_kinds &&
           orders.operators_version == other.orders.operators_version &&
           crl_issuers == other.crl_issuers;
  }
};

Result<InForce> in_force(const LedgerSource& source, LedgerSequence before, LedgerSequence last) {
  InForce out;
  CERTRELAY_TRY(read_entries(source, before, last,
                             [&](const Entry& entry, const ExportEntry&) -> Result<void> {
                               out.take(entry);
                               return ok();
                             }));
  return out;
}

}  // namespace

Result<std::vector<PruningStatement>> plan_pruning(const LedgerSource& source,
                                                   std::string_view origin, const ChainState& base,
                                                   LedgerSequence last, UtcTime now) {
  std::vector<PruningStatement> out;
  PruningStatement next{.origin = std::string(origin), .state = base, .pruned_at = now};
  bool old = true;
  while (old && next.state.last.value() + kPruningBlock < last.value()) {
    const LedgerSequence end(next.state.last.value() + kPruningBlock);
    const auto visit = [&](const Entry& entry, const ExportEntry& stored) -> Result<void> {
      CERTRELAY_TRY(verify_next(next.state, stored.entry, stored.chain));
      next.newest = std::max(next.newest, entry.utc);
      return ok();
    };
    CERTRELAY_TRY(read_entries(source, next.state.last, end, visit));
    old = jst_day(now) > retention_until(next.newest);
    if (old) out.push_back(next);
  }
  const Error none{ErrorCode::kRetentionNotOver, "pruning: nothing may leave"};
  if (out.empty()) return none;
  CERTRELAY_TRY(const auto all, in_force(source, base.last, last));
  CERTRELAY_TRY(const auto rest, in_force(source, out.back().state.last, last));
  if (!rest.says_the_same(all)) return none;
  return out;
}

// The file's side: LedgerStore's statement and what it replaces.

Result<void> LedgerStore::read_pruning() {
  CERTRELAY_TRY(auto table, database_.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' "
                                              "AND name = 'pruned'"));
  CERTRELAY_TRY(const bool there, table.step());
  if (!there) return ok();
  CERTRELAY_TRY(auto select, database_.prepare("SELECT note FROM pruned"));
  CERTRELAY_TRY(const bool row, select.step());
  if (!row) return Error{ErrorCode::kStoreCorrupt, "ledger: no pruning statement"};
  pruning_ = select.text(0);
  return ok();
}

Result<ChainState> LedgerStore::base() const {
  if (!pruning_) return empty_chain(origin_);
  CERTRELAY_TRY(auto statement, parse_pruning_note(*pruning_));
  if (statement.origin != origin_) {
    return Error{ErrorCode::kStatementInvalid, "pruning: another ledger's"};
  }
  return std::move(statement.state);
}

Result<void> LedgerStore::prune(const std::string& note) {
  CERTRELAY_TRY(const auto statement, parse_pruning_note(note));
  CERTRELAY_TRY(const auto now, base());
  const auto last = statement.state.last;
  const Error invalid{ErrorCode::kStatementInvalid, "pruning: not of these entries"};
  if (statement.origin != origin_ || last <= now.last || last >= stated_.last) return invalid;
  CERTRELAY_TRY(const auto stored, read_after(LedgerSequence(last.value() - 1), 1));
  if (stored.empty() || stored.front().chain != statement.state.chain) return invalid;
  CERTRELAY_TRY(database_.execute("BEGIN IMMEDIATE"));
  {
    CERTRELAY_TRY(auto remove, database_.prepare("DELETE FROM entry WHERE sequence <= ?1"));
    remove.bind(1, static_cast<std::int64_t>(last.value()));
    CERTRELAY_TRY(remove.run());
  }
  CERTRELAY_TRY(keep_statement(note));
  CERTRELAY_TRY(database_.execute("COMMIT"));
  pruning_ = note;
  return ok();
}

Result<void> LedgerStore::keep_statement(const std::string& note) {
  CERTRELAY_TRY(
      database_.execute("CREATE TABLE IF NOT EXISTS pruned("
                        "  id INTEGER PRIMARY KEY CHECK(id = 1), note TEXT NOT NULL) "
                        "STRICT"));
  CERTRELAY_TRY(auto keep, database_.prepare("INSERT OR REPLACE INTO pruned VALUES(1, ?1)"));
  keep.bind_text(1, note);
  return keep.run();
}

Result<void> LedgerStore::begin_behind(const std::string& note) {
  CERTRELAY_TRY(auto statement, parse_pruning_note(note));
  if (statement.origin != origin_ || stated_.last != LedgerSequence() || pruning_) {
    return Error{ErrorCode::kStatementInvalid, "pruning: not of this ledger's beginning"};
  }
  CERTRELAY_TRY(database_.execute("BEGIN IMMEDIATE"));
  CERTRELAY_TRY(keep_statement(note));
  CERTRELAY_TRY(write({}, statement.state));
  CERTRELAY_TRY(database_.execute("COMMIT"));
  pruning_ = note;
  stated_ = std::move(statement.state);
  return ok();
}

}  // namespace certrelay
