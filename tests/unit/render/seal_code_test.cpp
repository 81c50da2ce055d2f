// The printed seal's QR code: what libqrencode drew is read by our own reader, module by module.
#include "render/pdf/seal_code.hpp"

#include <gtest/gtest.h>

#include <set>

#include "render/readback/code_stream.hpp"
#include "render/readback/code_symbol.hpp"

namespace certrelay {
namespace {

constexpr CodeBox kBox{.left = 13'000, .top = 262'200, .edge = 18'000};
constexpr std::size_t kCharactersMax = 1'249;  // of version 20, level L

std::string text_of(std::size_t size) {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  std::string out;
  for (std::size_t i = 0; i < size; ++i) out += kAlphabet[(i * 7 + size) % kAlphabet.size()];
  return out;
}

TEST(SealCodeTest, EveryLengthIsReadBackExactly) {
  std::set<std::string> widths;
  for (std::size_t size = 1; size <= kCharactersMax; size += size < 60 ? 1 : 13) {
    const auto operators = code_operators(text_of(size), kBox).value();
    const auto read = read_code_stream(as_bytes(operators));
    ASSERT_TRUE(read) << size;
    EXPECT_EQ(read.value().text, text_of(size));
    const auto at = operators.find("/W ");
    widths.insert(operators.substr(at, operators.find(' ', at + 3) - at));
  }
  EXPECT_EQ(widths.size(), 20U);  // every version
}

TEST(SealCodeTest, LiesInItsBoxWithFourLightModulesRound) {
  const auto operators = code_operators(text_of(380), kBox).value();
  const auto read = read_code_stream(as_bytes(operators)).value();
  ASSERT_NE(operators.find("/W 65 "), std::string::npos);
  const auto quiet = 18'000 * 4 / 73;
  EXPECT_NEAR(static_cast<double>(read.left_um), 13'000 + quiet, 2);
  EXPECT_NEAR(static_cast<double>(read.edge_um), 18'000 * 65 / 73, 2);
  EXPECT_NEAR(static_cast<double>(read.bottom_um), 262'200 + 18'000 - quiet, 2);
}

TEST(SealCodeTest, ThePrintableLimitHolds) {
  EXPECT_TRUE(code_operators(text_of(kCharactersMax), kBox));
  EXPECT_EQ(code_operators(text_of(kCharactersMax + 1), kBox).error().code,
            ErrorCode::kDocumentSealFailed);
  EXPECT_EQ(code_operators("lower case", kBox).error().code, ErrorCode::kDocumentSealFailed);
}

// Goal: not one wrong module leaves the house. Those of the version's and the second format word
// alone are not looked at: the text does not hang on them.
TEST(SealCodeTest, OneWrongModuleIsRefused) {
  const auto operators = code_operators(text_of(200), kBox).value();
  const auto begin = operators.find("ID\n") + 3;
  const auto end = operators.find('>');
  std::size_t refused = 0, taken = 0;
  for (auto at = begin; at < end; ++at) {
    auto changed = operators;
    changed[at] = changed[at] == '0' ? '1' : '0';
    const auto read = read_code_stream(as_bytes(changed));
    if (read && read.value().text != text_of(200)) FAIL() << "another text at " << at;
    ++(read ? taken : refused);
  }
  EXPECT_GT(refused, (end - begin) * 9 / 10);
  EXPECT_LT(taken, 40U);
}

TEST(SealCodeTest, OtherStreamsAreRefused) {
  const auto operators = code_operators("CRS1:7", kBox).value();
  const auto changed = [&](std::string_view from, std::string_view to) {
    auto out = operators;
    out.replace(out.find(from), from.size(), to);
    return read_code_stream(as_bytes(out)).has_value();
  };
  ASSERT_TRUE(changed("q ", "q "));
  EXPECT_FALSE(changed("/IM true", "/IM false"));
  EXPECT_FALSE(changed("[1 0]", "[0 1]"));
  EXPECT_FALSE(changed(" 0 0 ", " 1 0 "));
  EXPECT_FALSE(changed("/W 21", "/W 25"));
  EXPECT_FALSE(changed("EI Q", "EI Q q"));
  EXPECT_FALSE(changed("EI Q", "EI"));
  EXPECT_FALSE(changed(">\n", "\n"));
}

}  // namespace
}  // namespace certrelay
