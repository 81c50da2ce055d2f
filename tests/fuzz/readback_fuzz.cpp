// Any bytes: the reader refuses or reads, and never reads outside of them.
#include <cstddef>
#include <cstdint>

#include "tests/support/render_samples.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const certrelay::ByteView bytes(data, size);
  (void)certrelay::read_back(bytes).has_value();
  (void)certrelay::read_content(bytes, certrelay::StreamRole::kForm, {}).has_value();
  (void)certrelay::read_unicode_map(bytes).has_value();
  const certrelay::EmbeddedFont font{.base_font = "CRLYVA+IPAmjMincho", .zlib = bytes};
  (void)certrelay::test_outlines().check(font, {"", "見", "本"}).has_value();
  (void)certrelay::Outlines::open({&bytes, 1}).has_value();
  return 0;
}
