#include <gtest/gtest.h>

#include "relay/issuance/calendar.hpp"
#include "relay/issuance/gates.hpp"
#include "relay/issuance/outer_problem.hpp"
#include "relay/issuance/refusal_counts.hpp"
#include "tests/support/memory_ports.hpp"

namespace certrelay {
namespace {

UtcTime at(const char* text) { return parse_rfc3339(text).value(); }
JstDay day(const char* text) { return parse_iso_day(text).value(); }
RegisterDate born(const char* text) { return RegisterDate::parse(text).value(); }

TEST(CalendarTest, AServiceDayIsHalfOpen) {  // R04
  const KindCalendar calendar;
  EXPECT_FALSE(is_open(calendar, at("2026-11-22T06:29:59.999+09:00")));
  EXPECT_TRUE(is_open(calendar, at("2026-11-22T06:30:00+09:00")));
  EXPECT_TRUE(is_open(calendar, at("2026-11-22T22:59:59.999+09:00")));
  EXPECT_FALSE(is_open(calendar, at("2026-11-22T23:00:00+09:00")));
}

TEST(CalendarTest, AYearlyClosureSpansTheNewYear) {
  KindCalendar calendar;
  calendar.yearly_closures.push_back({{12, 29}, {1, 3}});
  EXPECT_TRUE(is_open(calendar, at("2026-12-28T12:00:00+09:00")));
  EXPECT_FALSE(is_open(calendar, at("2026-12-29T12:00:00+09:00")));
  EXPECT_FALSE(is_open(calendar, at("2027-01-03T12:00:00+09:00")));
  EXPECT_TRUE(is_open(calendar, at("2027-01-04T06:30:00+09:00")));
  EXPECT_EQ(hours_text(calendar), "6時30分から23時まで（12月29日から1月3日と保守日を除く）");
}

TEST(CalendarTest, AnOnceClosureIsHalfOpen) {
  KindCalendar calendar;
  calendar.once_closures.push_back(
      {at("2026-11-22T12:00:00+09:00"), at("2026-11-22T13:00:00+09:00")});
  EXPECT_FALSE(is_open(calendar, at("2026-11-22T12:00:00+09:00")));
  EXPECT_TRUE(is_open(calendar, at("2026-11-22T13:00:00+09:00")));
}

TEST(CalendarTest, ErasureIsDueAtTheEndOfTheNextServiceDay) {  // R52
  KindCalendar calendar;
  calendar.yearly_closures.push_back({{12, 29}, {1, 3}});
  const auto end = [&](const char* since) { return end_of_next_service_day(calendar, at(since)); };
  EXPECT_EQ(end("2026-11-22T00:00:00+09:00"), at("2026-11-23T23:00:00+09:00"));
  EXPECT_EQ(end("2026-11-22T23:59:59+09:00"), at("2026-11-23T23:00:00+09:00"));
  EXPECT_EQ(end("2026-12-28T12:00:00+09:00"), at("2027-01-04T23:00:00+09:00"));
}

TEST(GatesTest, AgeRunsFromBirthdayToBirthday) {
  EXPECT_EQ(age_on(born("2011-11-23"), day("2026-11-22")), 14);
  EXPECT_EQ(age_on(born("2011-11-22"), day("2026-11-22")), 15);
  EXPECT_EQ(age_on(born("2012-02-29"), day("2027-02-28")), 14);
  EXPECT_EQ(age_on(born("2012-02-29"), day("2027-03-01")), 15);
  EXPECT_EQ(age_on(born("2011-00-00"), day("2026-12-30")), 14);  // in doubt, younger
}

TEST(GatesTest, EachGateHasItsOwnReason) {
  const auto today = day("2026-11-22");
  const auto reason = [&](auto&& close) {
    auto view = testing::sample_household(1, 3);
    close(view);
    const auto result = check_gates(view, view.household.head, today);
    return result ? ErrorCode::kNone : result.error().code;
  };
  EXPECT_EQ(reason([](auto&) {}), ErrorCode::kNone);
  EXPECT_EQ(reason([](auto& view) { view.members[1].applicant_gate = ApplicantGate::kProtected; }),
            ErrorCode::kHouseholdGateClosed);
  EXPECT_EQ(reason([](auto& view) { view.members[0].applicant_gate = ApplicantGate::kDeceased; }),
            ErrorCode::kApplicantGateClosed);
  EXPECT_EQ(reason([](auto& view) { view.household.gate = HouseholdGate::kHeadUndecided; }),
            ErrorCode::kHouseholdGateClosed);
  EXPECT_EQ(reason([](auto& view) {
              for (auto& member : view.members) member.member_gate = MemberGate::kGlyphMissing;
            }),
            ErrorCode::kAllMembersClosed);
  EXPECT_EQ(reason([](auto& view) { view.members.erase(view.members.begin()); }),
            ErrorCode::kUnknownPerson);
}

TEST(GatesTest, AMoveClosesOnItsDay) {
  auto view = testing::sample_household(1, 1);
  view.members[0].applicant_gate = ApplicantGate::kMovingOut;
  view.members[0].applicant_gate_from = day("2026-11-23");
  EXPECT_TRUE(check_gates(view, view.household.head, day("2026-11-22")).has_value());
  EXPECT_FALSE(check_gates(view, view.household.head, day("2026-11-23")).has_value());
}

TEST(GatesTest, TwentyMembersArePrintedAndTwentyOneAreNot) {
  const auto today = day("2026-11-22");
  for (const auto& [members, open] : {std::pair{20, true}, std::pair{21, false}}) {
    const auto view = testing::sample_household(1, static_cast<std::size_t>(members));
    EXPECT_EQ(check_gates(view, view.household.head, today).has_value(), open);
  }
}

TEST(OuterProblemTest, NoReasonOfTheRegisterLooksDifferentFromOutside) {
  for (const auto inner :
       {ErrorCode::kUnknownCard, ErrorCode::kUnknownPerson, ErrorCode::kApplicantGateClosed,
        ErrorCode::kUnderFifteen, ErrorCode::kTooManyMembers, ErrorCode::kGlyphMissing,
        ErrorCode::kTextTooLong, ErrorCode::kLinkNotYetValid}) {
    EXPECT_EQ(outer_problem(inner), ProblemCode::kWindowOnly);
  }
  EXPECT_EQ(outer_problem(ErrorCode::kCardRevoked), ProblemCode::kCardNotAccepted);
  EXPECT_EQ(outer_problem(ErrorCode::kInternal), ProblemCode::kOverloaded);
}

TEST(RefusalCountsTest, AFloodCostsBoundedEntries) {  // R42
  RefusalCounts counts;
  for (int i = 0; i < 500; ++i) {
    counts.count(Role::kCenter, PeerName::parse("peer-" + std::to_string(i)).value(),
                 ErrorCode::kMalformed);
  }
  const auto entries = counts.take({}, {});
  EXPECT_LE(entries.size(), RefusalCounts::kEntriesPerMinuteMax);
  std::uint64_t total = 0;
  for (const auto& entry : entries) total += *entry.count;
  EXPECT_EQ(total, 500U);
  EXPECT_TRUE(counts.take({}, {}).empty());
}

}  // namespace
}  // namespace certrelay
