#include "protocol/record/entry_kind.hpp"

#include "protocol/base/names.hpp"

namespace certrelay {
namespace {

constexpr auto kKinds = std::to_array<std::pair<EntryKind, std::string_view>>({
    {EntryKind::kLedgerCreated, "ledger_created"},
    {EntryKind::kBoot, "boot"},
    {EntryKind::kShutdown, "shutdown"},
    {EntryKind::kCheckpoint, "checkpoint"},
    {EntryKind::kPruned, "pruned"},
    {EntryKind::kClockAccepted, "clock_accepted"},
    {EntryKind::kLedgerRecovered, "ledger_recovered"},
    {EntryKind::kUpdate, "update"},
    {EntryKind::kBackup, "backup"},
    {EntryKind::kRestored, "restored"},
    {EntryKind::kSelfTested, "self_tested"},
    {EntryKind::kOpened, "opened"},
    {EntryKind::kProvisionInquiry, "provision_inquiry"},
    {EntryKind::kProvisionIntent, "provision_intent"},
    {EntryKind::kRefusal, "refusal"},
    {EntryKind::kExpired, "expired"},
    {EntryKind::kEvent, "event"},
    {EntryKind::kDeliveryUnknown, "delivery_unknown"},
    {EntryKind::kResultMissing, "result_missing"},
    {EntryKind::kAbandoned, "abandoned"},
    {EntryKind::kGateRefusals, "gate_refusals"},
    {EntryKind::kIncident, "incident"},
    {EntryKind::kAlarmLatched, "alarm_latched"},
    {EntryKind::kAlarmCleared, "alarm_cleared"},
    {EntryKind::kExtractOffered, "extract_offered"},
    {EntryKind::kExtractRefused, "extract_refused"},
    {EntryKind::kRegisterActivated, "register_activated"},
    {EntryKind::kChangeAcknowledged, "change_acknowledged"},
    {EntryKind::kChangeRefused, "change_refused"},
    {EntryKind::kChangeQuarantined, "change_quarantined"},
    {EntryKind::kSequenceGap, "sequence_gap"},
    {EntryKind::kPromiseGiven, "promise_given"},
    {EntryKind::kReconciled, "reconciled"},
    {EntryKind::kErasure, "erasure"},
    {EntryKind::kKeysDestroyed, "keys_destroyed"},
    {EntryKind::kResidueDropped, "residue_dropped"},
    {EntryKind::kErasureInterrupted, "erasure_interrupted"},
    {EntryKind::kStandingOrderGiven, "standing_order_given"},
    {EntryKind::kStandingOrderWithdrawn, "standing_order_withdrawn"},
    {EntryKind::kDecommissionOrdered, "decommission_ordered"},
    {EntryKind::kResidentsDestroyed, "residents_destroyed"},
    {EntryKind::kLedgerTakenOver, "ledger_taken_over"},
    {EntryKind::kExtractPending, "extract_pending"},
    {EntryKind::kExtractApproved, "extract_approved"},
    {EntryKind::kExtractDenied, "extract_denied"},
    {EntryKind::kExtractDiscarded, "extract_discarded"},
    {EntryKind::kActivationScheduled, "activation_scheduled"},
    {EntryKind::kOperatorAction, "operator_action"},
    {EntryKind::kOperatorRefused, "operator_refused"},
    {EntryKind::kOperatorSignedIn, "operator_signed_in"},
    {EntryKind::kOperatorSignedOut, "operator_signed_out"},
    {EntryKind::kApproval, "approval"},
    {EntryKind::kExport, "export"},
    {EntryKind::kIssuingStopped, "issuing_stopped"},
    {EntryKind::kIssuingResumed, "issuing_resumed"},
    {EntryKind::kKindSuspended, "kind_suspended"},
    {EntryKind::kKindResumed, "kind_resumed"},
    {EntryKind::kOperatorsChanged, "operators_changed"},
    {EntryKind::kApprovalDenied, "approval_denied"},
    {EntryKind::kOperatorViewed, "operator_viewed"},
    {EntryKind::kApprovalExpired, "approval_expired"},
    {EntryKind::kReportSignedOff, "report_signed_off"},
    {EntryKind::kSubjectQueried, "subject_queried"},
    {EntryKind::kOperatorLockedOut, "operator_locked_out"},
    {EntryKind::kLogInChanged, "log_in_changed"},
    {EntryKind::kConfigurationLoaded, "configuration_loaded"},
    {EntryKind::kCrlLoaded, "crl_loaded"},
    {EntryKind::kConsoleSignedIn, "console_signed_in"},
    {EntryKind::kMediumMounted, "medium_mounted"},
});

constexpr auto kEvents = std::to_array<std::pair<RecordedEvent, std::string_view>>({
    {RecordedEvent::kPrinted, "printed"},
    {RecordedEvent::kCancelled, "cancelled"},
    {RecordedEvent::kJammed, "jammed"},
    {RecordedEvent::kTimedOut, "timed_out"},
    {RecordedEvent::kLeftBehind, "left_behind"},
    {RecordedEvent::kRefunded, "refunded"},
});

}  // namespace

std::string_view to_text(EntryKind kind) { return name_of(kKinds, kind); }

Result<EntryKind> parse_entry_kind(std::string_view text) {
  return value_of(kKinds, text, "entry kind");
}

std::string_view to_text(RecordedEvent event) { return name_of(kEvents, event); }

Result<RecordedEvent> parse_recorded_event(std::string_view text) {
  return value_of(kEvents, text, "recorded event");
}

}  // namespace certrelay
