#include "protocol/base/json.hpp"

#include <gtest/gtest.h>

#include "tests/support/own_stack.hpp"

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

TEST(JsonTest, WritesWhatItReadHoweverLong) {
  for (const std::size_t length : {0U, 1'000U, 1'021U, 1'022U, 1'023U, 5'000U}) {
    boost::json::value value = {{"a", std::string(length, 'x')}};
    const auto text = to_json_text(value);
    EXPECT_EQ(text, "{\"a\":\"" + std::string(length, 'x') + "\"}");
    EXPECT_EQ(parse_strict_json(text).value(), value);
  }
}

TEST(JsonTest, LeavesNothingOfATextOnTheStack) {  // R33
  const boost::json::value value = {{"name", "見本　太郎花子"}};
  std::string text;
  const auto writing = testing::stack_after([&] { text = to_json_text(value); });
  EXPECT_NE(text.find("見本　太郎花子"), std::string::npos);
  EXPECT_EQ(writing.find("太郎花子"), std::string::npos);
  const std::string escaped = R"({"name":"\u898B\u672C\u3000\u592A\u90CE\u82B1\u5B50"})";
  const auto reading =
      testing::stack_after([&] { EXPECT_EQ(parse_strict_json(escaped).value(), value); });
  EXPECT_EQ(reading.find("太郎花子"), std::string::npos);
}

}  // namespace
}  // namespace certrelay
