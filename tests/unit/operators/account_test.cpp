// Goal: an account is one person's, ends when it must, and asks for what is due (R13, R30, R34).
#include <gtest/gtest.h>

#include "relay/operators/account_dates.hpp"
#include "tests/unit/operators/operator_world.hpp"

namespace certrelay {
namespace {

using testing::make_person;
using testing::OperatorWorld;

constexpr PasswordCost kSmallCost{1, std::size_t{8} * 1024};

UtcTime noon(std::string_view day) {
  return jst_midnight(parse_iso_day(day).value()) + std::chrono::hours(12);
}

Operator account_of(std::string_view roles, std::string_view affiliation, std::string_view ends_on,
                    std::string_view enrolled) {
  return account_from(make_person("mihon", roles, affiliation, ends_on).application, noon(enrolled))
      .value();
}

TEST(Account, IsAPersonsOwnAndNoSharedName) {  // R13
  const auto now = noon("2026-11-22");
  for (const auto* name : {"admin", "root", "operator", "vendor"}) {
    EXPECT_EQ(account_from(make_person(name, "clerk").application, now).error().code,
              ErrorCode::kOperatorInvalid);
  }
  EXPECT_TRUE(account_from(make_person("admin-mihon", "clerk").application, now).has_value());
}

TEST(Account, OfAVendorIsRefusedFromTheDayAfterItsLast) {  // R34
  const auto account = account_of("vendor", "subcontract", "2027-03-31", "2026-11-22");
  const auto midnight = jst_midnight(parse_iso_day("2027-04-01").value());
  EXPECT_TRUE(is_active(account, midnight - std::chrono::milliseconds(1)));
  EXPECT_FALSE(is_active(account, midnight));
  EXPECT_EQ(status_of(account, midnight), AccountStatus::kEnded);
}

TEST(AccountDates, SixMonthsLaterIsTheSameDateOrTheMonthsLastDay) {
  const auto after = [](std::string_view day) {
    return to_iso_day(months_after(parse_iso_day(day).value(), std::chrono::months(6)));
  };
  EXPECT_EQ(after("2026-11-22"), "2027-05-22");
  EXPECT_EQ(after("2026-08-31"), "2027-02-28");
  EXPECT_EQ(after("2027-08-29"), "2028-02-29");
}

TEST(AccountDates, PasswordAndReviewAreDueOnTheDayAndNotTheDayBefore) {
  OperatorBook book;
  book.accounts.push_back(account_of("clerk", "staff", "", "2026-11-22"));
  auto& account = book.accounts[0];
  const auto password = Password::parse("correct horse 9").value();
  account.login.password = PasswordHash::of(password, kSmallCost).value();
  account.login.set_at = noon("2026-11-23");
  account.last_used_on = parse_iso_day("2027-05-20").value();
  EXPECT_EQ(accounts_due(book, noon("2027-05-21")), AccountsDue{});
  EXPECT_EQ(accounts_due(book, noon("2027-05-22")), (AccountsDue{.reviews = 1}));
  EXPECT_EQ(accounts_due(book, noon("2027-05-23")), (AccountsDue{.passwords = 1, .reviews = 1}));
  account.reviewed_on = parse_iso_day("2027-05-22").value();
  account.login.set_at = noon("2027-05-23");
  EXPECT_FALSE(accounts_due(book, noon("2027-05-23")).any());
}

TEST(AccountDates, ARevokedAccountAsksForNothing) {
  OperatorBook book;
  book.accounts.push_back(account_of("clerk", "staff", "", "2026-11-22"));
  EXPECT_EQ(accounts_due(book, noon("2027-11-22")), (AccountsDue{.reviews = 1, .unused = 1}));
  book.accounts[0].revoked_at = noon("2026-12-01");
  EXPECT_FALSE(accounts_due(book, noon("2027-11-22")).any());
}

TEST(AccountDates, AreToldToHealthAndOnTheListOfOperators) {
  OperatorWorld world;
  world.tick();
  EXPECT_FALSE(world.verbs->due().any());
  world.clock.step_utc(std::chrono::hours(24 * 181));
  world.tick();
  // Auditor and vendor have ended by then.
  EXPECT_EQ(world.verbs->due(), (AccountsDue{.reviews = 3, .unused = 3}));
  const auto list = decode_operator_list(world.get(world.admin, "/v1/operators").body).value();
  EXPECT_EQ(to_iso_day(list.operators[0].review_due_on.value()), "2027-05-22");
  EXPECT_FALSE(list.operators[0].password_due_on.has_value());
}

TEST(AccountStore, KeepsTheLogInAndTheReview) {
  OperatorWorld world;
  auto next = world.store->book();
  auto& clerk = *next.find(world.clerk.name());
  const auto password = Password::parse("correct horse 9").value();
  clerk.login = {.password = PasswordHash::of(password, kSmallCost).value(),
                 .set_at = noon("2026-11-22"),
                 .code_secret = Bytes(kSealedCodeSecretMax, 7),
                 .code_step = 59'843'880,
                 .failures = 4};
  clerk.reviewed_on = parse_iso_day("2026-11-22").value();
  next.find(world.admin.name())->login = {};
  EXPECT_EQ(decode_book(encode_book(next)).value(), next);
  clerk.login.code_secret.push_back(7);
  EXPECT_EQ(decode_book(encode_book(next)).error().code, ErrorCode::kLimitExceeded);
}

TEST(AccountStore, SealsAnAuthenticatorsSecretForItsPersonAlone) {
  OperatorWorld world;
  const TotpSecret secret(Bytes(kTotpSecretBytes, 0x5A));
  auto clerk = *world.store->book().find(world.clerk.name());
  auto admin = *world.store->book().find(world.admin.name());
  clerk.login.code_secret = world.store->seal_code_secret(clerk.name, secret);
  admin.login.code_secret = clerk.login.code_secret;
  EXPECT_EQ(totp_text(world.store->open_code_secret(clerk).value()), totp_text(secret));
  EXPECT_EQ(world.store->open_code_secret(admin).error().code, ErrorCode::kSealBroken);
}

}  // namespace
}  // namespace certrelay
