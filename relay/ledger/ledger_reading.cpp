#include "relay/ledger/ledger_reading.hpp"

#include <algorithm>
#include <set>

namespace certrelay {
namespace {

constexpr std::size_t kReadingSlice = 1024;

struct Look {
  const LedgerQuery& query;
  const ReadingLimits& limits;
  LedgerPage page;
  std::size_t looked_at = 0;
  std::size_t bytes = 0;
  LedgerSequence at;
  bool past_period = false;

  // False: the page is full before this entry.
  Result<bool> take(const ExportEntry& stored) {
    CERTRELAY_TRY(auto entry, decode_entry(stored.entry));
    past_period = query.until && entry.utc >= *query.until + kReadingSlack;
    if (matches(query, entry)) {
      if (bytes + stored.entry.size() > limits.bytes) return false;
      bytes += stored.entry.size();
      at = entry.sequence;
      page.entries.push_back(std::move(entry));
    } else {
      at = entry.sequence;
    }
    return ++looked_at < limits.looked_at;
  }
};

// Whether the entry belongs to the person's history, so far.
bool belongs(const Entry& entry, const SubjectPseudonym& subject,
             std::set<TransactionId>& transactions) {
  if (!entry.transaction) return false;
  if (std::ranges::find(entry.subjects, subject) != entry.subjects.end()) {
    transactions.insert(*entry.transaction);
  }
  return transactions.contains(*entry.transaction);
}

}  // namespace

Result<LedgerSequence> before_time(const LedgerSource& source, LedgerSequence last, UtcTime time) {
  std::uint64_t low = 0;  // every entry up to here is older
  std::uint64_t high = last.value();
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    CERTRELAY_TRY(const auto one, source(LedgerSequence(middle), 1));
    if (one.empty()) return Error{ErrorCode::kSequenceGap, "ledger: reading"};
    CERTRELAY_TRY(const auto entry, decode_entry(one.front().entry));
    // A pruned ledger begins later: what was found stands for all before it.
    const auto found = entry.sequence.value();
    if (entry.utc < time - kReadingSlack) {
      low = found;
    } else {
      high = middle;
    }
  }
  return LedgerSequence(low);
}

Result<LedgerPage> read_page(const LedgerSource& source, LedgerSequence last,
                             const LedgerQuery& query, LedgerSequence after,
                             const ReadingLimits& limits) {
  CERTRELAY_TRY(check(query));
  Look look{query, limits, {}, 0, 0, after, false};
  if (query.from) {
    CERTRELAY_TRY(const auto before, before_time(source, last, *query.from));
    look.at = std::max(after, before);
  }
  bool more = look.at < last;
  while (more) {
    CERTRELAY_TRY(const auto slice, source(look.at, limits.slice));
    if (slice.empty()) break;
    for (const auto& stored : slice) {
      CERTRELAY_TRY(const bool goes_on, look.take(stored));
      if (!goes_on) {
        if (look.at < last && !look.past_period) look.page.next = look.at;
        return std::move(look.page);
      }
      more = look.at < last && !look.past_period;
      if (!more) break;
    }
  }
  return std::move(look.page);
}

Result<void> read_entries(const LedgerSource& source, LedgerSequence before, LedgerSequence last,
                          const std::function<Result<void>(Entry, const ExportEntry&)>& visit) {
  auto at = before;
  while (at < last) {
    CERTRELAY_TRY(const auto slice, source(at, kReadingSlice));
    if (slice.empty()) return Error{ErrorCode::kSequenceGap, "ledger: reading"};
    for (const auto& stored : slice) {
      CERTRELAY_TRY(auto entry, decode_entry(stored.entry));
      at = entry.sequence;
      if (at > last) return ok();
      CERTRELAY_TRY(visit(std::move(entry), stored));
    }
  }
  return ok();
}

Result<SubjectHistory> read_history(const LedgerSource& source, LedgerSequence last,
                                    const SubjectPseudonym& subject) {
  std::set<TransactionId> transactions;
  std::vector<Entry> story;
  CERTRELAY_TRY(read_entries(source, LedgerSequence(), last,
                             [&](Entry entry, const ExportEntry&) -> Result<void> {
                               if (belongs(entry, subject, transactions)) {
                                 story.push_back(std::move(entry));
                               }
                               return ok();
                             }));
  SubjectHistory out{.provisions = provisions_to(subject, story), .cut = false};
  auto& lines = out.provisions;
  if (lines.size() > kSubjectLinesMax) {
    out.cut = true;
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(kSubjectLinesMax));
  }
  return out;
}

Result<EntryRange> find_range(const LedgerSource& source, LedgerSequence last, UtcTime from,
                              UtcTime until) {
  const Error none{ErrorCode::kPeriodInvalid, "ledger: period"};
  if (from >= until) return none;
  CERTRELAY_TRY(auto at, before_time(source, last, from));
  std::optional<EntryRange> out;
  bool past = false;
  while (at < last && !past) {
    CERTRELAY_TRY(const auto slice, source(at, kReadingSlice));
    if (slice.empty()) break;
    for (const auto& stored : slice) {
      CERTRELAY_TRY(const auto entry, decode_entry(stored.entry));
      at = entry.sequence;
      past = at > last || entry.utc >= until + kReadingSlack;
      if (past) break;
      if (entry.utc < from || entry.utc >= until) continue;
      if (!out) out = EntryRange{LedgerSequence(at.value() - 1), at, entry.utc};
      out->last = at;
      out->last_at = std::max(out->last_at, entry.utc);
    }
  }
  if (!out) return none;
  return *out;
}

Result<ChainState> state_at(const LedgerSource& source, const ChainState& base, LedgerSequence at) {
  if (at < base.last) return Error{ErrorCode::kEntryPruned, "ledger: reading"};
  auto state = base;
  CERTRELAY_TRY(read_entries(source, base.last, at,
                             [&](const Entry&, const ExportEntry& stored) -> Result<void> {
                               CERTRELAY_TRY(verify_next(state, stored.entry, stored.chain));
                               return ok();
                             }));
  if (state.last != at) return Error{ErrorCode::kSequenceGap, "ledger: reading"};
  return state;
}

}  // namespace certrelay
