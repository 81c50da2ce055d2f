#include "relay/operators/account_dates.hpp"

namespace certrelay {

JstDay months_after(JstDay day, std::chrono::months count) {
  const std::chrono::year_month_day date(day);
  const auto month = std::chrono::year_month(date.year(), date.month()) + count;
  const auto same = month / date.day();
  return same.ok() ? JstDay(same) : JstDay(month / std::chrono::last);
}

std::optional<JstDay> password_due_on(const Operator& account) {
  if (!account.login.password || !account.login.set_at) return std::nullopt;
  return months_after(jst_day(*account.login.set_at), kPasswordLife);
}

JstDay review_due_on(const Operator& account) {
  return months_after(account.reviewed_on.value_or(jst_day(account.enrolled_at)), kReviewEvery);
}

AccountsDue accounts_due(const OperatorBook& book, UtcTime now) {
  const auto today = jst_day(now);
  AccountsDue out;
  for (const auto& account : book.accounts) {
    if (!is_active(account, now)) continue;
    const auto password = password_due_on(account);
    if (password && today >= *password) ++out.passwords;
    if (today >= review_due_on(account)) ++out.reviews;
    if (is_unused(account, now)) ++out.unused;
  }
  return out;
}

}  // namespace certrelay
