// The entries of a day. There is no index over time: the numbers rise with it, but for the few
// seconds by which a clock is corrected, so the day's first is found by halving.
#include "relay/ledger/ledger.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kPageEntries = 256;
// By so much an entry may be older than the one before it: a step of over 60 s is doubted, and a
// doubted clock's entries carry the last trusted time.
constexpr std::chrono::minutes kOutOfOrder{5};

}  // namespace

// A number below which every entry is older than `time`.
Result<LedgerSequence> Ledger::last_before(UtcTime time) {
  std::uint64_t below = 0;
  std::uint64_t end = health().last.value();
  while (below < end) {
    const auto middle = below + (end - below) / 2;
    CERTRELAY_TRY(const auto next, page_after(LedgerSequence(middle), 1));
    if (next.empty() || next.front().utc >= time) {
      end = middle;
    } else {
      below = next.front().sequence.value();
    }
  }
  return LedgerSequence(below);
}

Result<std::vector<Entry>> Ledger::intents_on(JstDay day) {
  const auto from = jst_midnight(day);
  const auto until = jst_midnight(day + std::chrono::days(1));
  CERTRELAY_TRY(auto at, last_before(from - kOutOfOrder));
  std::vector<Entry> out;
  while (true) {
    CERTRELAY_TRY(auto page, page_after(at, kPageEntries));
    for (auto& entry : page) {
      at = entry.sequence;
      if (entry.utc >= until + kOutOfOrder) return out;
      const bool ours = entry.kind == EntryKind::kProvisionIntent;
      if (ours && entry.utc >= from && entry.utc < until) out.push_back(std::move(entry));
    }
    if (page.size() < kPageEntries) return out;
  }
}

}  // namespace certrelay
