// A resident's datum leaves nothing where it lay (R33, R38). Goal: a short text, which the string
// keeps in the object itself, is wiped by the destructor, also in an object that was moved from.
// Method: objects made in bytes of the test's own, which are read after their end.
#include "protocol/base/personal_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>

namespace certrelay {
namespace {

// 15 bytes, the longest that lies in the object.
constexpr std::string_view kShortest = "見本太郎花";

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

TEST(PersonalTextTest, LongOnesAreMovedWhole) {
  const std::string long_one = std::string(kShortest) + "々";
  PersonalText first(long_one);
  const PersonalText second = std::move(first);
  EXPECT_EQ(second.reveal(), long_one);
  PersonalText third(second);
  third = PersonalText(std::string(kShortest));
  EXPECT_EQ(third.reveal(), kShortest);
  EXPECT_EQ(second.reveal(), long_one);
}

}  // namespace
}  // namespace certrelay
