// Freed memory is wiped: free and realloc, replaced once for the whole process (R33, R38). Whatever
// held a resident's data or a key is zero when it returns to the heap, whoever frees it: operator
// delete ends here, and so do OpenSSL, SQLite, libharu and the blocks that Asio takes by
// aligned_alloc for the frames of coroutines, which operator delete never sees.
//
// The size is the allocator's own (malloc_usable_size), so that every byte of the block is wiped,
// not only those that the caller asked for. glibc's names __libc_* are exported for such a
// replacement (its manual, "Replacing malloc"); what hands memory out stays glibc's.
#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

// A sanitizer's own allocator must see each call.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

extern "C" {

void __libc_free(void* memory);  // NOLINT(bugprone-reserved-identifier): glibc's own name

void free(void* memory) noexcept {
  if (memory == nullptr) return;
  ::explicit_bzero(memory, ::malloc_usable_size(memory));
  __libc_free(memory);
}

// Never glibc's own: it may move a block and give the old one back as it is.
void* realloc(void* memory, std::size_t size) noexcept {
  if (memory == nullptr) return std::malloc(size);
  if (size == 0) {
    free(memory);
    return nullptr;
  }
  const std::size_t held = ::malloc_usable_size(memory);
  if (size <= held && size >= held / 2) return memory;
  void* const moved = std::malloc(size);
  if (moved == nullptr) return nullptr;
  std::memcpy(moved, memory, std::min(held, size));
  free(memory);
  return moved;
}

}  // extern "C"

#endif
