#include "protocol/base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace certrelay {

void check_failed(const char* what, const char* file, int line) noexcept {
  std::fprintf(stderr, "certrelay: internal check failed: %s (%s:%d)\n", what, file, line);
  std::abort();
}

}  // namespace certrelay
