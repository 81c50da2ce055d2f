// Goal: a line of `card verify` costs no more memory than its limit, is refused when it is longer,
// and the next one is judged.
#include "firmware/ctl/card_lines.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <vector>

namespace certrelay {
namespace {

constexpr std::size_t kLimit = 200;

// A line that is no case, and whose answer tells that it was read to its end.
std::string line_of(std::size_t bytes, std::string_view id) {
  std::string line = "{\"id\":\"" + std::string(id) + "\"}";
  line.resize(bytes, ' ');
  return line;
}

std::vector<std::string> answers_to(const std::string& input) {
  std::istringstream in(input);
  std::ostringstream out;
  EXPECT_EQ(verify_card_lines(in, out, kLimit), 1);
  std::vector<std::string> answers;
  std::istringstream lines(out.str());
  for (std::string one; std::getline(lines, one);) answers.push_back(one);
  return answers;
}

bool is_too_long(const std::string& answer) {
  return answer.find(R"({"id":null,"result":"reject","reason":"bad_input: json: size")") == 0;
}

TEST(CardLinesTest, ALineAtTheLimitIsReadAndOnePastIsNot) {
  const auto answers = answers_to(line_of(kLimit, "a") + "\n" + line_of(kLimit + 1, "b") + "\n" +
                                  line_of(kLimit + 2, "c") + "\n\n" + line_of(40 * kLimit, "d") +
                                  "\n" + line_of(kLimit, "e") + "\n");
  ASSERT_EQ(answers.size(), 5U);
  EXPECT_EQ(answers[0].find(R"({"id":"a","result":"reject")"), 0U) << answers[0];
  for (const auto at : {1U, 2U, 3U}) EXPECT_TRUE(is_too_long(answers[at])) << answers[at];
  EXPECT_EQ(answers[4].find(R"({"id":"e","result":"reject")"), 0U) << answers[4];
}

TEST(CardLinesTest, ALastLineNeedsNoLineFeed) {
  EXPECT_EQ(answers_to(line_of(kLimit, "a")).size(), 1U);
  EXPECT_TRUE(is_too_long(answers_to(line_of(kLimit + 1, "a")).at(0)));
}

TEST(CardLinesTest, NoMoreThanTheLimitIsHeld) {
  std::istringstream in(std::string(100 * kLimit, 'x') + "\ny\n\nz");
  std::string line;
  ASSERT_TRUE(read_card_line(in, line, kLimit));
  EXPECT_EQ(line, std::string(kLimit + 1, 'x'));
  EXPECT_LT(line.capacity(), 3 * kLimit);
  for (const auto* next : {"y", "", "z"}) {
    ASSERT_TRUE(read_card_line(in, line, kLimit));
    EXPECT_EQ(line, next);
  }
  EXPECT_FALSE(read_card_line(in, line, kLimit));
}

}  // namespace
}  // namespace certrelay
