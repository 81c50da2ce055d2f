#include "firmware/client/answer_head.hpp"

#include <gtest/gtest.h>

namespace certrelay {
namespace {

ErrorCode refusal(const std::string& head) {
  const auto result = parse_answer_head(head);
  return result ? ErrorCode::kNone : result.error().code;
}

TEST(AnswerHead, ReadsStatusHeadersAndLength) {
  const auto head = parse_answer_head(
      "HTTP/1.1 200 OK\r\nContent-Length: 12\r\nDate: x\r\nContent-Type:application/json \r\n\r\n");
  ASSERT_TRUE(head);
  EXPECT_EQ(head.value().status, 200);
  EXPECT_EQ(head.value().content_length, 12U);
  EXPECT_FALSE(head.value().close);
  const HttpHeaders expected{{"content-type", "application/json"}};
  EXPECT_EQ(head.value().headers, expected);
}

TEST(AnswerHead, ClosesUnlessKeepAliveIsSaid) {
  EXPECT_TRUE(parse_answer_head("HTTP/1.1 200 \r\nConnection: close\r\n\r\n").value().close);
  EXPECT_FALSE(parse_answer_head("HTTP/1.1 200 \r\nConnection: Keep-Alive\r\n\r\n").value().close);
}

TEST(AnswerHead, RefusesEveryOtherForm) {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  for (const std::string& head : {
           std::string("HTTP/1.0 200 OK\r\n\r\n"),
           std::string("HTTP/1.1 100 Continue\r\n\r\n"),
           std::string("HTTP/1.1 600 x\r\n\r\n"),
           std::string("HTTP/1.1 20 x\r\n\r\n"),
           std::string("HTTP/1.1 200\r\n\r\n"),
           std::string("HTTP/1.1 200 O\x01K\r\n\r\n"),
           std::string("HTTP/1.1 200 OK\n\n"),
           ok,
           ok + "\r\nx",
           ok + "Transfer-Encoding: chunked\r\n\r\n",
           ok + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n",
           ok + "Content-Length: +1\r\n\r\n",
           ok + "Content-Length: 1, 1\r\n\r\n",
           ok + "Content-Length: \r\n\r\n",
           ok + "Content-Length: 99999999999999999999\r\n\r\n",
           ok + "A: 1\r\nA: 2\r\n\r\n",
           ok + "A: 1\r\n folded\r\n\r\n",
           ok + "A : 1\r\n\r\n",
           ok + "A: caf\xc3\xa9\r\n\r\n",
           ok + ": 1\r\n\r\n",
           ok + "A\r\n\r\n",
       }) {
    EXPECT_EQ(refusal(head), ErrorCode::kAnswerMalformed) << head;
  }
}

TEST(AnswerHead, BoundsItsOwnSize) {
  std::string head = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 4; ++i) {
    head += "A" + std::to_string(i) + ": " + std::string(4070, 'a') + "\r\n";
  }
  head += "B: " + std::string(kAnswerHeadBytesMax - head.size() - 7, 'b') + "\r\n\r\n";
  ASSERT_EQ(head.size(), kAnswerHeadBytesMax);
  EXPECT_EQ(refusal(head), ErrorCode::kNone);
  EXPECT_EQ(refusal(head.insert(head.size() - 4, "b")), ErrorCode::kAnswerMalformed);
}

TEST(AnswerBody, FollowsMethodAndStatus) {
  AnswerHead head{.status = 200, .headers = {}, .content_length = 10, .close = false};
  EXPECT_EQ(body_size(head, HttpMethod::kGet, 10).value(), 10U);
  EXPECT_EQ(body_size(head, HttpMethod::kGet, 9).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(body_size(head, HttpMethod::kHead, 10).value(), 0U);
  head.status = 204;
  EXPECT_EQ(body_size(head, HttpMethod::kPost, 10).error().code, ErrorCode::kAnswerMalformed);
  head.content_length.reset();
  EXPECT_EQ(body_size(head, HttpMethod::kPost, 10).value(), 0U);
  head.status = 200;
  EXPECT_EQ(body_size(head, HttpMethod::kPost, 10).error().code, ErrorCode::kAnswerMalformed);
}

}  // namespace
}  // namespace certrelay
