// The list's parser and its index.
#include <cstdlib>

#include "relay/identity/crl.hpp"
#include "relay/identity/path_rules.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const certrelay::ByteView input(data, size);
  const auto parsed = certrelay::parse_crl(input, certrelay::PathRules::for_rfc5280().keys);
  if (!parsed) return 0;
  const auto& crl = parsed.value().crl;
  // Asked for any bytes it answers, and never holds more on hold than it lists.
  static_cast<void>(crl.status(input.first(input.size() < 20 ? input.size() : 20)));
  if (crl.on_hold.size() > crl.revoked.size()) std::abort();
  return 0;
}
