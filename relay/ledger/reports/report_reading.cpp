#include "relay/ledger/reports/report_reading.hpp"

#include <algorithm>

namespace certrelay {
namespace {

// Whose delivery was open at `end`, or may have been: what is open now, and what was closed since.
Result<std::set<TransactionId>> perhaps_open_at(const ReportSource& source, UtcTime end) {
  auto out = source.now.deliveries.ids();
  std::set<TransactionId> younger;
  CERTRELAY_TRY(const auto before, before_time(source.entries, source.last, end));
  const auto visit = [&](const Entry& entry, const ExportEntry&) -> Result<void> {
    if (entry.utc < end) return ok();
    const auto step = delivery_step(entry);
    if (step == DeliveryStep::kBegins) younger.insert(*entry.transaction);
    const bool ended = step == DeliveryStep::kEnds && !younger.contains(*entry.transaction);
    if (ended) out.insert(*entry.transaction);
    return ok();
  };
  CERTRELAY_TRY(read_entries(source.entries, before, source.last, visit));
  return out;
}

Result<void> feed_stories(ReportMaker& maker, const ReportSource& source) {
  CERTRELAY_TRY(const auto ids, perhaps_open_at(source, maker.period().until()));
  for (const auto& id : ids) {
    CERTRELAY_TRY(const auto story, source.story(id));
    for (const auto& entry : story) maker.take(entry);
  }
  return ok();
}

Result<void> feed_signatures(ReportMaker& maker, const ReportSource& source, LedgerSequence fed) {
  std::vector<LedgerSequence> later;
  for (const auto& [report, at] : source.now.standing.sign_offs) {
    if (at > fed && at <= source.last) later.push_back(at);
  }
  std::ranges::sort(later);
  for (const auto at : later) {
    CERTRELAY_TRY(const auto stored, source.entries(LedgerSequence(at.value() - 1), 1));
    if (stored.empty()) continue;
    CERTRELAY_TRY(const auto entry, decode_entry(stored.front().entry));
    maker.take(entry);
  }
  return ok();
}

Result<void> feed_period(ReportMaker& maker, const ReportSource& source) {
  const auto& period = maker.period();
  CERTRELAY_TRY(const auto before, before_time(source.entries, source.last, period.from()));
  const auto visit = [&](const Entry& entry, const ExportEntry&) -> Result<void> {
    maker.take(entry);
    return ok();
  };
  CERTRELAY_TRY(const auto fed,
                read_until(source.entries, before, source.last, period.until(), visit));
  return feed_signatures(maker, source, fed);
}

}  // namespace

Result<Report> read_report(ReportMaker maker, const ReportSource& source) {
  if (maker.period().kind() == ReportKind::kDaily) {
    CERTRELAY_TRY(feed_stories(maker, source));
  } else {
    CERTRELAY_TRY(feed_period(maker, source));
  }
  return maker.make();
}

}  // namespace certrelay
