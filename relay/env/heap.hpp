// How the C library's heap is used by the processes that work for hours.
#pragma once

namespace certrelay {

// Keeps what was freed for the next request; it is wiped (firmware/daemon/wiping_allocator.cpp). By
// itself the C library gives the top of a heap back to the system whenever a document is freed, and
// faults it in again for the next one: a tenth of a front's time.
void keep_freed_memory();

// Gives back what a crowd made the heaps grow by. Now and then, not for each request: it walks all
// heaps.
void give_back_freed_memory();

}  // namespace certrelay
