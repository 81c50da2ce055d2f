// Whatever decodes encodes to the very bytes that it came from.
#include <algorithm>

#include "protocol/base/check.hpp"
#include "protocol/record/entry.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const certrelay::ByteView bytes(data, size);
  const auto entry = certrelay::decode_entry(bytes);
  if (entry) {
    const auto again = certrelay::encode(entry.value());
    CERTRELAY_CHECK(again.has_value() && std::ranges::equal(again.value(), bytes));
  }
  return 0;
}
