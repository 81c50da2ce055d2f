#include "firmware/client/address.hpp"

#include <gtest/gtest.h>

namespace certrelay {
namespace {

TEST(Address, ReadsHostAndPort) {
  const auto name = parse_address("center.relay.example:443");
  ASSERT_TRUE(name);
  EXPECT_EQ(name.value().host, "center.relay.example");
  EXPECT_EQ(name.value().port, "443");
  const auto v6 = parse_address("[::1]:8443\n");
  ASSERT_TRUE(v6);
  EXPECT_EQ(v6.value().host, "::1");
  EXPECT_EQ(v6.value().port, "8443");
}

TEST(Address, TakesPortsFrom1To65535) {
  EXPECT_TRUE(parse_address("a:1"));
  EXPECT_TRUE(parse_address("a:65535"));
  EXPECT_FALSE(parse_address("a:0"));
  EXPECT_FALSE(parse_address("a:65536"));
}

TEST(Address, RefusesWhatIsNoAddress) {
  for (const char* text :
       {"", "a", ":1", "a:", "a:x", "a:1x", "::1:443", "a b:1", "[]:1", "a:1\n\n"}) {
    EXPECT_FALSE(parse_address(text)) << text;
  }
}

}  // namespace
}  // namespace certrelay
