// The frames between front and vault: what decodes in a direction encodes to the same bytes.
#include "protocol/base/check.hpp"
#include "protocol/wire/vault_frame.hpp"

namespace certrelay {
namespace {

template <auto Decode>
void frame(ByteView input) {
  const auto decoded = Decode(input);
  if (!decoded) return;
  const auto encoded = encode(decoded.value());
  CERTRELAY_CHECK(encoded.has_value());
  const auto view = ByteView(encoded.value());
  CERTRELAY_CHECK(frame_length(view.first(kFramePrefixSize)).value() == input.size());
  CERTRELAY_CHECK(as_text(view.subspan(kFramePrefixSize)) == as_text(input));
}

}  // namespace
}  // namespace certrelay

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const certrelay::ByteView input(data, size);
  certrelay::frame<certrelay::decode_front_frame>(input);
  certrelay::frame<certrelay::decode_vault_frame>(input);
  return 0;
}
