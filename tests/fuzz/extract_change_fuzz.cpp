// The body of a change on hostile bytes, for a register with individual numbers and for one
// without. What has no fault encodes, and decodes again without one.
#include "protocol/base/check.hpp"
#include "protocol/extract/change.hpp"

namespace {

using namespace certrelay;  // NOLINT(google-build-using-namespace)

void try_body(ByteView data, IndividualNumbers numbers) {
  Diagnostics diagnostics;
  const auto read = decode_change(data, diagnostics, numbers);
  if (!read || !diagnostics.clean()) return;
  const auto body = encode(read.value().change, numbers);
  if (!body) return;  // escapes may make it longer than the limit
  Diagnostics again;
  const auto reread = decode_change(body.value(), again, numbers);
  CERTRELAY_CHECK(reread.has_value() && again.clean());
  CERTRELAY_CHECK(encode(reread.value().change, numbers).value() == body.value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try_body({data, size}, IndividualNumbers::kNotHeld);
  try_body({data, size}, IndividualNumbers::kHeld);
  return 0;
}
