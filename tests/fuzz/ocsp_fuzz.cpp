// An OCSP answer comes from a stranger until its signature is checked: nothing in it may crash.
#include <cstdlib>

#include "relay/identity/ocsp.hpp"
#include "relay/identity/path_rules.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto answer = certrelay::parse_ocsp_answer(certrelay::ByteView(data, size),
                                                   certrelay::PathRules::for_rfc5280().keys);
  if (answer && answer.value().responses.empty()) std::abort();
  return 0;
}
