// Logging in on the operators' listener, and what a person changes of the own log-in.
#pragma once

#include <optional>

#include "protocol/ids/password.hpp"
#include "protocol/wire/operator_message.hpp"

namespace certrelay {

// POST /v1/login
struct LoginRequest {
  OperatorName name;
  Password password;
  std::string code;  // the authenticator's six digits; empty where none is enrolled
  // Instead of a code: a security key's over the challenge of POST /v1/key-challenge.
  std::optional<PersonalSignature> key = {};
};

// A security key that a person has registered. Nothing of it is secret.
struct KnownKey {
  std::string keyid;    // key_id() of its public key
  Bytes credential_id;  // 1 to kCredentialIdMax
  friend bool operator==(const KnownKey&, const KnownKey&) = default;
};
inline constexpr std::size_t kCredentialIdMax = 255;
inline constexpr std::size_t kKnownKeysMax = 4;  // of one person

// The answer to POST /v1/key-challenge: what the connection's own person has a key sign, once,
// within five minutes, to log in or to register a key.
struct KeyChallenge {
  std::array<std::uint8_t, 32> challenge;
  std::string host;  // the relying party's id
  std::vector<KnownKey> keys;
};

// POST /v1/security-keys, in a session: what a new key said to that challenge.
struct KeyRegistration {
  Bytes client_data;         // the JSON as the browser made it
  Bytes attestation_object;  // CBOR, WebAuthn Level 2 §6.5
};
inline constexpr std::size_t kAttestationObjectMax = std::size_t{8} * 1024;
// And its answer: the key waits for the action security_key.add, signed with the approval key.
struct KeyOffer {
  std::string keyid;
};

// The answer to POST /v1/login, and GET /v1/session.
struct SessionView {
  OperatorName name;
  std::vector<OperatorRole> roles;  // 1 to 5
  std::string csrf_token;           // 43 characters of base64url
  std::uint32_t idle_seconds;       // without a call for so long it ends
  std::optional<JstDay> password_due_on;
  bool code_enrolled;
  std::string host = {};  // the relying party's id; empty: no security keys here
  std::vector<KnownKey> keys = {};
  // Verbs of relay/operators/roles.hpp: what the person may ask for, and be the second person of.
  // For the pages to show no door that is shut; the vault judges each call anew.
  std::vector<std::string> may = {};
  std::vector<std::string> may_approve = {};
};
inline constexpr std::size_t kVerbsMax = 64;

// POST /v1/password, in a session
struct PasswordChange {
  Password password;      // the present one
  Password new_password;  // and the next
};

// POST /v1/password-reset: the first password, or after a forgotten one, signed with the person's
// own approval key.
struct PasswordReset {
  Password new_password;
  bool drop_code;               // the authenticator is lost
  UtcTime signed_at;            // whole seconds; rises from one to the next
  PersonalSignature signature;  // over password_reset_bytes()
};

// POST /v1/totp, in a session: the password once more.
struct EnrolRequest {
  Password password;
};
// And its answer: what the person types into an authenticator.
struct EnrolOffer {
  std::string secret;  // 32 letters of RFC 4648 base32
};
// POST /v1/totp/confirmation
struct EnrolConfirmation {
  std::string code;
};

// Errors: see open_message.hpp.
Result<LoginRequest> decode_login_request(ByteView body);
Result<Bytes> encode(const LoginRequest& message);
Result<KeyChallenge> decode_key_challenge(ByteView body);
Result<Bytes> encode(const KeyChallenge& message);
Result<KeyRegistration> decode_key_registration(ByteView body);
Result<Bytes> encode(const KeyRegistration& message);
Result<KeyOffer> decode_key_offer(ByteView body);
Result<Bytes> encode(const KeyOffer& message);
Result<SessionView> decode_session_view(ByteView body);
Result<Bytes> encode(const SessionView& message);
Result<PasswordChange> decode_password_change(ByteView body);
Result<Bytes> encode(const PasswordChange& message);
Result<PasswordReset> decode_password_reset(ByteView body);
Result<Bytes> encode(const PasswordReset& message);
Result<EnrolRequest> decode_enrol_request(ByteView body);
Result<Bytes> encode(const EnrolRequest& message);
Result<EnrolOffer> decode_enrol_offer(ByteView body);
Result<Bytes> encode(const EnrolOffer& message);
Result<EnrolConfirmation> decode_enrol_confirmation(ByteView body);
Result<Bytes> encode(const EnrolConfirmation& message);

// The bytes under a reset's signature.
Bytes password_reset_bytes(const MunicipalityCode& municipality, const OperatorName& name,
                           const PasswordReset& reset);

}  // namespace certrelay
