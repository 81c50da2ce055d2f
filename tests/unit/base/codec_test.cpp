#include "protocol/base/codec.hpp"

#include <gtest/gtest.h>

namespace certrelay {
namespace {

TEST(CodecTest, WritesBigEndian) {
  ByteWriter out;
  out.u16(0x0102);
  out.u64(0x030405060708090A);
  out.short_text("ab");
  EXPECT_EQ(to_hex(out.view()), "0102030405060708090a00026162");
}

TEST(CodecTest, ReadsWhatItWrote) {
  const auto bytes = from_hex("0102030405060708090a00026162").value();
  ByteReader in(bytes);
  EXPECT_EQ(in.u16().value(), 0x0102);
  EXPECT_EQ(in.u64().value(), 0x030405060708090AU);
  EXPECT_FALSE(in.expect_end().has_value());
  EXPECT_EQ(as_text(in.short_bytes(2).value()), "ab");
  EXPECT_TRUE(in.expect_end().has_value());
}

TEST(CodecTest, RefusesAFieldPastItsLimit) {
  const auto bytes = from_hex("00026162").value();
  EXPECT_EQ(ByteReader(bytes).short_bytes(1).error().code, ErrorCode::kLimitExceeded);
}

TEST(CodecTest, RefusesATruncatedNumber) {
  const auto bytes = from_hex("010203").value();
  EXPECT_EQ(ByteReader(bytes).u32().error().code, ErrorCode::kMalformed);
}

}  // namespace
}  // namespace certrelay
