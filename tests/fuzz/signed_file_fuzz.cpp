#include "protocol/base/check.hpp"
#include "render/readback/signed_file.hpp"

// Any bytes: refused, or taken apart into views of themselves that cover all but the signature.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certrelay;
  const ByteView pdf(data, size);
  const auto read = read_signed_file(pdf);
  if (!read) return 0;
  const auto& [before, behind] = read.value().covered;
  CERTRELAY_CHECK(before.data() == data && before.size() + behind.size() < size);
  CERTRELAY_CHECK(behind.data() + behind.size() == data + size);
  CERTRELAY_CHECK(read.value().certificate.data() == data);
  CERTRELAY_CHECK(read.value().certificate.size() < before.size());
  CERTRELAY_CHECK(!read.value().cms.empty());
  return 0;
}
