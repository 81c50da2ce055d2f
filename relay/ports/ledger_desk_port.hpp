// What operators read of the ledger through their listener: entries, reports, and what an action
// left to be fetched. The caller has written the entry of the call before (R31, R45).
#pragma once

#include <boost/asio/awaitable.hpp>

#include "protocol/wire/ledger_message.hpp"

namespace certrelay {

struct ReportFile {
  Bytes bytes;
  std::string content_type;
};

// Completes on the caller's executor; reads elsewhere, so that the caller's is free meanwhile.
class LedgerDeskPort {
 public:
  LedgerDeskPort() = default;
  LedgerDeskPort(const LedgerDeskPort&) = delete;
  LedgerDeskPort& operator=(const LedgerDeskPort&) = delete;
  virtual ~LedgerDeskPort() = default;

  // Errors: kPeriodInvalid, the ledger's.
  virtual boost::asio::awaitable<Result<LedgerPage>> query(LedgerQuery query,
                                                           LedgerSequence after) = 0;
  // Asked before the entry is written. Errors: kReportUnknown, kPeriodInvalid.
  virtual Result<void> check(const ReportRequest& request) const = 0;
  // Errors: as check(); the ledger's; the page's.
  virtual boost::asio::awaitable<Result<ReportFile>> report(ReportRequest request) = 0;
  // A page, from 0, of what a done action left; in memory, gone after an hour or a restart.
  // Errors: kNotFound.
  virtual boost::asio::awaitable<Result<Bytes>> result(ActionId action, std::uint32_t page) = 0;
};

}  // namespace certrelay
