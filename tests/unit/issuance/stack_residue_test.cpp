// Goal: what an inquiry and an issuance read of a household is gone from the stack of the thread
// that worked for them (R33, R38); a worker may then rest for hours. Method: the real issuance on a
// stack of the test's own, searched afterwards.
#include <gtest/gtest.h>

#include <array>
#include <memory>

#include "protocol/base/spent_stack.hpp"
#include "render/render.hpp"
#include "tests/support/issuance_world.hpp"
#include "tests/support/own_stack.hpp"
#include "tests/support/render_samples.hpp"

namespace certrelay {
namespace {

using testing::IssuanceWorld;
using testing::sample_serial;
using testing::stack_after;

// Names, kana and dates of birth that the screen showed.
std::vector<std::string> shown_texts(const HttpAnswer& inquiry) {
  std::vector<std::string> out;
  const auto listed = decode_inquiry_answer(inquiry.body).value();
  for (const auto& member : listed.members) {
    out.emplace_back(member.name.reveal());
    out.emplace_back(member.name_kana.reveal());
    out.push_back(member.birth_date.iso());
  }
  return out;
}

std::vector<std::string> left_of(const std::vector<std::string>& texts, const std::string& stack) {
  std::vector<std::string> out;
  for (const auto& text : texts) {
    if (stack.find(text) != std::string::npos) out.push_back(text);
  }
  return out;
}

[[gnu::noinline]] void leave(std::string_view text) {
  std::array<volatile char, 64> array{};
  std::copy_n(text.begin(), std::min(text.size(), array.size()), array.begin());
}

TEST(StackResidue, AnIssuanceLeavesNothingOfTheHousehold) {
  const auto world = std::make_unique<IssuanceWorld>();
  const auto id = world->fresh_id();
  HttpAnswer inquiry;
  const auto after_inquiry = stack_after([&] { inquiry = world->inquire(id, sample_serial(3)); });
  ASSERT_EQ(inquiry.status, 200);
  const auto texts = shown_texts(inquiry);
  ASSERT_GE(texts.size(), 3U);
  EXPECT_EQ(left_of(texts, after_inquiry), std::vector<std::string>());

  const auto request = IssuanceWorld::take_all(inquiry);
  HttpAnswer answer;
  const auto after_issuance = stack_after([&] { answer = world->issue(id, request); });
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(left_of(texts, after_issuance), std::vector<std::string>());

  // The control: a function that leaves one is found out.
  EXPECT_EQ(left_of(texts, stack_after([&] { leave(texts.front()); })),
            std::vector<std::string>{texts.front()});
}

TEST(StackResidue, TheDeepestWorkIsWithinReachOfTheWiping) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "its frames are several times as large";
#endif
  const auto model = sample_household_of(6);
  const auto& kit = test_render_kit();
  Result<Bytes> pdf = Bytes();
  const auto rendering = stack_after([&] { pdf = render_certificate(model, kit); });
  ASSERT_TRUE(pdf.has_value());
  const auto reading = stack_after([&] { EXPECT_TRUE(read_back(pdf.value()).has_value()); });
  EXPECT_LE(testing::depth_of(rendering), kSpentStack);
  EXPECT_LE(testing::depth_of(reading), kSpentStack);
}

}  // namespace
}  // namespace certrelay
