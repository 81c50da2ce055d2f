// What a person signs of an action: the proposer and the second person sign the same bytes with
// their own keys, which never pass a front: an Ed25519 key in a file, or a security key in the
// hand. No key in here; the keys' side is relay/keys/approval_key.hpp and security_key.hpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/base/time.hpp"
#include "protocol/ids/ids.hpp"
#include "protocol/ids/uuid.hpp"
#include "protocol/record/entry_text.hpp"
#include "protocol/wire/registry_statement.hpp"

namespace certrelay {

struct ActionParameter {
  std::string name;   // [a-z_]{1,32}
  std::string value;  // UTF-8 without control characters, 1 to 512 bytes
  friend bool operator==(const ActionParameter&, const ActionParameter&) = default;
};
using ActionParameters = std::vector<ActionParameter>;  // ascending by name, each once
inline constexpr std::size_t kActionParametersMax = 12;
inline constexpr std::size_t kActionValueBytesMax = 512;

struct OperatorAction {
  ActionId id;            // fresh for each proposal
  OperatorName proposer;  // so that nobody can exchange the two persons' parts
  ActionCode code;        // "alarm.clear"
  ActionParameters parameters;
  StatedReason reason;  // 処理事由 (R35)
  UtcTime expires_at;   // whole seconds
  friend bool operator==(const OperatorAction&, const OperatorAction&) = default;
};

// Order, number and form of the parameters, whole seconds. Errors: kMalformed, kLimitExceeded,
// kDuplicateValue, kInvalidUtf8.
Result<void> check(const OperatorAction& action);
// The value of that name; empty when it is absent.
std::string_view parameter_of(const ActionParameters& parameters, std::string_view name);

// The bytes under the signatures. Precondition: check() (CHECK).
Bytes action_bytes(const MunicipalityCode& municipality, const OperatorAction& action);
// What a person signs to refuse another's action, or to withdraw the own one.
Bytes denial_bytes(const MunicipalityCode& municipality, const ActionId& id,
                   const StatedReason& reason);

// What a security key says (WebAuthn Level 2 §6.3.3): its challenge is SHA-256 of the bytes.
struct KeyAssertion {
  Bytes authenticator_data;  // 37 to kAuthenticatorDataMax
  Bytes client_data;         // the JSON as the browser made it
  Bytes signature;           // ECDSA, DER
  friend bool operator==(const KeyAssertion&, const KeyAssertion&) = default;
};
inline constexpr std::size_t kAuthenticatorDataMin = 37;  // §6.1
inline constexpr std::size_t kAuthenticatorDataMax = 512;
inline constexpr std::size_t kClientDataMax = 1024;
inline constexpr std::size_t kKeySignatureMax = 80;  // two integers of 33 octets, and their heads
// Errors: kLimitExceeded.
Result<void> check(const KeyAssertion& assertion);

// Who signed, and how: the person's approval key, or a security key.
struct PersonalSignature {
  std::string keyid;             // 22 characters of base64url, key_id() of the key
  Ed25519Signature signature{};  // zeros where a security key signed
  std::optional<KeyAssertion> assertion = {};
  friend bool operator==(const PersonalSignature&, const PersonalSignature&) = default;
};

// What a person asks for with the own new key (R30: a grant begins with the user's application).
struct OperatorApplication {
  OperatorName name;
  std::string affiliation;   // parse_affiliation()
  std::string roles;         // comma-separated, parse_operator_role()
  std::string ends_on;       // YYYY-MM-DD, or empty
  std::string client_key;    // SHA-256 of the client certificate's SPKI, base64
  std::string approval_key;  // Ed25519 SPKI in DER, base64
  friend bool operator==(const OperatorApplication&, const OperatorApplication&) = default;
};
// The bytes that the applicant signs. Precondition: every text at most 512 bytes (CHECK).
Bytes application_bytes(const MunicipalityCode& municipality,
                        const OperatorApplication& application);

}  // namespace certrelay
