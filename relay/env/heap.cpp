#include "relay/env/heap.hpp"

#include <malloc.h>

#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

// More than an issuance holds at once, for each thread's heap.
constexpr int kKeptBytes = 4 * 1024 * 1024;
// Blocks as large as this are mapped and unmapped each time; past the largest document.
constexpr int kMappedBytes = 4 * 1024 * 1024;

}  // namespace

void keep_freed_memory() {
  CERTRELAY_CHECK(::mallopt(M_TRIM_THRESHOLD, kKeptBytes) == 1);
  CERTRELAY_CHECK(::mallopt(M_MMAP_THRESHOLD, kMappedBytes) == 1);
}

void give_back_freed_memory() { static_cast<void>(::malloc_trim(0)); }

}  // namespace certrelay
