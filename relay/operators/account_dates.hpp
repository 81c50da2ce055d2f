// What an account asks people to do, and by when: dates that health, the console and the access
// review show (R34, the six-monthly change of passwords and review of access).
#pragma once

#include "relay/operators/operator_book.hpp"

namespace certrelay {

inline constexpr std::chrono::months kPasswordLife{6};
inline constexpr std::chrono::months kReviewEvery{6};

// The same date so many months later, or that month's last day.
JstDay months_after(JstDay day, std::chrono::months count);

// From that day on a change, or a review, is overdue. No password: none is due.
std::optional<JstDay> password_due_on(const Operator& account);
JstDay review_due_on(const Operator& account);

// How many active accounts ask for something now.
struct AccountsDue {
  std::size_t passwords = 0;
  std::size_t reviews = 0;
  std::size_t unused = 0;  // for 90 days
  bool any() const { return passwords + reviews + unused > 0; }
  friend bool operator==(const AccountsDue&, const AccountsDue&) = default;
};
AccountsDue accounts_due(const OperatorBook& book, UtcTime now);

}  // namespace certrelay
