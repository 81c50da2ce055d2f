#pragma once

#include <cstdint>
#include <string_view>

namespace certrelay {

// Why a request was refused or an operation failed: the inner vocabulary, exact and never shown
// outside. The numbers are written to the ledger (R42): append only, never renumber, never reuse.
// What a resident or the center sees is the outer vocabulary, protocol/wire/problem.hpp; one
// table (relay/issuance/outer_problem.cpp) maps the first to the second.
//
// Each room owns a block of a hundred and appends to it.
enum class ErrorCode : std::uint16_t {
  kNone = 0,  // in the ledger: nothing was refused

  // 1-99: protocol/base, any decoder
  kMalformed = 1,       // bytes or text do not have the documented form
  kLimitExceeded = 2,   // longer, deeper or more than the documented limit
  kTrailingBytes = 3,   // a complete value is followed by more
  kInvalidUtf8 = 4,     // ill-formed UTF-8, or NUL
  kDuplicateName = 5,   // a JSON object names a member twice
  kUnknownMember = 6,   // a JSON object names a member that the schema does not have
  kMissingMember = 7,   // a required member is absent
  kWrongType = 8,       // a member has another type than the schema's
  kDigestMismatch = 9,  // a stated digest differs from the computed one
  kBadSignature = 10,   // a signature does not verify
  kInternal = 99,       // a library failed where only a bug or exhausted memory can make it fail

  // 100-199: relay/identity (the card)
  // 200-299: protocol/extract, relay/registry (the register)
  // 300-399: relay/issuance (transactions)
  // 400-499: protocol/record, relay/env, relay/ledger (storage and the ledger)
  kNotFound = 400,            // no such file
  kAlreadyExists = 401,       // a file of that name is there already
  kIoError = 402,             // the file system failed a call
  kDiskFull = 403,            // no space, quota or size limit
  kLocked = 404,              // another process holds the lock
  kWrongOwner = 405,          // a file's owner or mode is not the demanded one
  kStoreCorrupt = 406,        // SQLite or a file's frame says that stored bytes are damaged
  kStoreVersion = 407,        // the store has another schema version than this program's
  kStoreFailed = 408,         // SQLite refused a statement
  kLedgerFull = 420,          // the writer's queue is at its limit; nothing was written
  kLedgerNotWritable = 421,   // an earlier commit failed; refused until reopened
  kLedgerClosed = 422,        // the ledger is shutting down
  kChainBroken = 423,         // an entry does not continue the chain
  kSequenceGap = 424,         // an entry's number is not the next one
  kTreeMismatch = 425,        // the stored tree differs from the entries'
  kCheckpointMismatch = 426,  // a signed checkpoint contradicts the entries
  kUnknownKey = 427,          // a checkpoint carries no signature by the expected key
  // 500-599: render (the page)
  // 600-699: protocol/wire, relay/front, relay/ports (messages and listeners)
  // 700-799: relay/keys, relay/operators (keys and people)
};

struct Error {
  ErrorCode code;
  // A string literal: says where, never holds personal data.
  std::string_view where;
  friend bool operator==(const Error&, const Error&) = default;
};

}  // namespace certrelay
