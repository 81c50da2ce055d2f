#include "relay/ledger/ledger_reading.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "relay/ports/ledger_port.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kReadingSlice = 1024;

// Whether the entry's time may begin or end a search by time.
bool trusted(const Entry& entry) { return (entry.flags & kEntryClockDoubted) == 0; }

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
    past_period = query.until && trusted(entry) && entry.utc >= *query.until + kReadingSlack;
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

// The transaction of a document that left on the day that its number begins with (20261122-...), or
// on the next where its page was made before midnight.
Result<std::optional<TransactionId>> transaction_of(const LedgerSource& source, LedgerSequence last,
                                                    const DocumentId& document) {
  std::optional<TransactionId> out;
  const auto text = document.text();
  const auto day =
      parse_iso_day(std::string(text.substr(0, 4)) + "-" + std::string(text.substr(4, 2)) + "-" +
                    std::string(text.substr(6, 2)));
  if (!day) return out;
  const auto from = jst_midnight(day.value());
  CERTRELAY_TRY(const auto before, before_time(source, last, from));
  const auto visit = [&](const Entry& entry, const ExportEntry&) -> Result<void> {
    // Who asked about a document names it too, and belongs to no transaction.
    const bool leaves = entry.kind == EntryKind::kProvisionIntent;
    if (leaves && entry.document == document) out = entry.transaction;
    return ok();
  };
  CERTRELAY_TRY(read_until(source, before, last, from + std::chrono::hours(48), visit));
  return out;
}

// The first entry of a trusted clock in (after, last].
Result<std::optional<Entry>> first_trusted(const LedgerSource& source, LedgerSequence after,
                                           LedgerSequence last) {
  std::size_t max = 1;  // nearly always the very next one
  while (after < last) {
    CERTRELAY_TRY(const auto slice, source(after, std::exchange(max, kReadingSlice)));
    if (slice.empty()) return Error{ErrorCode::kSequenceGap, "ledger: reading"};
    for (const auto& stored : slice) {
      CERTRELAY_TRY(auto entry, decode_entry(stored.entry));
      if (entry.sequence > last) return std::optional<Entry>();
      if (trusted(entry)) return std::optional(std::move(entry));
      after = entry.sequence;
    }
  }
  return std::optional<Entry>();
}

}  // namespace

Result<LedgerSequence> before_time(const LedgerSource& source, LedgerSequence last, UtcTime time,
                                   std::chrono::minutes slack) {
  std::uint64_t low = 0;  // every entry of a trusted clock up to here is older
  std::uint64_t high = last.value();
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    CERTRELAY_TRY(const auto found,
                  first_trusted(source, LedgerSequence(middle), LedgerSequence(high)));
    if (found && found->utc < time - slack) {
      // A pruned ledger begins later: what was found stands for all before it.
      low = found->sequence.value();
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

Result<std::optional<LedgerPage>> read_story(const LedgerSource& source, const StorySource& story,
                                             LedgerSequence last, const LedgerQuery& query,
                                             LedgerSequence after, const ReadingLimits& limits) {
  CERTRELAY_TRY(check(query));
  auto transaction = query.transaction;
  if (!transaction && query.document) {
    CERTRELAY_TRY(transaction, transaction_of(source, last, *query.document));
    // Every document left on its number's days: one that did not was never issued.
    if (!transaction) return std::optional(LedgerPage());
  }
  if (!transaction) return std::optional<LedgerPage>();
  CERTRELAY_TRY(auto entries, story(*transaction));
  if (entries.size() >= kTransactionEntriesMax) return std::optional<LedgerPage>();
  LedgerPage page;
  std::size_t bytes = 0;
  for (auto& entry : entries) {
    if (entry.sequence <= after || entry.sequence > last || !matches(query, entry)) continue;
    CERTRELAY_TRY(const auto encoded, encode(entry));
    bytes += encoded.size();
    if (bytes > limits.bytes) {
      page.next = page.entries.empty() ? after : page.entries.back().sequence;
      break;
    }
    page.entries.push_back(std::move(entry));
  }
  return std::optional(std::move(page));
}

Result<LedgerSequence> read_until(
    const LedgerSource& source, LedgerSequence before, LedgerSequence last, UtcTime until,
    const std::function<Result<void>(const Entry&, const ExportEntry&)>& visit,
    std::chrono::minutes slack) {
  auto at = before;
  while (at < last) {
    CERTRELAY_TRY(const auto slice, source(at, kReadingSlice));
    if (slice.empty()) return Error{ErrorCode::kSequenceGap, "ledger: reading"};
    for (const auto& stored : slice) {
      CERTRELAY_TRY(const auto entry, decode_entry(stored.entry));
      const bool behind = trusted(entry) && entry.utc - slack >= until;
      if (entry.sequence > last || behind) return at;
      at = entry.sequence;
      CERTRELAY_TRY(visit(entry, stored));
    }
  }
  return at;
}

Result<void> read_entries(
    const LedgerSource& source, LedgerSequence before, LedgerSequence last,
    const std::function<Result<void>(const Entry&, const ExportEntry&)>& visit) {
  CERTRELAY_TRY(read_until(source, before, last, UtcTime::max(), visit));
  return ok();
}

Result<SubjectHistory> read_history(const LedgerSource& source, LedgerSequence last,
                                    const SubjectPseudonym& subject) {
  std::set<TransactionId> transactions;
  std::vector<Entry> story;
  CERTRELAY_TRY(read_entries(source, LedgerSequence(), last,
                             [&](const Entry& entry, const ExportEntry&) -> Result<void> {
                               if (belongs(entry, subject, transactions)) story.push_back(entry);
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
  CERTRELAY_TRY(const auto before, before_time(source, last, from));
  std::optional<EntryRange> out;
  const auto visit = [&](const Entry& entry, const ExportEntry&) -> Result<void> {
    if (entry.utc < from || entry.utc >= until) return ok();
    const auto at = entry.sequence;
    if (!out) out = EntryRange{LedgerSequence(at.value() - 1), at, entry.utc};
    out->last = at;
    out->last_at = std::max(out->last_at, entry.utc);
    return ok();
  };
  CERTRELAY_TRY(read_until(source, before, last, until, visit));
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
