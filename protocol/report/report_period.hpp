// Which reports there are, of which days in Japan, by when they are to be confirmed. Pure.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "protocol/base/time.hpp"

namespace certrelay {

// The numbers stand in the ledger's entries' words alone (report.monthly); append only.
enum class ReportKind : std::uint8_t {
  kDaily = 1,      // 未解決の一覧
  kMonthly = 2,    // 月次確認 (R36, R39, R43)
  kQuarterly = 3,  // 四半期点検 (R40)
  kAccess = 4,     // 利用者点検 (R34), each quarter
  kAnnual = 5,     // 年次自己点検 (R55)
};
inline constexpr std::size_t kReportKinds = 5;
std::string_view to_text(ReportKind kind);  // "monthly"
// Errors: kReportUnknown.
Result<ReportKind> parse_report_kind(std::string_view text);
// All but the daily list are signed off by a named operator.
bool needs_sign_off(ReportKind kind);

// One report's days: half open, from 00:00 JST to 00:00 JST.
class ReportPeriod {
 public:
  // daily "2026-11-25", monthly "2026-10", quarterly and access "2026-Q3" (October to December of
  // the fiscal year 2026), annual "2026" (April 2026 to March 2027). Errors: kPeriodInvalid.
  static Result<ReportPeriod> parse(ReportKind kind, std::string_view text);
  // The one that `time` lies in.
  static ReportPeriod of(ReportKind kind, UtcTime time);

  ReportKind kind() const { return kind_; }
  UtcTime from() const { return jst_midnight(first_); }
  UtcTime until() const { return jst_midnight(end_); }
  std::string text() const;   // as parse() takes it
  std::string words() const;  // "2026年度第3四半期（2026年10月～12月）"
  // For the entry's `count`: 20261125, 202610, 20263, 2026.
  std::uint64_t number() const;
  ReportPeriod next() const { return of(kind_, until()); }
  // By when it is to be signed off (excluded): the end of the month after the period, of the annual
  // one of the second month after it (31 May). Precondition: needs_sign_off(kind()).
  UtcTime due() const;

  friend bool operator==(const ReportPeriod&, const ReportPeriod&) = default;

 private:
  ReportPeriod(ReportKind kind, JstDay first, JstDay end) : kind_(kind), first_(first), end_(end) {}
  ReportKind kind_;
  JstDay first_;
  JstDay end_;
};

// Whether a report of it says anything: its days have begun, and some of them lie after the
// beginning of the ledger. Errors: kPeriodInvalid.
Result<void> check_recorded(const ReportPeriod& period, UtcTime ledger_began, UtcTime now);

// Which periods a named operator has confirmed: kind and number.
using SignedReports = std::set<std::pair<ReportKind, std::uint64_t>>;
// What is past its due() at `now` without a signature, oldest first; from the period on in which
// the ledger began.
std::vector<ReportPeriod> overdue_reports(UtcTime ledger_began, const SignedReports& done,
                                          UtcTime now);

}  // namespace certrelay
