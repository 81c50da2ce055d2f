#include "protocol/base/check.hpp"
#include "protocol/seal/printed_seal.hpp"

// Any text: refused, or just the text that the seal which was read is spelled as.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certrelay;
  const auto text = as_text({data, size});
  const auto read = decode_printed_seal(text);
  if (!read) return 0;
  const auto& seal = read.value();
  CERTRELAY_CHECK(encode_printed_seal(seal.seal, seal.signature).value() == text);
  CERTRELAY_CHECK(printed_seal_message(seal.seal).value() == seal.message);
  return 0;
}
