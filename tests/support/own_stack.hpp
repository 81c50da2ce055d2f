// Runs work on a stack whose bytes can be looked at afterwards.
#pragma once

#include <functional>
#include <string>

namespace certrelay::testing {

// All bytes of the stack, lowest address first, after `work` has returned on a thread of its own.
// 1 MiB.
std::string stack_after(const std::function<void()>& work);

// How many of those bytes, counted from the top, were ever written.
std::size_t depth_of(const std::string& stack);

}  // namespace certrelay::testing
