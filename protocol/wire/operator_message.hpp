// The operators' listener's messages. No residents' data: a person is named by an opaque id at
// most.
#pragma once

#include <optional>

#include "protocol/ids/operator_values.hpp"
#include "protocol/ids/uuid.hpp"
#include "protocol/ids/values.hpp"
#include "protocol/wire/operator_action.hpp"

namespace certrelay {

// POST /v1/actions
struct ProposeRequest {
  OperatorAction action;
  PersonalSignature signature;  // over action_bytes()
};

// POST /v1/actions/{id}/approval
struct ApproveRequest {
  PersonalSignature signature;  // over the same action_bytes()
};

// POST /v1/actions/{id}/denial
struct DenyRequest {
  StatedReason reason;
  PersonalSignature signature;  // over denial_bytes()
};

enum class ActionState : std::uint8_t {
  kPending = 1,  // waits for a second person
  kDone = 2,
  kFailed = 3,  // approved, and could not be carried out: `detail` says why
  kDenied = 4,
  kExpired = 5,
  kRunning = 6,  // begun; after a restart: begun, and nobody knows how it ended
};
std::string_view to_text(ActionState state);
Result<ActionState> parse_action_state(std::string_view text);

// The answer to each of the three calls above, and GET /v1/actions/{id}.
struct ActionReport {
  ActionId id;
  ActionState state;
  std::string detail;  // one line for the operator, may be empty
};
inline constexpr std::size_t kActionDetailBytesMax = 512;

// GET /v1/approvals
struct PendingAction {
  OperatorAction action;
  UtcTime proposed_at;    // whole seconds
  TerminalName terminal;  // of the proposer
};
inline constexpr std::size_t kPendingActionsMax = 32;
struct PendingList {
  std::vector<PendingAction> pending;  // oldest first
};

// GET /v1/operators
enum class AccountStatus : std::uint8_t { kActive = 1, kRevoked = 2, kEnded = 3 };
std::string_view to_text(AccountStatus status);
Result<AccountStatus> parse_account_status(std::string_view text);
struct OperatorLine {
  OperatorName name;
  Affiliation affiliation;
  std::vector<OperatorRole> roles;  // 1 to 5
  std::optional<JstDay> ends_on;    // the last day
  AccountStatus status;
  std::optional<JstDay> last_used_on;
  bool unused;  // active, and not used for 90 days (R34)
  // From that day on overdue: the six-monthly change of password (absent: none is set) and review.
  std::optional<JstDay> password_due_on = {};
  std::optional<JstDay> review_due_on = {};
};
inline constexpr std::size_t kOperatorLinesMax = 256;
struct OperatorList {
  std::uint32_t active_max;  // R13
  std::vector<OperatorLine> operators;
};

// GET /v1/state
struct StateCheck {
  std::string name;
  bool ok;
  std::string reason;  // empty when ok
};
inline constexpr std::size_t kStateChecksMax = 32;
struct LatchedAlarm {
  std::string label;     // names this alarm and no later one: what alarm.clear must name
  std::uint16_t reason;  // the inner code (protocol/base/error.hpp)
};
// How far the erasure of those who left the register is (R20, R51, R52).
struct ErasureView {
  std::uint64_t pending;                 // due, their keys not destroyed yet
  std::optional<UtcTime> pending_since;  // of the longest wait
  std::optional<UtcTime> bound;          // until when
  bool overdue;
  bool unfinished;                       // a first stage that ended in the middle
  std::uint64_t waiting_for_residue;     // erasures whose second stage is to come
  std::optional<UtcTime> residue_since;  // the oldest of them
  bool residue_overdue;
  bool standing;  // a standing order is in force
};
// A push of an extract that waits for two persons (承認待ち): what extract.approve must name.
struct WaitingExtract {
  ExtractId extract_id;
  std::uint64_t generation;
  UtcTime created;                 // whole seconds: of the extract, at the source system
  std::string operator_name;       // who ran it there, as the source system says (R26)
  std::vector<std::string> rails;  // the guard rails that hold it: "guard-deleted-persons"
};
inline constexpr std::size_t kWaitingExtractsMax = 16;
inline constexpr std::size_t kWaitingOperatorBytesMax = 64;  // as a manifest's
inline constexpr std::size_t kWaitingRailsMax = 16;
struct RelayState {
  bool ready;
  bool demo;
  std::vector<StateCheck> checks;
  std::optional<LatchedAlarm> alarm;
  bool issuing_stopped;
  std::vector<CertificateKind> suspended_kinds;
  std::optional<RegisterVersion> register_version;
  std::uint32_t pending_approvals;
  ErasureView erasure;
  std::vector<WaitingExtract> waiting_extracts = {};  // oldest first
};

// Errors: see open_message.hpp.
Result<ProposeRequest> decode_propose_request(ByteView body);
Result<Bytes> encode(const ProposeRequest& message);
Result<ApproveRequest> decode_approve_request(ByteView body);
Result<Bytes> encode(const ApproveRequest& message);
Result<DenyRequest> decode_deny_request(ByteView body);
Result<Bytes> encode(const DenyRequest& message);
Result<ActionReport> decode_action_report(ByteView body);
Result<Bytes> encode(const ActionReport& message);
Result<PendingList> decode_pending_list(ByteView body);
Result<Bytes> encode(const PendingList& message);
Result<OperatorList> decode_operator_list(ByteView body);
Result<Bytes> encode(const OperatorList& message);
Result<RelayState> decode_relay_state(ByteView body);
Result<Bytes> encode(const RelayState& message);

// A file: the application, and its signature by the applicant's own new key.
struct SignedApplication {
  OperatorApplication application;
  Ed25519Signature signature;  // over application_bytes()
};
Result<SignedApplication> decode_signed_application(ByteView body);
Result<Bytes> encode(const SignedApplication& message);

}  // namespace certrelay
