// A resident's datum leaves nothing where it lay (R33, R38). Goal: a short text, which the string
// keeps in the object itself, is wiped by the destructor, also in an object that was moved from or
// got a longer text since. Method: objects made in bytes of the test's own, which are read after
// their end.
#include "protocol/base/personal_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>

namespace certrelay {
namespace {

// 15 bytes, the longest that lies in the object.
constexpr std::string_view kShortest = "見本太郎花";
constexpr std::string_view kLong = "見本太郎花々";

struct Place {
  alignas(PersonalText) std::array<char, sizeof(PersonalText)> bytes{};

  PersonalText* made(PersonalText text) {
    return std::construct_at(reinterpret_cast<PersonalText*>(bytes.data()), std::move(text));
  }
  bool has(std::string_view text) const {
    return std::ranges::search(bytes, text).begin() != bytes.end();
  }
};

TEST(PersonalTextTest, WhatLayInTheObjectIsGoneAfterIt) {
  Place place;
  auto* const text = place.made(PersonalText(std::string(kShortest)));
  EXPECT_TRUE(place.has(kShortest));  // the control
  std::destroy_at(text);
  EXPECT_FALSE(place.has(kShortest.substr(0, 3)));
  EXPECT_FALSE(place.has(kShortest.substr(12)));
}

TEST(PersonalTextTest, AlsoInOneThatWasMovedFrom) {
  Place place;
  auto* const text = place.made(PersonalText(std::string(kShortest)));
  const PersonalText taken = std::move(*text);
  EXPECT_EQ(taken.reveal(), kShortest);
  std::destroy_at(text);
  EXPECT_FALSE(place.has(kShortest.substr(3, 3)));
}

TEST(PersonalTextTest, AlsoWhereALongOneTookItsPlace) {
  for (const bool copied : {true, false}) {
    Place place;
    auto* const text = place.made(PersonalText(std::string(kShortest)));
    PersonalText later{std::string(kLong)};
    if (copied) {
      *text = later;
    } else {
      *text = std::move(later);
    }
    EXPECT_EQ(text->reveal(), kLong);
    EXPECT_FALSE(place.has(kShortest.substr(9, 3))) << copied;
    std::destroy_at(text);
  }
}

TEST(PersonalTextTest, AlsoInTheTextItWasMadeOf) {
  alignas(std::string) std::array<char, sizeof(std::string)> bytes{};
  auto* const given = std::construct_at(reinterpret_cast<std::string*>(bytes.data()), kShortest);
  const PersonalText text(std::move(*given));
  EXPECT_EQ(text.reveal(), kShortest);
  EXPECT_EQ(std::ranges::search(bytes, kShortest.substr(3, 3)).begin(), bytes.end());
  std::destroy_at(given);
}

TEST(PersonalTextTest, OneAssignedToItselfStays) {
  PersonalText text{std::string(kShortest)};
  const auto& same = text;
  text = same;
  EXPECT_EQ(text.reveal(), kShortest);
}

TEST(PersonalTextTest, LongOnesAreMovedWhole) {
  PersonalText first{std::string(kLong)};
  const PersonalText second = std::move(first);
  EXPECT_EQ(second.reveal(), kLong);
  PersonalText third(second);
  third = PersonalText(std::string(kShortest));
  EXPECT_EQ(third.reveal(), kShortest);
  EXPECT_EQ(second.reveal(), kLong);
}

}  // namespace
}  // namespace certrelay
