// Freed memory is wiped: operator delete and OpenSSL's allocator, replaced once for the whole
// process (R33, R38). Whatever held a resident's data or a key is zero when it returns to the heap.
//
// The size is the allocator's own (malloc_usable_size), so that every byte of the block is wiped,
// not only those that the caller asked for.
#include <malloc.h>
#include <openssl/crypto.h>

#include <cstdlib>
#include <cstring>
#include <new>

#include "firmware/daemon/wiping_allocator.hpp"
#include "protocol/base/check.hpp"

namespace {

void wipe_and_free(void* memory) noexcept {
  if (memory == nullptr) return;
  ::explicit_bzero(memory, ::malloc_usable_size(memory));
  std::free(memory);
}

void* openssl_malloc(std::size_t size, const char*, int) { return std::malloc(size); }

void* openssl_realloc(void* memory, std::size_t size, const char*, int) {
  if (memory == nullptr) return std::malloc(size);
  if (size == 0) {
    wipe_and_free(memory);
    return nullptr;
  }
  void* moved = std::malloc(size);
  if (moved == nullptr) return nullptr;
  const std::size_t held = ::malloc_usable_size(memory);
  std::memcpy(moved, memory, held < size ? held : size);
  wipe_and_free(memory);
  return moved;
}

void openssl_free(void* memory, const char*, int) { wipe_and_free(memory); }

}  // namespace

// Both halves of each pair, so that tools which match them see malloc and free.
void* operator new(std::size_t size) {
  while (true) {
    if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
    const auto handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}
void* operator new[](std::size_t size) { return operator new(size); }
void operator delete(void* memory) noexcept { wipe_and_free(memory); }
void operator delete(void* memory, std::size_t) noexcept { wipe_and_free(memory); }
void operator delete[](void* memory) noexcept { wipe_and_free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { wipe_and_free(memory); }

namespace certrelay {

void wipe_what_openssl_frees() {
  CERTRELAY_CHECK(CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) == 1);
}

}  // namespace certrelay
