// What the source system signs of each call (Ed25519), so that a captured registry front can
// neither make, alter nor replay one. The keys' side is relay/keys/feeder_key.hpp.
#pragma once

#include "protocol/base/sha256.hpp"
#include "protocol/base/time.hpp"
#include "protocol/ids/ids.hpp"
#include "protocol/wire/http_types.hpp"

namespace certrelay {

enum class StatementKind : std::uint8_t {
  kManifest = 1,
  kActivate = 2,
  kChange = 3,
  kHeartbeat = 4,
  kReconciliation = 5,
};
// The word in the label of the signed bytes: "manifest" ...
std::string_view to_text(StatementKind kind);

struct RegistryStatement {
  std::uint64_t generation;  // at most kStatementNumberMax
  // Change: its own number. Heartbeat, manifest, activation, reconciliation: the last change sent.
  std::uint64_t sequence;  // at most kStatementNumberMax
  UtcTime sent_at;         // milliseconds; must rise and be within 60 s of the vault's clock
  friend bool operator==(const RegistryStatement&, const RegistryStatement&) = default;
};
// RFC 8941 §3.3.1: integers of a structured field have at most 15 digits.
inline constexpr std::uint64_t kStatementNumberMax = 999'999'999'999'999;

using Ed25519Signature = std::array<std::uint8_t, 64>;

// The bytes under the signature. `body_digest` is SHA-256 of the body in the clear (of a sealed
// change: of the plaintext). Precondition: numbers within the limits, sent_at from 1970 on (CHECK).
Bytes statement_bytes(StatementKind kind, const MunicipalityCode& municipality,
                      const RegistryStatement& statement, const Digest& body_digest);

// Statement, key and signature as one header beside the body; the kind follows from the call.
struct SignedStatement {
  RegistryStatement statement;
  std::string keyid;  // 22 characters of base64url, key_id() of the key
  Ed25519Signature signature;
};
inline constexpr std::string_view kStatementHeader = "certrelay-statement";

std::string format_statement(const SignedStatement& statement);
// Errors: kMalformed.
Result<SignedStatement> parse_statement(std::string_view value);
// The one statement of a request. Errors: kStatementMissing, kMalformed.
Result<SignedStatement> statement_of(const HttpHeaders& headers);

}  // namespace certrelay
