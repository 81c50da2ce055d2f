// Goal: a name is printed exactly or refused, whatever its characters are (R46, INV-13). Method:
// random strings of Unicode from fixed seeds, drawn where trouble lives: ideographs of all planes,
// selectors, marks, private use, half width, controls, ill-formed bytes.
#include <gtest/gtest.h>

#include <random>

#include "protocol/base/utf8.hpp"
#include "render/print_check.hpp"
#include "render/readback/check.hpp"
#include "render/readback/read_back.hpp"
#include "tests/support/render_samples.hpp"

namespace certrelay {
namespace {

struct Block {
  char32_t first, last;
};
constexpr std::array<Block, 16> kBlocks{{{U' ', U'~'},
                                         {0x00A1, 0x024F},
                                         {0x0300, 0x0340},
                                         {0x0400, 0x04FF},
                                         {0x2010, 0x2060},
                                         {0x3000, 0x30FF},
                                         {0x3400, 0x4DBF},
                                         {0x4E00, 0x9FFF},
                                         {0x4E00, 0x9FFF},
                                         {0xE000, 0xF8FF},
                                         {0xF900, 0xFAFF},
                                         {0xFE00, 0xFE0F},
                                         {0xFF01, 0xFFEF},
                                         {0x20000, 0x2FA1F},
                                         {0xE0100, 0xE01EF},
                                         {0x100000, 0x10FFFD}}};

class NameMaker {
 public:
  explicit NameMaker(std::uint64_t seed) : random_(seed) {}

  // `plain`: only of the blocks that fonts have nearly whole, so that many names print.
  std::string name(bool plain) {
    std::string out;
    const auto size = 1 + below(plain ? 30 : 6);
    for (std::size_t i = 0; i < size; ++i) {
      const auto& block = plain ? kBlocks.at(5 + below(4)) : kBlocks.at(below(kBlocks.size()));
      append_utf8(out, block.first + static_cast<char32_t>(below(block.last - block.first + 1)));
      if (below(8) == 0) append_utf8(out, 0xE0100 + static_cast<char32_t>(below(9)));
    }
    return out;
  }
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(random_() % count); }

 private:
  std::mt19937_64 random_;
};

// What rendering and the import's check say of one name. True: it was printed.
bool holds(const CertificateModel& model, std::uint64_t seed) {
  const auto pdf = render_certificate(model, test_render_kit());
  const auto problems = find_print_problems(model, test_render_kit());
  if (!pdf) {
    const auto code = pdf.error().code;
    EXPECT_TRUE(code == ErrorCode::kGlyphMissing || code == ErrorCode::kTextTooLong ||
                code == ErrorCode::kInvalidUtf8)
        << seed;
    EXPECT_EQ(pdf.error().where, "name") << seed;
    EXPECT_FALSE(problems.empty()) << seed;
    return false;
  }
  EXPECT_TRUE(problems.empty()) << seed;
  const auto read = read_back(pdf.value());
  EXPECT_TRUE(read) << seed;
  EXPECT_TRUE(check_readback(read.value(), expectation_of(model), test_readback_rules())) << seed;
  return true;
}

TEST(RandomNames, AreExactOrRefused) {
  auto model = sample_household_of(1);
  std::size_t printed = 0, refused = 0;
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    NameMaker maker(seed);
    model.persons[0].name = PersonalText(maker.name(seed % 2 == 0));
    ++(holds(model, seed) ? printed : refused);
  }
  EXPECT_GT(printed, 100U);
  EXPECT_GT(refused, 500U);
}

TEST(RandomNames, IllFormedBytesAreRefused) {
  auto model = sample_household_of(1);
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    NameMaker maker(seed);
    auto name = maker.name(true);
    name.at(maker.below(name.size())) = static_cast<char>(0x80 + maker.below(0x80));
    if (is_strict_utf8(name)) continue;
    model.persons[0].name = PersonalText(name);
    EXPECT_EQ(render_certificate(model, test_render_kit()).error().code, ErrorCode::kInvalidUtf8);
  }
}

}  // namespace
}  // namespace certrelay
