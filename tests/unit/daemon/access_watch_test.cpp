// Goal: R54's three figures count what is unusual, each at its limit and one past it, and nothing
// else.
#include "firmware/daemon/access_watch.hpp"

#include <gtest/gtest.h>

namespace certrelay {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// A Tuesday in December, 10:00 in Japan.
UtcTime workday() { return parse_rfc3339("2026-12-01T10:00:00+09:00").value(); }
SteadyTime at(std::chrono::milliseconds since) { return SteadyTime(since); }

SubjectPseudonym person(std::uint8_t number) {
  SubjectPseudonym out{};
  out[0] = number;
  return out;
}

SeenEntry inquiry(std::vector<SubjectPseudonym> subjects) {
  return {EntryKind::kProvisionInquiry, false, std::move(subjects)};
}

SeenEntry act(EntryKind kind) { return {kind, false, {}}; }

TEST(AccessWatch, TheFourthInquiryAboutOnePersonInTenMinutesIsARepeat) {  // R54
  AccessWatch watch{{}};
  for (int i = 0; i < 3; ++i) watch.note(inquiry({person(1)}), workday(), at(minutes(i)));
  watch.note(inquiry({person(2)}), workday(), at(minutes(3)));
  EXPECT_EQ(watch.counts().subject_repeats, 0U);
  watch.note(inquiry({person(3), person(1)}), workday(), at(minutes(4)));
  EXPECT_EQ(watch.counts().subject_repeats, 1U);
}

TEST(AccessWatch, AnInquiryIsForgottenAfterTenMinutesAndNotBefore) {
  AccessWatch watch{{}};
  for (int i = 0; i < 3; ++i) watch.note(inquiry({person(1)}), workday(), at(minutes(0)));
  auto late = watch.counts();
  watch.note(inquiry({person(1)}), workday(), at(minutes(10)));
  EXPECT_EQ(watch.counts().subject_repeats, late.subject_repeats);
  AccessWatch other{{}};
  for (int i = 0; i < 3; ++i) other.note(inquiry({person(1)}), workday(), at(minutes(0)));
  other.note(inquiry({person(1)}), workday(), at(minutes(10) - std::chrono::milliseconds(1)));
  EXPECT_EQ(other.counts().subject_repeats, 1U);
}

TEST(AccessWatch, WhatIsRememberedIsBounded) {
  AccessWatch watch{{}};
  const std::vector<SubjectPseudonym> three(3, person(1));
  watch.note(inquiry(three), workday(), at(minutes(0)));
  std::vector<SubjectPseudonym> others;
  for (std::size_t i = 0; i < kRememberedMax; ++i) {
    auto one = person(2);
    one[1] = static_cast<std::uint8_t>(i);
    one[2] = static_cast<std::uint8_t>(i >> 8U);
    others.push_back(one);
  }
  watch.note(inquiry(others), workday(), at(minutes(1)));
  watch.note(inquiry({person(1)}), workday(), at(minutes(2)));
  EXPECT_EQ(watch.counts().subject_repeats, 0U);
}

TEST(AccessWatch, AnIssueOrARefusalIsNoInquiry) {
  AccessWatch watch{{}};
  Entry entry;
  entry.subjects = {person(1)};
  for (const auto kind : {EntryKind::kProvisionIntent, EntryKind::kRefusal}) {
    entry.kind = kind;
    for (int i = 0; i < 5; ++i) watch.note(AccessWatch::seen(entry), workday(), at(minutes(0)));
  }
  EXPECT_EQ(watch.counts().subject_repeats, 0U);
}

TEST(AccessWatch, WorkOutsideTheHoursCountsAndReadingDoesNot) {  // R54
  AccessWatch watch{{}};
  const auto count = [&](EntryKind kind, UtcTime when) {
    const auto before = watch.counts().off_hours_work;
    watch.note(act(kind), when, at(minutes(0)));
    return watch.counts().off_hours_work - before;
  };
  for (const auto kind : {EntryKind::kOperatorSignedIn, EntryKind::kOperatorAction,
                          EntryKind::kApproval, EntryKind::kApprovalDenied}) {
    EXPECT_EQ(count(kind, workday()), 0U);
    EXPECT_EQ(count(kind, workday() + hours(12)), 1U);
  }
  EXPECT_EQ(count(EntryKind::kOperatorViewed, workday() + hours(12)), 0U);
  const auto acts = EntryKind::kOperatorAction;
  EXPECT_EQ(count(acts, workday() - hours(2)), 0U);  // 8:00
  EXPECT_EQ(count(acts, workday() - hours(2) - std::chrono::milliseconds(1)), 1U);
  EXPECT_EQ(count(acts, workday() + hours(9) - std::chrono::milliseconds(1)), 0U);
  EXPECT_EQ(count(acts, workday() + hours(9)), 1U);  // 19:00
  EXPECT_EQ(count(acts, workday() + hours(4 * 24)), 1U) << "a Saturday";
  EXPECT_EQ(count(acts, workday() + hours(28 * 24)), 1U) << "29 December";
}

TEST(AccessWatch, NobodyIsLateWhileTheClockIsDoubted) {
  AccessWatch watch{{}};
  watch.note(act(EntryKind::kOperatorAction), std::nullopt, at(minutes(0)));
  EXPECT_EQ(watch.counts().off_hours_work, 0U);
}

TEST(AccessWatch, OtherHoursHoldFromTheNextEntryOn) {
  AccessWatch watch{{}};
  WorkHours always;
  always.days = {
      .hours = {.opens_min = 0, .closes_min = 24 * 60}, .yearly_closures = {}, .once_closures = {}};
  always.weekends = true;
  watch.set_hours(always);
  watch.note(act(EntryKind::kOperatorAction), workday() + hours(4 * 24 + 12), at(minutes(0)));
  EXPECT_EQ(watch.counts().off_hours_work, 0U);
}

TEST(AccessWatch, ALogInThatIsRefusedCountsAndAnotherRefusalDoesNot) {  // R54
  AccessWatch watch{{}};
  Entry entry;
  entry.kind = EntryKind::kOperatorRefused;
  entry.action = ActionCode::parse("log_in").value();
  watch.note(AccessWatch::seen(entry), workday(), at(minutes(0)));
  entry.action = ActionCode::parse("alarm.clear").value();
  watch.note(AccessWatch::seen(entry), workday(), at(minutes(0)));
  entry.kind = EntryKind::kOperatorSignedIn;
  entry.action = ActionCode::parse("log_in").value();
  watch.note(AccessWatch::seen(entry), workday(), at(minutes(0)));
  EXPECT_EQ(watch.counts().login_failures, 1U);
}

}  // namespace
}  // namespace certrelay
