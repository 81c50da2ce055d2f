// The entries of a day. There is no index over time: the numbers rise with it, but for the few
// seconds by which a clock is corrected, so the day's first is found by halving.
#include "relay/ledger/ledger.hpp"
#include "relay/ledger/ledger_reading.hpp"

namespace certrelay {
namespace {

// By so much an intent may be older than the one before it: a step of over 60 s is doubted, and
// under a doubted clock nothing is issued.
constexpr std::chrono::minutes kOutOfOrder{5};

}  // namespace

Result<std::vector<Entry>> Ledger::intents_on(JstDay day) {
  const auto from = jst_midnight(day);
  const auto until = jst_midnight(day + std::chrono::days(1));
  const auto end = health().last;
  const LedgerSource source = [this](LedgerSequence after, std::size_t max) {
    return read_after(after, max);
  };
  CERTRELAY_TRY(const auto before, before_time(source, end, from, kOutOfOrder));
  std::vector<Entry> out;
  const auto visit = [&](const Entry& entry, const ExportEntry&) -> Result<void> {
    const bool ours = entry.kind == EntryKind::kProvisionIntent;
    if (ours && entry.utc >= from && entry.utc < until) out.push_back(entry);
    return ok();
  };
  CERTRELAY_TRY(read_until(source, before, end, until, visit, kOutOfOrder));
  return out;
}

}  // namespace certrelay
