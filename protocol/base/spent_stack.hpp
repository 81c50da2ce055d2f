#pragma once

#include <cstddef>

namespace certrelay {

// How far below its caller wipe_spent_stack() reaches: twice as deep as a step of an issuance goes
// (StackResidue.TheDeepestWorkIsWithinReachOfTheWiping measures).
inline constexpr std::size_t kSpentStack = std::size_t{32} * 1024;

// Wipes what the functions that the caller has called left on this thread's stack (R33, R38).
// Memory on the heap is wiped where it is freed; a stack is not freed, and libraries put texts into
// arrays there (Boost.JSON the first 4,096 bytes of what it writes). To be called where the caller
// still is on the thread that did the work: in a coroutine before its next co_await.
// Costs what a memset of kSpentStack costs, a quarter of a microsecond.
void wipe_spent_stack();

}  // namespace certrelay
