#include "relay/front/answer_text.hpp"

#include <gtest/gtest.h>

#include "protocol/wire/problem.hpp"
#include "relay/front/counters.hpp"

namespace certrelay {
namespace {

const UtcTime kNow{std::chrono::milliseconds{1'795'316'400'123}};

std::string text_of(const HttpAnswer& answer, HttpMethod method, bool close = false) {
  return std::string(as_text(answer_bytes(answer, method, close, kNow)));
}

HttpAnswer answer_of(int status) {
  return {.status = status, .headers = {{"etag", "\"1\""}}, .body = {'a', 'b'}};
}

TEST(AnswerTextTest, HasOneShape) {
  EXPECT_EQ(text_of(answer_of(200), HttpMethod::kGet),
            "HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 03:00:00 GMT\r\netag: \"1\"\r\n"
            "Content-Length: 2\r\n\r\nab");
  EXPECT_EQ(text_of(answer_of(418), HttpMethod::kGet, true),
            "HTTP/1.1 418 \r\nDate: Sun, 22 Nov 2026 03:00:00 GMT\r\netag: \"1\"\r\n"
            "Content-Length: 2\r\nConnection: close\r\n\r\nab");
}

TEST(AnswerTextTest, NoContentAndNotModifiedHaveNeitherLengthNorBody) {
  for (const int status : {204, 304}) {
    const std::string text = text_of(answer_of(status), HttpMethod::kGet);
    EXPECT_EQ(text.find("Content-Length"), std::string::npos);
    EXPECT_TRUE(text.ends_with("\r\n\r\n"));
  }
}

TEST(AnswerTextTest, HeadHasTheLengthAlone) {
  const std::string text = text_of(answer_of(200), HttpMethod::kHead);
  EXPECT_NE(text.find("Content-Length: 2\r\n"), std::string::npos);
  EXPECT_TRUE(text.ends_with("\r\n\r\n"));
}

TEST(AnswerTextTest, OwnAnswersAreUnsignedProblems) {
  const auto problem = [](ErrorCode code) { return decode_problem(own_answer(code).body).value(); };
  EXPECT_EQ(problem(ErrorCode::kGateHostMissing).code, ProblemCode::kBadRequest);
  EXPECT_EQ(problem(ErrorCode::kGateBodyTooLarge).code, ProblemCode::kTooLarge);
  EXPECT_EQ(problem(ErrorCode::kVaultOverloaded).code, ProblemCode::kOverloaded);
  EXPECT_TRUE(only_header(own_answer(ErrorCode::kVaultOverloaded).headers, "retry-after"));
  EXPECT_FALSE(only_header(own_answer(ErrorCode::kVaultOverloaded).headers, "signature"));
  EXPECT_EQ(own_answer(ErrorCode::kGateHeadTimeout).status, 408);
  EXPECT_TRUE(own_answer(ErrorCode::kGateHeadTimeout).body.empty());
}

TEST(FrontCountersTest, SaturateAndForgetWhatWasTaken) {
  FrontCounters counters;
  counters.put_back({.reason = FrontRefusal::kGate, .peer = std::nullopt, .count = 0xfffffffe});
  counters.add(std::nullopt, ErrorCode::kGateByte);
  counters.add(std::nullopt, ErrorCode::kGateByte);
  const auto taken = counters.take();
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].count, 0xffffffffU);
  EXPECT_TRUE(counters.take().empty());
}

}  // namespace
}  // namespace certrelay
