// Reading a ledger that is being written, slice by slice, so that no append waits for long:
// queries, a resident's history, exports. Also over the file of a stopped one.
#pragma once

#include <functional>

#include "protocol/record/export.hpp"
#include "protocol/wire/ledger_message.hpp"

namespace certrelay {

// Up to `max` entries behind that one: Ledger::read_after or LedgerStore::read_after.
using LedgerSource =
    std::function<Result<std::vector<ExportEntry>>(LedgerSequence after, std::size_t max)>;

// The entries of one transaction, oldest first, at most kTransactionEntriesMax: Ledger::entries_of.
using StorySource = std::function<Result<std::vector<Entry>>(const TransactionId& id)>;

// How far one call looks, and how much it brings.
struct ReadingLimits {
  std::size_t slice = 1024;         // entries read at once
  std::size_t looked_at = 200'000;  // entries a call
  std::size_t bytes = kLedgerPageBytesMax;
};

// Times rise with the numbers, but for what the clock was corrected by (R03): a search by time
// begins and ends that much wider. An entry under a doubted clock (kEntryClockDoubted) may carry
// any date, as the first ones of a machine whose clock nobody has set: none begins or ends a
// search.
inline constexpr std::chrono::minutes kReadingSlack{24 * 60};

// One call's part of the entries that agree with `query`, behind `after`. `last`: the ledger's end
// when the reading began. Errors: the source's, decode_entry's, check(query)'s.
Result<LedgerPage> read_page(const LedgerSource& source, LedgerSequence last,
                             const LedgerQuery& query, LedgerSequence after,
                             const ReadingLimits& limits = {});
// The transaction's own entries of that, without reading the ledger, where the query names it or a
// document: that one left on the day that its number begins with or the next, or was never issued,
// and then there are none. Who asked about them (kOperatorViewed) is found by a period. No page:
// only read_page() can tell. Errors: as read_page().
Result<std::optional<LedgerPage>> read_story(const LedgerSource& source, const StorySource& story,
                                             LedgerSequence last, const LedgerQuery& query,
                                             LedgerSequence after,
                                             const ReadingLimits& limits = {});

// All that was provided about that person (R56), up to `last`: the newest kSubjectLinesMax.
Result<SubjectHistory> read_history(const LedgerSource& source, LedgerSequence last,
                                    const SubjectPseudonym& subject);

// The last entry before which no entry of a trusted clock is as young as `time`, give or take
// `slack`. Errors: the source's, decode_entry's.
Result<LedgerSequence> before_time(const LedgerSource& source, LedgerSequence last, UtcTime time,
                                   std::chrono::minutes slack = kReadingSlack);

// Every entry of [from, until) and those between them: (before, last]. Errors: kPeriodInvalid (no
// entry is in it, or it is reversed), the source's.
struct EntryRange {
  LedgerSequence before;  // the entry before the first
  LedgerSequence last;
  UtcTime last_at{};
};
Result<EntryRange> find_range(const LedgerSource& source, LedgerSequence last, UtcTime from,
                              UtcTime until);

// The chain and the tree after entry `at`; `base` is a verified state before it, at the least that
// before the first entry that is there. Errors: the source's, verify_next's; kSequenceGap (there
// are fewer), kEntryPruned (`at` lies before `base`).
Result<ChainState> state_at(const LedgerSource& source, const ChainState& base, LedgerSequence at);

// Takes the entries (before, last] in order, decoded, until one of a trusted clock is as young as
// `until`, give or take `slack`; tells the last one taken. Errors: as read_entries.
Result<LedgerSequence> read_until(
    const LedgerSource& source, LedgerSequence before, LedgerSequence last, UtcTime until,
    const std::function<Result<void>(const Entry&, const ExportEntry&)>& visit,
    std::chrono::minutes slack = kReadingSlack);

// Takes the entries (before, last] in order, decoded. Errors: the source's, decode_entry's,
// visit's.
Result<void> read_entries(
    const LedgerSource& source, LedgerSequence before, LedgerSequence last,
    const std::function<Result<void>(const Entry&, const ExportEntry&)>& visit);

}  // namespace certrelay
