// Goal: the operators' front lets in certificates of managed terminals only, and tells the vault
// whose key it was and where (R28, R31).
#include <gtest/gtest.h>

#include "protocol/base/bytes.hpp"
#include "relay/front/peers.hpp"

namespace certrelay {
namespace {

const UtcTime kTableNow{std::chrono::sys_days{std::chrono::year(2040) / 11 / 22}};

LeafIdentity leaf(std::vector<std::string> names) {
  return {std::move(names), sha256("a key"), kTableNow - std::chrono::hours(1),
          kTableNow + std::chrono::hours(1)};
}

PeerTable two_terminals() {
  return PeerTable::make_terminals({{"terminal-1", "DNS:t1.example"}, {"t2", "DNS:t2.example"}})
      .value();
}

TEST(Terminals, AConnectionIsNamedByKeyAndTerminal) {
  const auto keyid = to_base64url(ByteView(sha256("a key")).first(16));
  const auto name = two_terminals().match(leaf({"DNS:other", "DNS:t1.example"}), kTableNow);
  ASSERT_TRUE(name.has_value());
  EXPECT_EQ(name->text(), keyid + "@terminal-1");
}

TEST(Terminals, NoTerminalTwoTerminalsOrAnExpiredCertificateIsNobody) {
  const auto table = two_terminals();
  EXPECT_FALSE(table.match(leaf({"DNS:t3.example"}), kTableNow).has_value());
  EXPECT_FALSE(table.match(leaf({"DNS:T1.example"}), kTableNow).has_value());
  EXPECT_FALSE(table.match(leaf({"DNS:t1.example", "DNS:t2.example"}), kTableNow).has_value());
  EXPECT_FALSE(
      table.match(leaf({"DNS:t1.example"}), kTableNow + std::chrono::hours(2)).has_value());
}

TEST(Terminals, NamesOfFortyCharactersAndNoLongerEachOnce) {
  const auto takes = [](std::vector<TerminalRule> rules) {
    return PeerTable::make_terminals(std::move(rules)).has_value();
  };
  EXPECT_TRUE(takes({{std::string(40, 'a'), "DNS:a"}}));
  EXPECT_FALSE(takes({{std::string(41, 'a'), "DNS:a"}}));
  EXPECT_FALSE(takes({{"a b", "DNS:a"}}));
  EXPECT_FALSE(takes({{"a", "a"}}));
  EXPECT_FALSE(takes({{"a", "DNS:a"}, {"a", "DNS:b"}}));
  EXPECT_FALSE(takes({{"a", "DNS:a"}, {"b", "DNS:a"}}));
  // The longest name fits a peer's.
  const auto table = PeerTable::make_terminals({{std::string(40, 'a'), "DNS:a"}}).value();
  EXPECT_TRUE(table.match(leaf({"DNS:a"}), kTableNow).has_value());
}

}  // namespace
}  // namespace certrelay
