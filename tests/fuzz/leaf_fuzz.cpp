// The leaf decoder, and the key decoder on what it found: nothing an attacker sends may crash it.
#include "relay/identity/certificate.hpp"
#include "relay/identity/path_rules.hpp"
#include "relay/identity/public_key.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const certrelay::ByteView input(data, size);
  const auto rules = certrelay::PathRules::for_rfc5280();
  const auto view = certrelay::parse_certificate(input);
  const auto spki = view ? view.value().spki : input;
  const auto key = certrelay::CardPublicKey::from_spki(spki, rules.keys);
  static_cast<void>(key.has_value());
  if (view) {
    // An issuer's name is compared with a subject's in every path.
    static_cast<void>(certrelay::names_match(view.value().issuer, view.value().subject,
                                             certrelay::NameMatching::kRfc5280));
  }
  return 0;
}
