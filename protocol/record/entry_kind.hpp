// What an entry is about. The numbers are hashed and kept five years: append only, never renumber,
// never reuse; the holes are for what comes later. A reader keeps kinds that it does not know.
#pragma once

#include <cstdint>
#include <string_view>

#include "protocol/base/result.hpp"

namespace certrelay {

// NOLINTNEXTLINE(performance-enum-size): a u16 in the hashed bytes
enum class EntryKind : std::uint16_t {
  // 1-19: the ledger and the process
  kLedgerCreated = 1,
  kBoot = 2,
  kShutdown = 3,
  kCheckpoint = 4,       // a checkpoint was handed out to an operator
  kPruned = 5,           // entries past their five years left
  kClockAccepted = 6,    // from here on the clock is trusted
  kLedgerRecovered = 7,  // the store failed and was read back
  kUpdate = 8,           // another build was installed
  kBackup = 9,
  kRestored = 10,
  kSelfTested = 11,  // INV-12: the start-up's documents were each their own person's

  // 20-59: a transaction
  kOpened = 20,
  kProvisionInquiry = 21,  // the 22 items went to the center (R41)
  kProvisionIntent = 22,   // a certificate's bytes are about to go to the center (R41)
  kRefusal = 23,           // `reason` says exactly why (R42)
  kExpired = 24,           // a deadline ended it
  kEvent = 25,             // the center reported a result; `event` says which
  kDeliveryUnknown = 26,   // an intent without result, found at start
  kResultMissing = 27,     // an answer without event after its deadline
  kAbandoned = 28,         // ended without a provision by a stop or a restart

  // 60-69: before a transaction exists, counted a peer, reason and minute
  kGateRefusals = 60,

  // 80-99: incidents and alarms
  kIncident = 80,
  kAlarmLatched = 81,
  kAlarmCleared = 82,

  // 100-139: the register
  kExtractOffered = 100,
  kExtractRefused = 101,
  kRegisterActivated = 102,
  kChangeAcknowledged = 103,
  kChangeRefused = 104,
  kChangeQuarantined = 105,  // acknowledged, and its households closed
  kSequenceGap = 106,        // a change is missing: nothing is issued until it came
  kPromiseGiven = 107,       // no change until `period_until`, says the source system
  kReconciled = 108,         // `count` blocks differ
  kErasure = 110,
  // Stage one and two of an erasure; only the second is called complete.
  kKeysDestroyed = 111,
  kResidueDropped = 112,
  kErasureInterrupted = 113,  // ended before its keys were destroyed: nothing was erased
  kStandingOrderGiven = 114,
  kStandingOrderWithdrawn = 115,
  kDecommissionOrdered = 116,
  kResidentsDestroyed = 117,  // all residents' data and keys (R19)
  kLedgerTakenOver = 118,     // a copy elsewhere was verified
  kExtractPending = 120,      // 承認待ち: `reason` is the guard rail
  kExtractApproved = 121,
  kExtractDenied = 122,
  kExtractDiscarded = 123,     // by its sender, before anybody activated it
  kActivationScheduled = 124,  // `occurred_at` says for when

  // 140-179: operators
  kOperatorAction = 140,
  kOperatorRefused = 141,
  kOperatorSignedIn = 142,
  kOperatorSignedOut = 143,
  kApproval = 144,
  kExport = 145,  // written before the first byte leaves (R45)
  kIssuingStopped = 146,
  kIssuingResumed = 147,
  kKindSuspended = 148,
  kKindResumed = 149,
  kOperatorsChanged = 150,  // the accounts' store was written; `count` is its version
  kApprovalDenied = 151,
  kOperatorViewed = 152,   // a call that changes nothing
  kApprovalExpired = 153,  // nobody approved in time
  kReportSignedOff = 154,  // `count` is the period's number
  kSubjectQueried = 155,   // a resident asked what was handed out (R56)
  // Both: `count` is the version of the accounts' store.
  kOperatorLockedOut = 156,  // too many failures to log in: the account waits
  kLogInChanged = 157,       // a person's own password or authenticator; `action` says which

  // 180-199: the machine
  kConfigurationLoaded = 180,
  kCrlLoaded = 181,
  kConsoleSignedIn = 182,
  kMediumMounted = 183,
};

// Lower case with underscores, as in an export: "provision_intent"; "unknown" for a newer kind.
std::string_view to_text(EntryKind kind);
Result<EntryKind> parse_entry_kind(std::string_view text);

// What the center reports about an answer; the numbers are append-only like the kinds'.
// NOLINTNEXTLINE(performance-enum-size): a u16 in the hashed bytes
enum class RecordedEvent : std::uint16_t {
  kPrinted = 1,
  kCancelled = 2,
  kJammed = 3,
  kTimedOut = 4,
  kLeftBehind = 5,
  kRefunded = 6,
};
std::string_view to_text(RecordedEvent event);
Result<RecordedEvent> parse_recorded_event(std::string_view text);

}  // namespace certrelay
