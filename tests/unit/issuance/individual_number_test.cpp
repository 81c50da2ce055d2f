// Goal: 個人番号 is offered only where the register's item 19 offers it, printed only when it was
// asked for, of the chosen members alone, and held against the register by the second path (R08,
// INV-3).
#include <gtest/gtest.h>

#include <set>

#include "tests/support/issuance_world.hpp"
#include "tests/support/render_samples.hpp"

namespace certrelay {
namespace {

using testing::IssuanceWorld;
using testing::sample_serial;

constexpr std::string_view kFirst = "000000000019";
constexpr std::string_view kSecond = "000000000027";
constexpr std::string_view kThird = "000000000035";

IndividualNumber number(std::string_view text) { return IndividualNumber::parse(text).value(); }

// Household 2 has three members.
struct NumberedWorld : IssuanceWorld {
  NumberedWorld() {
    reg.current->known.kinds[0].individual_number = true;
    const auto& members = reg.current->households[1].members;
    reg.current->numbers.emplace(members[0].person, number(kFirst));
    reg.current->numbers.emplace(members[1].person, number(kSecond));
    reg.current->numbers.emplace(members[2].person, number(kThird));
  }
  // What stands on the pages of a document that takes the first `count` members.
  std::multiset<std::string> printed(std::size_t count, bool asked) {
    const auto id = fresh_id();
    const auto inquiry = inquire(id, sample_serial(2));
    EXPECT_EQ(inquiry.status, 200) << as_text(inquiry.body);
    auto request = take_all(inquiry);
    request.members.resize(count);
    request.individual_number = asked;
    const auto answer = issue(id, request);
    EXPECT_EQ(answer.status, 200) << as_text(answer.body);
    std::multiset<std::string> out;
    const auto document = read_back(answer.body).value();
    for (const auto& page : document.pages) {
      for (const auto& run : page.values) out.emplace(run.text.reveal());
    }
    return out;
  }
};

TEST(IndividualNumberIssue, IsOnThePageOfTheChosenAndOfNobodyElse) {
  NumberedWorld world;
  const auto page = world.printed(2, true);
  EXPECT_EQ(page.count(std::string(kFirst)), 1U);
  EXPECT_EQ(page.count(std::string(kSecond)), 1U);
  EXPECT_EQ(page.count(std::string(kThird)), 0U);
  EXPECT_NE(world.ledger.last().flags & kEntryNumber, 0);  // R41
}

TEST(IndividualNumberIssue, IsOmittedWhereItWasNotAskedFor) {
  NumberedWorld world;
  const auto page = world.printed(3, false);
  for (const auto text : {kFirst, kSecond, kThird}) {
    EXPECT_EQ(page.count(std::string(text)), 0U);
  }
  EXPECT_EQ(world.ledger.last().flags & kEntryNumber, 0);
}

TEST(IndividualNumberIssue, WhoHasNoneYetHasAnEmptyCellThatSaysSo) {
  NumberedWorld world;
  const auto before = world.printed(3, true).count("【空欄】");
  world.reg.current->numbers.erase(world.reg.current->households[1].members[2].person);
  const auto page = world.printed(3, true);
  EXPECT_EQ(page.count("【空欄】"), before + 1);
  EXPECT_EQ(page.count(std::string(kFirst)), 1U);
}

TEST(IndividualNumberIssue, InquiryOffersItAsTheKindSays) {  // item 19
  for (const bool offered : {false, true}) {
    NumberedWorld world;
    world.reg.current->known.kinds[0].individual_number = offered;
    const auto inquiry = world.inquire(world.fresh_id(), sample_serial(2));
    const auto answer = decode_inquiry_answer(inquiry.body).value();
    EXPECT_EQ(answer.individual_number_selectable, offered);
    EXPECT_EQ(as_text(inquiry.body).find(kFirst), std::string_view::npos);
  }
}

TEST(IndividualNumberIssue, AskedForWhereItIsNotOfferedRefuses) {
  NumberedWorld world;
  world.reg.current->known.kinds[0].individual_number = false;
  const auto id = world.fresh_id();
  auto request = IssuanceWorld::take_all(world.inquire(id, sample_serial(2)));
  request.individual_number = true;
  EXPECT_EQ(IssuanceWorld::problem_of(world.issue(id, request)), "selection_invalid");
  EXPECT_EQ(world.ledger.last().reason, ErrorCode::kNotSelectable);
}

// A number that is another one when the register is read again is a mix-up: nothing leaves, and the
// alarm latches.
TEST(IndividualNumberIssue, AnotherNumberOnTheSecondPathLatchesTheAlarm) {
  NumberedWorld world;
  const auto id = world.fresh_id();
  auto request = IssuanceWorld::take_all(world.inquire(id, sample_serial(2)));
  request.individual_number = true;
  world.reg.current->number_swapped_at = 3;  // the first of the second path
  EXPECT_EQ(IssuanceWorld::problem_of(world.issue(id, request)), "issuing_stopped");
  EXPECT_TRUE(world.alarm.latched());
}

}  // namespace
}  // namespace certrelay
