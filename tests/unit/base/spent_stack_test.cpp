// Goal: what functions left on a thread's stack is gone after wipe_spent_stack() (R33, R38).
// Method: a function leaves a text at a depth within reach; the stack is searched with and without
// the wiping.
#include "protocol/base/spent_stack.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "tests/support/own_stack.hpp"

namespace certrelay {
namespace {

using testing::stack_after;

constexpr std::string_view kLeft = "SAMPLE-TEXT-LEFT-BEHIND";

// Leaves the text so many bytes, and some, below its caller.
template <std::size_t Depth>
[[gnu::noinline]] void leave_below() {
  std::array<volatile char, Depth + kLeft.size()> array;  // NOLINT(*-member-init)
  std::copy(kLeft.begin(), kLeft.end(), array.begin());
}

bool left(const std::string& stack) { return stack.find(kLeft) != std::string::npos; }

TEST(SpentStack, WhatWasLeftWithinReachIsWiped) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "arrays lie on a stack of its own";
#endif
  EXPECT_TRUE(left(stack_after([] { leave_below<64>(); })));  // the controls
  EXPECT_TRUE(left(stack_after([] { leave_below<kSpentStack - 1024>(); })));
  EXPECT_FALSE(left(stack_after([] {
    leave_below<64>();
    wipe_spent_stack();
  })));
  EXPECT_FALSE(left(stack_after([] {
    leave_below<kSpentStack - 1024>();
    wipe_spent_stack();
  })));
}

TEST(SpentStack, BeyondItsReachItIsNot) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "arrays lie on a stack of its own";
#endif
  EXPECT_TRUE(left(stack_after([] {
    leave_below<kSpentStack + 1024>();
    wipe_spent_stack();
  })));
}

}  // namespace
}  // namespace certrelay
