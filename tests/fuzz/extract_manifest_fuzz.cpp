// Whatever decodes must encode, and decode again to the same value.
#include "protocol/base/check.hpp"
#include "protocol/extract/manifest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto manifest = certrelay::decode_manifest({data, size});
  if (!manifest) return 0;
  const auto text = certrelay::encode(manifest.value());
  CERTRELAY_CHECK(text.has_value());
  const auto again = certrelay::decode_manifest(certrelay::as_bytes(text.value()));
  CERTRELAY_CHECK(again.has_value());
  return 0;
}
