#include "firmware/kiosk/wish.hpp"

#include <gtest/gtest.h>

namespace certrelay {
namespace {

InquiryReply reply() {
  InquiryReply out{};
  for (std::uint8_t i = 1; i <= 3; ++i) {
    InquiryMember member{};
    member.handle.fill(i);
    member.issuable = i != 2;
    out.answer.members.push_back(std::move(member));
  }
  out.answer.purposes.push_back({PurposeCode::parse("GENERAL").value(), "一般"});
  out.answer.purposes.push_back({PurposeCode::parse("PENSION").value(), "年金"});
  out.answer.entries.push_back({EntryCode::parse("HEAD-RELATION").value(), "続柄", false, true});
  out.answer.entries.push_back({EntryCode::parse("DOMICILE").value(), "本籍", true, true});
  out.body_digest.fill(9);
  return out;
}

std::vector<int> members_of(const std::string& wish) {
  const auto request = choose({.members = wish}, reply());
  std::vector<int> out;
  if (request) {
    for (const auto& handle : request.value().members) out.push_back(handle[0]);
  }
  return out;
}

std::string included(const std::string& wish) {
  const auto request = choose({.entries = wish}, reply());
  if (!request) return "refused";
  std::string out;
  for (const auto& entry : request.value().entries) out += entry.include ? "1" : "0";
  return out;
}

TEST(Wish, ChoosesMembers) {
  EXPECT_EQ(members_of("all"), (std::vector<int>{1, 3}));
  EXPECT_EQ(members_of("3,1"), (std::vector<int>{3, 1}));
  // A closed member is sent when it is asked for by number: refusing is the relay's part.
  EXPECT_EQ(members_of("2"), (std::vector<int>{2}));
  for (const char* wish : {"0", "4", "", "1,", "x", "self"}) {
    EXPECT_TRUE(members_of(wish).empty()) << wish;
  }
}

TEST(Wish, ChoosesTheApplicantWhereTheAnswerNamesHim) {
  InquiryReply named = reply();
  named.answer.identification_id.fill(3);
  EXPECT_EQ(choose({.members = "self"}, named).value().members.at(0)[0], 3);
}

TEST(Wish, ListsEachEntryOnce) {
  EXPECT_EQ(included("default"), "01");
  EXPECT_EQ(included("all"), "11");
  EXPECT_EQ(included("none"), "00");
  EXPECT_EQ(included("HEAD-RELATION"), "10");
  EXPECT_EQ(included("HEAD-RELATION,DOMICILE"), "11");
  EXPECT_EQ(included("NOTHING"), "refused");
}

TEST(Wish, ChoosesThePurposeAndCarriesTheDigest) {
  EXPECT_EQ(choose({}, reply()).value().purpose.text(), "GENERAL");
  const auto pension = choose({.purpose = "PENSION", .copies = 2}, reply());
  EXPECT_EQ(pension.value().purpose.text(), "PENSION");
  EXPECT_EQ(pension.value().copies, 2);
  EXPECT_EQ(pension.value().inquiry_digest, reply().body_digest);
  EXPECT_FALSE(choose({.purpose = "NONE"}, reply()));
}

}  // namespace
}  // namespace certrelay
