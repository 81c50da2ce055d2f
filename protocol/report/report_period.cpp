#include "protocol/report/report_period.hpp"

#include <cstdio>

#include "protocol/base/check.hpp"
#include "protocol/base/names.hpp"

namespace certrelay {
namespace {

using std::chrono::month;
using std::chrono::months;
using std::chrono::year;
using std::chrono::year_month;
using std::chrono::year_month_day;

constexpr Names<ReportKind, kReportKinds> kKinds{{{ReportKind::kDaily, "daily"},
                                                  {ReportKind::kMonthly, "monthly"},
                                                  {ReportKind::kQuarterly, "quarterly"},
                                                  {ReportKind::kAccess, "access"},
                                                  {ReportKind::kAnnual, "annual"}}};
constexpr unsigned kFiscalMonth = 4;  // 年度 begins in April
constexpr unsigned kQuarterMonths = 3;
constexpr unsigned kYearMonths = 12;

Error invalid() { return {ErrorCode::kPeriodInvalid, "report: period"}; }

JstDay first_day(year_month at) { return JstDay(at / 1); }

year_month month_of(JstDay day) {
  const year_month_day date(day);
  return date.year() / date.month();
}

// The fiscal year that the month lies in.
int fiscal_year(year_month at) {
  return static_cast<int>(at.year()) - (static_cast<unsigned>(at.month()) < kFiscalMonth ? 1 : 0);
}
// 0 for April to March 11.
unsigned fiscal_month(year_month at) {
  return (static_cast<unsigned>(at.month()) + kYearMonths - kFiscalMonth) % kYearMonths;
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string padded(unsigned number, int width) {
  char out[16];
  std::snprintf(out, sizeof out, "%0*u", width, number);
  return out;
}

std::string month_words(year_month at) {
  return std::to_string(static_cast<int>(at.year())) + "年" +
         std::to_string(static_cast<unsigned>(at.month())) + "月";
}

// Months of the period; none: a day.
unsigned length(ReportKind kind) {
  switch (kind) {
    case ReportKind::kDaily:
      return 0;
    case ReportKind::kMonthly:
      return 1;
    case ReportKind::kQuarterly:
    case ReportKind::kAccess:
      return kQuarterMonths;
    case ReportKind::kAnnual:
      return kYearMonths;
  }
  check_failed("a report of the enumeration", __FILE__, __LINE__);
}

}  // namespace

std::string_view to_text(ReportKind kind) { return name_of(kKinds, kind); }
Result<ReportKind> parse_report_kind(std::string_view text) {
  const auto kind = value_of(kKinds, text, "report");
  if (!kind) return Error{ErrorCode::kReportUnknown, "report: kind"};
  return kind;
}

bool needs_sign_off(ReportKind kind) { return kind != ReportKind::kDaily; }

ReportPeriod ReportPeriod::of(ReportKind kind, UtcTime time) {
  const auto day = jst_day(time);
  const auto size = length(kind);
  if (size == 0) return {kind, day, day + std::chrono::days(1)};
  const auto at = month_of(day);
  const auto first = at - months(static_cast<int>(fiscal_month(at) % size));
  return {kind, first_day(first), first_day(first + months(static_cast<int>(size)))};
}

Result<ReportPeriod> ReportPeriod::parse(ReportKind kind, std::string_view text) {
  constexpr std::size_t kYearDigits = 4;
  if (kind == ReportKind::kDaily) {
    const auto day = parse_iso_day(text);
    if (!day) return invalid();
    return of(kind, jst_midnight(day.value()));
  }
  const auto years = text.substr(0, kYearDigits);
  const auto rest = text.substr(years.size());
  if (years.size() != kYearDigits || !is_digits(years)) return invalid();
  const int in_year = std::stoi(std::string(years));
  year_month at = year(in_year) / month(kFiscalMonth);
  if (kind == ReportKind::kMonthly) {
    const auto day = parse_iso_day(std::string(text) + "-01");
    if (!day) return invalid();
    at = month_of(day.value());
  } else if (kind == ReportKind::kAnnual) {
    if (!rest.empty()) return invalid();
  } else {
    if (rest.size() != 3 || !rest.starts_with("-Q") || rest[2] < '1' || rest[2] > '4') {
      return invalid();
    }
    at += months(static_cast<int>(kQuarterMonths) * (rest[2] - '1'));
  }
  const auto from = jst_midnight(first_day(at));
  if (in_year < 1971 || from < UtcTime{}) return invalid();
  return of(kind, from);
}

std::string ReportPeriod::text() const {
  if (kind_ == ReportKind::kDaily) return to_iso_day(first_);
  const auto at = month_of(first_);
  if (kind_ == ReportKind::kMonthly) return to_iso_day(first_).substr(0, 7);
  const auto fiscal = padded(static_cast<unsigned>(fiscal_year(at)), 4);
  if (kind_ == ReportKind::kAnnual) return fiscal;
  return fiscal + "-Q" + std::to_string(fiscal_month(at) / kQuarterMonths + 1);
}

std::string ReportPeriod::words() const {
  const auto at = month_of(first_);
  const auto last = month_of(end_ - std::chrono::days(1));
  const auto fiscal = std::to_string(fiscal_year(at)) + "年度";
  switch (kind_) {
    case ReportKind::kDaily:
      return month_words(at) + std::to_string(static_cast<unsigned>(year_month_day(first_).day())) +
             "日";
    case ReportKind::kMonthly:
      return month_words(at);
    case ReportKind::kQuarterly:
    case ReportKind::kAccess:
      return fiscal + "第" + std::to_string(fiscal_month(at) / kQuarterMonths + 1) + "四半期（" +
             month_words(at) + "～" + std::to_string(static_cast<unsigned>(last.month())) + "月）";
    case ReportKind::kAnnual:
      return fiscal + "（" + month_words(at) + "～" + month_words(last) + "）";
  }
  check_failed("a report of the enumeration", __FILE__, __LINE__);
}

std::uint64_t ReportPeriod::number() const {
  std::uint64_t out = 0;
  for (const char c : text()) {
    if (c >= '0' && c <= '9') out = out * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return out;
}

UtcTime ReportPeriod::due() const {
  CERTRELAY_CHECK(needs_sign_off(kind_));
  const int after = kind_ == ReportKind::kAnnual ? 2 : 1;
  return jst_midnight(first_day(month_of(end_) + months(after)));
}

Result<void> check_recorded(const ReportPeriod& period, UtcTime ledger_began, UtcTime now) {
  if (period.from() > now) return Error{ErrorCode::kPeriodInvalid, "report: ahead"};
  if (period.until() <= ledger_began) {
    return Error{ErrorCode::kPeriodInvalid, "report: before the ledger"};
  }
  return ok();
}

std::vector<ReportPeriod> overdue_reports(UtcTime ledger_began, const SignedReports& done,
                                          UtcTime now) {
  std::vector<ReportPeriod> out;
  for (const auto& [kind, name] : kKinds) {
    if (!needs_sign_off(kind)) continue;
    for (auto period = ReportPeriod::of(kind, ledger_began); period.due() <= now;
         period = period.next()) {
      if (!done.contains({kind, period.number()})) out.push_back(period);
    }
  }
  return out;
}

}  // namespace certrelay
