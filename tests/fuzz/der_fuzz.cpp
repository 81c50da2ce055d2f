// The DER walk: values within values, and every reader of a content. What was read is never outside
// of the input, and what is written again is what was read.
#include <cstdlib>

#include "protocol/base/der_writer.hpp"
#include "relay/identity/der.hpp"

namespace {

using namespace certrelay;

void walk(ByteView bytes, int depth) {
  constexpr auto kCode = ErrorCode::kCertificateMalformed;
  DerReader in(bytes, kCode);
  DerValue value;
  std::size_t used = 0;
  while (in.read(value)) {
    used += value.whole.size();
    if (used > bytes.size() || value.content.size() > value.whole.size()) std::abort();
    const auto again = der_value(value.tag, {value.content});
    if (!same_bytes(again, value.whole)) std::abort();
    static_cast<void>(der_boolean(value.content, kCode).has_value());
    static_cast<void>(der_unsigned(value.content, kCode).has_value());
    static_cast<void>(der_positive(value.content, kCode).has_value());
    static_cast<void>(der_whole_octets(value.content, kCode).has_value());
    static_cast<void>(der_time(value, kCode).has_value());
    if (depth < 16) walk(value.content, depth + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  walk(ByteView(data, size), 0);
  return 0;
}
