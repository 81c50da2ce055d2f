// The body of a change on hostile bytes. What has no fault encodes, and decodes again without one.
#include "protocol/base/check.hpp"
#include "protocol/extract/change.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certrelay;  // NOLINT(google-build-using-namespace)
  Diagnostics diagnostics;
  const auto read = decode_change({data, size}, diagnostics);
  if (!read || !diagnostics.clean()) return 0;
  const auto body = encode(read.value().change);
  if (!body) return 0;  // escapes may make it longer than the limit
  Diagnostics again;
  const auto reread = decode_change(body.value(), again);
  CERTRELAY_CHECK(reread.has_value() && again.clean());
  CERTRELAY_CHECK(encode(reread.value().change).value() == body.value());
  return 0;
}
