// A security key (WebAuthn) in a person's hand: the vault has its public half and judges what it
// says, by libfido2. Every answer must come from the person (user verification) on the operators'
// own pages; the challenge is what was signed (docs/decisions/0073).
#pragma once

#include <array>
#include <optional>

#include "protocol/base/sha256.hpp"
#include "protocol/wire/operator_action.hpp"

namespace certrelay {

struct SecurityKey {
  Bytes credential_id;  // 1 to kCredentialIdMax
  Bytes spki;           // P-256 SubjectPublicKeyInfo, DER
  UtcTime added_at{};   // whole seconds
  // key_id() of the public key.
  std::string keyid() const;
  friend bool operator==(const SecurityKey&, const SecurityKey&) = default;
};

// `host`: the name under which browsers reach the operators' listener (the relying party's id).
// The person with that key signed exactly `challenge` there. Errors: kForeignSignature (another
// key's id, page or call), kBadSignature, kMalformed (what the browser sent).
Result<void> verify_assertion(std::string_view host, const SecurityKey& key,
                              const Digest& challenge, const PersonalSignature& signature);

// A new key, made for us just now: ES256, with a signed attestation over `challenge`. Whose device
// it is, the attestation's certificate is not asked: the person's approval key says that.
// Errors: kKeyUnusable, kForeignSignature, kMalformed.
Result<SecurityKey> verify_registration(std::string_view host, const Digest& challenge,
                                        ByteView client_data, ByteView attestation_object,
                                        UtcTime now);

}  // namespace certrelay
