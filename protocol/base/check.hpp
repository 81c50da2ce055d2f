#pragma once

namespace certrelay {

// Prints one line and aborts. Never returns. `what` is a literal: no personal data can get in.
[[noreturn]] void check_failed(const char* what, const char* file, int line) noexcept;

}  // namespace certrelay

// For what only a bug can make false. Stays on in release: an unchecked bug may hand out the wrong
// certificate, an abort hands out none.
#define CERTRELAY_CHECK(condition) \
  ((condition) ? void(0) : ::certrelay::check_failed(#condition, __FILE__, __LINE__))
