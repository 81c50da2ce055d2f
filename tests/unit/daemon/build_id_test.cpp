#include "firmware/daemon/build_id.hpp"

#include <gtest/gtest.h>

#include <regex>

namespace certrelay {
namespace {

TEST(BuildIdTest, NamesTheVersionAndTheVeryLink) {  // INV-8
  const std::regex expected("certrelay-[0-9.]+\\+[0-9a-f]{40}");
  EXPECT_TRUE(std::regex_match(std::string(build_id().text()), expected)) << build_id().text();
  EXPECT_EQ(build_id(), build_id());
}

}  // namespace
}  // namespace certrelay
