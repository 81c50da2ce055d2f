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
  // Whose list it is, is told without reading all of it, and told the same.
  const auto issuer = certrelay::crl_issuer(input);
  if (!issuer || !certrelay::same_bytes(*issuer, crl.issuer_der)) std::abort();
  if (crl.scope) {
    // A list with a scope never speaks of every certificate for every reason by silence.
    const auto covered =
        certrelay::reasons_covered(*crl.scope, {}, true, certrelay::NameMatching::kRfc5280);
    if (!crl.scope->names.empty() && covered != 0) std::abort();
  }
  return 0;
}
