// The registry listener's messages. No residents' data: persons are named by their opaque ids.
#pragma once

#include <optional>
#include <vector>

#include "protocol/base/time.hpp"
#include "protocol/ids/ids.hpp"
#include "protocol/ids/uuid.hpp"
#include "protocol/ids/values.hpp"
#include "protocol/wire/extract_plan.hpp"

namespace certrelay {

// POST /v1/extracts, 201. The manifest itself is protocol/extract's; its bytes are the body.
struct ManifestAnswer {
  ExtractId extract_id;
  std::array<std::uint8_t, 32> import_key;  // X25519 public key, fresh for this push
  UtcTime expires_at;                       // whole seconds; the key dies then at the latest
};

enum class ExtractState : std::uint8_t {
  kReceiving = 1,        // sealed bytes are missing
  kBuilding = 2,         // complete, being checked and built
  kReady = 3,            // built; activate may follow
  kPendingApproval = 4,  // 承認待ち: a guard rail wants a second person
  kScheduled = 5,        // activation is set for later
  kActive = 6,           // in force
  kRejected = 7,         // findings say why; nothing of it is kept
  kSuperseded = 8,       // a later generation is in force
};
std::string_view to_text(ExtractState state);
Result<ExtractState> parse_extract_state(std::string_view text);

// One fault of a push for the clerk: which record, which field, which rule, what to do.
struct Finding {
  std::string record;  // "persons.csv:17", an opaque id after it; never a resident's datum
  std::string field;   // may be empty
  std::string rule;
  std::string mend;  // Japanese
  friend bool operator==(const Finding&, const Finding&) = default;
};
inline constexpr std::size_t kFindingTextBytesMax = 512;
inline constexpr std::size_t kFindingsMax = 200;

// GET /v1/extracts/{id}, 200.
struct ExtractReport {
  ExtractId extract_id;
  ExtractState state;
  std::uint64_t generation;
  std::uint64_t received_bytes;
  std::uint64_t expected_bytes;
  std::uint64_t persons;            // 0 until built
  std::uint64_t households;         // 0 until built
  std::uint64_t closed_members;     // members that the import itself closed: glyph, length
  std::vector<Finding> rejections;  // first kFindingsMax; not empty exactly when rejected
  std::vector<Finding> warnings;    // first kFindingsMax; guard rails stand first
  ExtractPlan plan{};               // all zeros until built
};

// POST /v1/extracts/{id}/activate
struct ActivateRequest {
  std::optional<UtcTime> activate_at;  // whole seconds; absent: at once
};

// The acknowledgement of an activation or a change.
struct RegisterAcknowledgement {
  RegisterVersion version;
  UtcTime in_force_at;  // whole seconds
  std::vector<Finding> quarantined;
  std::vector<Finding> warnings;
};

// The public key that changes and reconciliations are sealed to (relay/keys/change_key.hpp).
using ChangePublicKey = std::array<std::uint8_t, 32>;

// A change that was acknowledged and put aside: a household that it names is closed by it still.
struct PutAsideChange {
  std::uint64_t sequence;
  UtcTime since;                  // whole seconds: its acknowledgement
  std::vector<Finding> findings;  // why; the first kPutAsideFindingsMax, at least one
  friend bool operator==(const PutAsideChange&, const PutAsideChange&) = default;
};
inline constexpr std::size_t kPutAsideMax = 50;
inline constexpr std::size_t kPutAsideFindingsMax = 4;

// GET /v1/register and POST /v1/heartbeats
struct RegisterStatus {
  std::optional<RegisterVersion> version;  // none: nothing is in force; the next change is one more
  std::optional<UtcTime> last_contact_at;  // whole seconds; none since start and on disk
  std::int64_t seconds_to_bound;           // 0: nothing is issued; `reason` says why
  std::uint32_t pending_approvals;
  std::string reason;                     // ready, none, too_old, clock, gap
  std::optional<UtcTime> complete_until;  // the promise in force, whole seconds
  std::uint32_t quarantined;              // households closed by changes that could not be applied
  ChangePublicKey change_key;
  bool near_bound = false;                // 75 % of the bound are used up, or more
  std::optional<UtcTime> scheduled_at{};  // a generation comes in force then; whole seconds
  // The highest change that is known to have been sent, while one up to it is missing.
  std::optional<std::uint64_t> announced{};
  std::vector<PutAsideChange> put_aside{};  // the first kPutAsideMax, oldest first
};

// POST /v1/heartbeats
struct HeartbeatRequest {
  std::optional<UtcTime> complete_until;  // whole seconds: nothing changes before
};

// Numbers are at most 2^53. Errors: see open_message.hpp.
Result<ManifestAnswer> decode_manifest_answer(ByteView body);
Result<Bytes> encode(const ManifestAnswer& message);
Result<ExtractReport> decode_extract_report(ByteView body);
Result<Bytes> encode(const ExtractReport& message);
Result<ActivateRequest> decode_activate_request(ByteView body);
Result<Bytes> encode(const ActivateRequest& message);
Result<RegisterAcknowledgement> decode_register_acknowledgement(ByteView body);
Result<Bytes> encode(const RegisterAcknowledgement& message);
Result<HeartbeatRequest> decode_heartbeat_request(ByteView body);
Result<Bytes> encode(const HeartbeatRequest& message);
Result<RegisterStatus> decode_register_status(ByteView body);
Result<Bytes> encode(const RegisterStatus& message);

}  // namespace certrelay
