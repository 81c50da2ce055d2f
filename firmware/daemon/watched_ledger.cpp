#include "firmware/daemon/watched_ledger.hpp"

namespace certrelay {

boost::asio::awaitable<Result<LedgerSequence>> WatchedLedger::append(Entry entry, Guard guard) {
  const auto seen = AccessWatch::seen(entry);
  auto written = co_await ledger_.append(std::move(entry), std::move(guard));
  if (written) {
    const auto doubted = ledger_.health().clock_doubted;
    watch_.note(seen, doubted ? std::nullopt : std::optional(clock_.utc_now()),
                clock_.steady_now());
  }
  co_return written;
}

}  // namespace certrelay
