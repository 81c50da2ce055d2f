#include "protocol/base/json.hpp"

#include <gtest/gtest.h>

namespace certrelay {
namespace {

ErrorCode refusal(std::string_view text) {
  const auto value = parse_strict_json(text);
  return value ? ErrorCode::kNone : value.error().code;
}

TEST(JsonTest, RefusesWhatIJsonForbids) {
  EXPECT_EQ(refusal(R"({"a":1,"a":2})"), ErrorCode::kDuplicateName);
  EXPECT_EQ(refusal(R"({"a":1,"\u0061":2})"), ErrorCode::kDuplicateName);
  EXPECT_EQ(refusal(R"({"o":{"a":1},"p":{"a":2}})"), ErrorCode::kNone);
  EXPECT_EQ(refusal(R"({"a":1.0})"), ErrorCode::kMalformed);
  EXPECT_EQ(refusal(R"({"a":9007199254740992})"), ErrorCode::kNone);
  EXPECT_EQ(refusal(R"({"a":9007199254740993})"), ErrorCode::kMalformed);
  EXPECT_EQ(refusal(R"({"a":18446744073709551615})"), ErrorCode::kMalformed);
  EXPECT_EQ(refusal(R"({"a":"\u0000"})"), ErrorCode::kInvalidUtf8);
  EXPECT_EQ(refusal(R"({"a":"\ud800"})"), ErrorCode::kMalformed);
  EXPECT_EQ(refusal("{\"a\":\"\xC0\xAF\"}"), ErrorCode::kMalformed);
  EXPECT_EQ(refusal(R"({"a":1} x)"), ErrorCode::kTrailingBytes);
  EXPECT_EQ(refusal(R"({"a":1,})"), ErrorCode::kMalformed);
  EXPECT_EQ(refusal("\xEF\xBB\xBF{}"), ErrorCode::kMalformed);
  EXPECT_EQ(refusal(""), ErrorCode::kMalformed);
}

TEST(JsonTest, AcceptsDepthAtTheLimitAndRefusesOnePastIt) {
  const JsonLimits limits{.bytes_max = 64, .depth_max = 3};
  EXPECT_TRUE(parse_strict_json("[[[]]]", limits).has_value());
  EXPECT_EQ(parse_strict_json("[[[[]]]]", limits).error().code, ErrorCode::kLimitExceeded);
}

TEST(JsonTest, AcceptsSizeAtTheLimitAndRefusesOnePastIt) {
  const JsonLimits limits{.bytes_max = 4, .depth_max = 3};
  EXPECT_TRUE(parse_strict_json("[12]", limits).has_value());
  EXPECT_EQ(parse_strict_json("[123]", limits).error().code, ErrorCode::kLimitExceeded);
}

TEST(JsonTest, AClosedSchemaRefusesTheMemberNobodyAskedFor) {
  const auto value = parse_strict_json(R"({"a":"x","b":1})").value();
  auto object = JsonObject::from(value).value();
  EXPECT_EQ(object.string("a").value(), "x");
  EXPECT_EQ(object.expect_no_more().error().code, ErrorCode::kUnknownMember);
  EXPECT_EQ(object.integer("b").value(), 1);
  EXPECT_TRUE(object.expect_no_more().has_value());
  EXPECT_EQ(object.string("b").error().code, ErrorCode::kWrongType);
  EXPECT_EQ(object.string("c").error().code, ErrorCode::kMissingMember);
}

}  // namespace
}  // namespace certrelay
