// The five reports, each a pure function of the ledger's entries and the accounts' list.
#pragma once

#include "protocol/report/report.hpp"
#include "protocol/report/sign_off.hpp"
#include "protocol/wire/operator_message.hpp"
#include "relay/ledger/open_deliveries.hpp"
#include "relay/ledger/reports/period_figures.hpp"

namespace certrelay {

struct ReportSetting {
  std::string site;
  bool demo = false;
  std::uint32_t active_max = 9;         // R13
  std::vector<OperatorLine> operators;  // the accounts as they are now
};

class ReportMaker {
 public:
  ReportMaker(ReportPeriod period, ReportSetting setting)
      : period_(period), setting_(std::move(setting)) {}

  const ReportPeriod& period() const { return period_; }
  // The period's entries in order, and the signatures behind it; for the daily list whole stories
  // of transactions. report_reading.hpp knows which. Others change nothing.
  void take(const Entry& entry);
  Report make() const;

 private:
  Report bare(std::string title) const;
  void sign(Report& report) const;
  Report daily() const;
  Report monthly() const;
  Report quarterly() const;
  Report access() const;
  Report annual() const;
  const OperatorLine* account_of(const std::optional<OperatorName>& name) const;
  // Of another report: whether somebody confirmed it, or nobody can for want of a ledger then.
  std::string review_words(const ReportPeriod& one) const;
  bool is_vendor(const std::optional<OperatorName>& name) const;

  ReportPeriod period_;
  ReportSetting setting_;
  PeriodFigures figures_;
  Happenings vendors_work_;                        // R40
  std::map<std::uint64_t, PeriodFigures> months_;  // of a quarter or year: by 202610
  OpenDeliveries open_;                            // at the period's end
  std::optional<Entry> signature_;                 // the last one of this report
  SignedReports signed_;                           // all that were seen
  std::optional<UtcTime> ledger_since_;            // where it began within the period
};

// The sentences over a list, with one that says so where the list is not all of it.
std::vector<std::string> listed(std::vector<std::string> sentences, const Happenings& all);

// What R36, R39, R40, R42, R43 and R45 demand to be shown, shared by the reports.
ReportSection provisions_section(const PeriodFigures& figures);
ReportSection refusals_section(const PeriodFigures& figures);
ReportSection connections_section(const PeriodFigures& figures);
ReportSection erasures_section(const PeriodFigures& figures);
ReportSection exports_section(const PeriodFigures& figures);
// R55: one row for each of R01 to R56.
ReportSection requirements_section(const PeriodFigures& figures);

}  // namespace certrelay
