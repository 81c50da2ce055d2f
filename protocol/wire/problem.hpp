// The outer vocabulary: what a resident, the center and the source system see of a refusal. The
// exact reason is in the ledger alone; one table in relay/issuance maps inner codes to these.
#pragma once

#include <optional>

#include "protocol/ids/uuid.hpp"
#include "protocol/wire/http_types.hpp"

namespace certrelay {

enum class ProblemCode : std::uint8_t {
  kClosed = 1,
  kSuspended = 2,
  kIssuingStopped = 3,
  kRegisterNotReady = 4,
  kOverloaded = 5,
  kCardNotAccepted = 6,
  kWindowOnly = 7,
  kSelectionInvalid = 8,
  kRegisterChanged = 9,
  kExpired = 10,
  kAnswerGone = 11,
  kBadRequest = 12,
  kConflict = 13,
  kWrongMunicipality = 14,
  kTooLarge = 15,
  kNotFound = 16,
  // Registry only
  kStatementRefused = 17,  // signature, sent_at, sequence or generation of a statement
  kExtractRejected = 18,
  kSequenceGap = 25,
  kChangeRejected = 26,
  // Operators only
  kNotAllowed = 30,  // account, role, signature or second person
};
std::string_view to_text(ProblemCode code);
// Errors: kMalformed.
Result<ProblemCode> parse_problem_code(std::string_view text);
// The HTTP status of that problem, always the same.
int status_of(ProblemCode code);

// What the caller may do next, on the wire in words.
enum class Retry : std::uint8_t {
  kSameRequest = 1,     // same id, step and body after Retry-After: nothing was consumed
  kNewTransaction = 2,  // from the beginning, under a new id
  kNever = 3,           // not here and not today
};
std::string_view to_text(Retry retry);
Retry retry_of(ProblemCode code);

// The Japanese sentence for the screen. `hours` is the calendar in force in words, e.g.
// "6時30分から23時まで（12月29日から1月3日と保守日を除く）"; only kClosed uses it.
std::string problem_text(ProblemCode code, std::string_view hours);

// RFC 9457 document of media type application/problem+json.
struct Problem {
  ProblemCode code;
  std::string title;  // problem_text()
  std::optional<TransactionId> transaction_id;
  std::string detail;  // registry and admin only: field, rule and mend in Japanese; else empty
};
inline constexpr std::size_t kProblemTextBytesMax = 1024;

// Body alone. Equal problems have equal bytes (window_only must not tell its cause).
// Errors: see open_message.hpp.
Result<Bytes> encode(const Problem& problem);
Result<Problem> decode_problem(ByteView body);

// The whole answer but Content-Digest and signature: status, Content-Type, Content-Language: ja.
// Precondition: `problem` encodes (CHECK).
HttpAnswer problem_answer(const Problem& problem);

}  // namespace certrelay
