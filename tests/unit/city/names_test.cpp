#include <gtest/gtest.h>

#include <set>

#include "firmware/kiosk/city/names.hpp"
#include "protocol/base/utf8.hpp"

namespace certrelay {
namespace {

TEST(CityRandom, GivesTheSameDrawsOnEveryMachine) {
  CityRandom random(1);
  // The engine's first output for seed 1 is fixed by the C++ standard's algorithm.
  EXPECT_EQ(random.below(1'000'000), 2469588189546311528ULL % 1'000'000);
}

TEST(CityRandom, StaysWithinBothEnds) {
  CityRandom random(7);
  std::set<int> seen;
  for (int i = 0; i < 200; ++i) seen.insert(random.between(-1, 2));
  EXPECT_EQ(seen, (std::set<int>{-1, 0, 1, 2}));
}

TEST(Names, HardSurnamesAppear) {
  CityRandom random(1);
  std::string all;
  for (int i = 0; i < 4000; ++i) all += random_surname(random).text;
  for (const char* hard :
       {"𠮷", "髙", "﨑", "渡邉", "渡邊", "葛\U000E0102", "辻\U000E0102", "々", "ヶ"}) {
    EXPECT_NE(all.find(hard), std::string::npos) << hard;
  }
}

TEST(Names, EveryAddressCarriesSample) {
  CityRandom random(1);
  for (int i = 0; i < 500; ++i) {
    const auto address = random_address(random);
    EXPECT_NE(address.find("見本"), std::string::npos) << address;
    EXPECT_EQ(address.rfind("高知県土佐みなと市", 0), 0U) << address;
  }
  EXPECT_EQ(full_width(2030), "２０３０");
}

}  // namespace
}  // namespace certrelay
