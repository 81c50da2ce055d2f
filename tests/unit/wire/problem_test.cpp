#include "protocol/wire/problem.hpp"

#include <gtest/gtest.h>

#include <set>

#include "protocol/wire/transaction_state.hpp"
#include "tests/unit/wire/examples.hpp"

namespace certrelay::examples {
namespace {

std::vector<ProblemCode> every_code() {
  std::vector<ProblemCode> codes;
  for (std::uint8_t number = 1; number <= 18; ++number) codes.push_back(ProblemCode{number});
  codes.push_back(ProblemCode::kSequenceGap);
  codes.push_back(ProblemCode::kChangeRejected);
  return codes;
}

Problem make(ProblemCode code) {
  return {.code = code,
          .title = problem_text(code, "6時30分から23時まで"),
          .transaction_id = kTransaction,
          .detail = {}};
}

TEST(Problem, EveryCodeIsReadBack) {
  std::set<std::string_view> names;
  for (const auto code : every_code()) {
    const auto answer = problem_answer(make(code));
    EXPECT_EQ(answer.status, status_of(code));
    EXPECT_GE(answer.status, 400);
    EXPECT_EQ(only_header(answer.headers, "content-type"), "application/problem+json");
    EXPECT_EQ(only_header(answer.headers, "content-language"), "ja");
    const auto read = decode_problem(answer.body);
    ASSERT_TRUE(read.has_value()) << to_text(code);
    EXPECT_EQ(read.value().code, code);
    EXPECT_EQ(read.value().transaction_id, kTransaction);
    EXPECT_EQ(read.value().title, make(code).title);
    names.insert(to_text(code));
  }
  EXPECT_EQ(names.size(), every_code().size());
}

TEST(Problem, ClosedSaysTheHoursInForce) {
  EXPECT_EQ(
      problem_text(ProblemCode::kClosed, "6時30分から23時まで（12月29日から1月3日と保守日を除く）"),
      "ただいまサービス提供時間外です。ご利用時間は6時30分から23時まで（12月29日から1月3日"
      "と保守日を除く）です。");
}

TEST(Problem, WindowOnlyDiffersInTheIdAlone) {
  const auto one = text_of(encode(make(ProblemCode::kWindowOnly)).value());
  auto other = make(ProblemCode::kWindowOnly);
  other.transaction_id = TransactionId::parse("6ba7b810-9dad-41d1-80b4-00c04fd430c8").value();
  auto two = text_of(encode(other).value());
  ASSERT_NE(one, two);
  two.replace(two.find("6ba7b810"), 36, kTransaction.text());
  EXPECT_EQ(one, two);
}

TEST(Problem, MembersThatDisagreeAreRefused) {
  const auto good = text_of(encode(make(ProblemCode::kWindowOnly)).value());
  const auto passes = [&](std::string_view from, std::string_view to) {
    auto text = good;
    text.replace(text.find(from), from.size(), to);
    return decode_problem(as_bytes(text)).has_value();
  };
  EXPECT_TRUE(passes("403", "403"));
  EXPECT_FALSE(passes("403", "404"));
  EXPECT_FALSE(passes("\"retry\":\"never\"", "\"retry\":\"same_request\""));
  EXPECT_FALSE(passes("problem:window_only", "problem:closed"));
  EXPECT_FALSE(passes("\"code\":\"window_only\"", "\"code\":\"closed\""));
}

TEST(Problem, TextsOfTheLimitPassAndOneMoreDoesNot) {
  auto problem = make(ProblemCode::kExtractRejected);
  problem.detail = std::string(kProblemTextBytesMax, 'x');
  EXPECT_TRUE(decode_problem(encode(problem).value()).has_value());
  problem.detail += 'x';
  EXPECT_EQ(encode(problem).error().code, ErrorCode::kLimitExceeded);
}

TEST(TransactionState, EventsFollowOnlyTheirStates) {
  using enum TransactionState;
  const std::set<TransactionState> waiting{kIssued, kResultMissing, kDeliveryUnknown};
  const std::set<TransactionState> paper{kIssued,    kResultMissing, kDeliveryUnknown, kPrinted,
                                         kCancelled, kJammed,        kTimedOut,        kLeftBehind};
  for (std::uint8_t number = 1; number <= 13; ++number) {
    const TransactionState state{number};
    for (const auto event : {PrintEvent::kPrinted, PrintEvent::kCancelled, PrintEvent::kJammed,
                             PrintEvent::kTimedOut}) {
      const auto next = state_after(state, event);
      ASSERT_EQ(next.has_value(), waiting.contains(state)) << to_text(state) << to_text(event);
      if (next) {
        EXPECT_EQ(to_text(next.value()), to_text(event));
      }
    }
    EXPECT_EQ(state_after(state, PrintEvent::kLeftBehind).has_value(), state == kPrinted);
    EXPECT_EQ(state_after(state, PrintEvent::kRefunded).has_value(), paper.contains(state));
  }
}

}  // namespace
}  // namespace certrelay::examples
