#include "relay/identity/der.hpp"

#include <gtest/gtest.h>

#include "relay/identity/oids.hpp"

namespace certrelay {
namespace {

constexpr auto kCode = ErrorCode::kCertificateMalformed;

bool reads(std::string_view hex) {
  const auto bytes = from_hex(hex).value();
  DerReader in(bytes, kCode);
  return in.any().has_value() && in.expect_end().has_value();
}

TEST(DerTest, TakesOnlyTheShortestLength) {
  EXPECT_TRUE(reads("040101"));
  EXPECT_FALSE(reads("04810101"));    // below 128 in the long form
  EXPECT_FALSE(reads("0482000101"));  // a leading zero
  EXPECT_FALSE(reads("0480010000"));  // indefinite
  EXPECT_FALSE(reads("0485000000000101"));
  EXPECT_TRUE(reads("048180" + std::string(256, '0')));
  EXPECT_FALSE(reads("04817f" + std::string(254, '0')));
}

TEST(DerTest, RefusesTruncationHighTagsAndTrailingBytes) {
  EXPECT_FALSE(reads(""));
  EXPECT_FALSE(reads("04"));
  EXPECT_FALSE(reads("040201"));
  EXPECT_FALSE(reads("1f0100"));
  EXPECT_FALSE(reads("04010100"));
}

std::optional<UtcTime> time_of(std::uint8_t tag, std::string_view text) {
  const auto time = der_time(DerValue{tag, as_bytes(text), {}}, kCode);
  return time ? std::optional<UtcTime>(time.value()) : std::nullopt;
}

TEST(DerTest, ReadsTimesInTheTwoFormsOfRfc5280) {
  EXPECT_EQ(time_of(0x17, "261122100000Z"), parse_rfc3339("2026-11-22T10:00:00Z").value());
  EXPECT_EQ(time_of(0x17, "700101000000Z"), UtcTime{});
  EXPECT_LT(*time_of(0x17, "500101000000Z"), UtcTime{});  // 1950
  EXPECT_EQ(time_of(0x18, "20500101000000Z"), parse_rfc3339("2050-01-01T00:00:00Z").value());
  EXPECT_EQ(time_of(0x17, "491231235959Z"), parse_rfc3339("2049-12-31T23:59:59Z").value());
}

TEST(DerTest, RefusesOtherTimes) {
  for (const auto* text : {"2611221000Z", "261122100000+0900", "260229000000Z", "261122240000Z",
                           "261122100060Z", "26112210000 Z", "26112210000-Z", "261122100000"}) {
    EXPECT_FALSE(time_of(0x17, text)) << text;
  }
  EXPECT_FALSE(time_of(0x18, "20261122100000.5Z"));
  EXPECT_FALSE(time_of(0x18, "202611221000Z"));
  EXPECT_FALSE(time_of(0x16, "261122100000Z"));
}

TEST(DerTest, NumbersAreShortestAndBounded) {
  const auto number = [](std::string_view hex) {
    const auto bytes = from_hex(hex).value();
    const auto value = der_unsigned(bytes, kCode);
    return value ? std::optional<std::uint64_t>(value.value()) : std::nullopt;
  };
  EXPECT_EQ(number("00"), 0U);
  EXPECT_EQ(number("0080"), 128U);
  EXPECT_EQ(number("00ffffffffffffffff"), ~std::uint64_t{0});
  EXPECT_FALSE(number("010000000000000000"));
  EXPECT_FALSE(number("0001"));
  EXPECT_FALSE(number("80"));
  EXPECT_FALSE(number(""));
}

TEST(DerTest, WritesDottedOids) {
  // 1.2.392.200149.8.5.1.3.30 as JPKI's certificates carry it.
  EXPECT_EQ(to_hex(oid::from_dotted("1.2.392.200149.8.5.1.3.30").value()),
            "2a83088c9b55080501031e");
  EXPECT_EQ(to_hex(oid::from_dotted("2.5.29.32.0").value()), "551d2000");
  for (const auto* bad :
       {"", "1", "1.", "3.1", "1.40", "1.2.", "1.2..3", "1.02", "1.2.x", "-1.2"}) {
    EXPECT_FALSE(oid::from_dotted(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace certrelay
