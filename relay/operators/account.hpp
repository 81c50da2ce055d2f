// An operator's account: one person, personal id, own keys (R31, R34, R35).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/base/sha256.hpp"
#include "protocol/wire/login_message.hpp"
#include "protocol/wire/operator_message.hpp"
#include "relay/keys/password_hash.hpp"
#include "relay/keys/security_key.hpp"
#include "relay/operators/roles.hpp"

namespace certrelay {

// What a person logs in with (R17). A secret is in here as a hash or sealed, never in clear.
struct Credentials {
  std::optional<PasswordHash> password;  // none: no log-in
  std::optional<UtcTime> set_at;         // of the password
  Bytes code_secret;                   // the authenticator's, sealed by OperatorStore; may be empty
  std::uint64_t code_step = 0;         // of the newest code that was taken (RFC 6238 §5.2)
  std::uint16_t failures = 0;          // to log in, in a row
  std::vector<SecurityKey> keys = {};  // at most kKnownKeysMax
  friend bool operator==(const Credentials&, const Credentials&) = default;
};
inline constexpr std::size_t kSealedCodeSecretMax = 64;

struct Operator {
  OperatorName name;  // given once, never to another person
  Affiliation affiliation = Affiliation::kStaff;
  RoleSet roles;
  std::optional<JstDay> ends_on;  // the last day; demanded of everybody who is not 職員
  Digest client_key{};            // SHA-256 of the SPKI of the client certificate
  Bytes approval_key;             // Ed25519 SubjectPublicKeyInfo, DER
  UtcTime enrolled_at{};
  std::optional<UtcTime> revoked_at;
  std::optional<JstDay> last_used_on;
  std::optional<JstDay> reviewed_on = {};  // the access review, at the center head's (R30)
  Credentials login = {};

  friend bool operator==(const Operator&, const Operator&) = default;
};

inline constexpr std::chrono::days kUnusedAfter{90};  // R34

AccountStatus status_of(const Operator& account, UtcTime now);
bool is_active(const Operator& account, UtcTime now);
// Active, and 90 days without a call, or since the enrolment.
bool is_unused(const Operator& account, UtcTime now);
// key_id() of the client certificate's key: what the front names a connection by.
std::string client_keyid(const Operator& account);

std::vector<KnownKey> known_keys(const Operator& account);

// Whether that person signed `message`: with the approval key, or with one of the security keys at
// `host` (empty: there are none). Errors: kForeignSignature, kBadSignature, kKeyUnusable,
// kMalformed.
Result<void> verify_person(const Operator& account, std::string_view host, ByteView message,
                           const PersonalSignature& signature);
// A security key's alone, over a challenge. Errors: as above.
Result<void> verify_key(const Operator& account, std::string_view host, const Digest& challenge,
                        const PersonalSignature& signature);

// A name that several people would use, such as admin (R13: personal ids only).
bool is_shared_name(const OperatorName& name);

// Auditor and vendor have no other role; the two leading roles are for 職員; a vendor is none.
// Errors: kOperatorInvalid.
Result<void> check_roles(const Operator& account);

// The account that an application asks for, as far as it can be judged alone: a person's own name,
// no shared one (R13); end date unless 職員, not in the past; auditor and vendor have no other
// role; the two leading roles are for 職員. Errors: kMalformed, kDuplicateValue, kKeyUnusable,
// kOperatorInvalid.
Result<Operator> account_from(const OperatorApplication& application, UtcTime now);
// And signed by the applicant's own new key. Errors: kBadSignature and those above.
Result<Operator> account_from(const MunicipalityCode& municipality,
                              const SignedApplication& application, UtcTime now);

// The application that an action `operator.add` carries in its parameters.
Result<SignedApplication> application_in(const ActionParameters& parameters);
ActionParameters parameters_of(const SignedApplication& application);

}  // namespace certrelay
