#include "relay/issuance/alarm.hpp"

namespace certrelay {

boost::asio::awaitable<void> record_alarm(AlarmLatch& alarm, LedgerPort& ledger, Entry entry) {
  const auto written = co_await ledger.append(std::move(entry));
  if (written) {
    alarm.recorded(written.value());
  } else {
    alarm.not_recorded();
  }
}

}  // namespace certrelay
