// Any bytes: the reader refuses or reads, and never reads outside of them.
#include <cstddef>
#include <cstdint>

#include "render/readback/read_back.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const certrelay::ByteView bytes(data, size);
  (void)certrelay::read_back(bytes).has_value();
  (void)certrelay::read_content(bytes, certrelay::StreamRole::kForm, {}).has_value();
  (void)certrelay::read_unicode_map(bytes).has_value();
  return 0;
}
