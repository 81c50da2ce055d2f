// POST /v1/incidents: what the center learned at the counter or from a shop.
#pragma once

#include "protocol/ids/uuid.hpp"
#include "protocol/record/entry_text.hpp"

namespace certrelay {

// INV-9: the first four say that somebody may have got what is not his, or that nobody can tell,
// and stop all issuing; paper and money do not.
enum class IncidentKind : std::uint8_t {
  kWrongPerson = 1,
  kWrongPage = 2,
  kUnreadableIdentity = 3,
  kDuplicateOutput = 4,
  kPaper = 5,
  kPayment = 6,
  kOther = 7,
};
std::string_view to_text(IncidentKind kind);
// Errors: kMalformed.
Result<IncidentKind> parse_incident_kind(std::string_view text);
constexpr bool latches_alarm(IncidentKind kind) { return kind <= IncidentKind::kDuplicateOutput; }

struct IncidentReport {
  TransactionId transaction_id;
  IncidentKind kind;
  StatedReason text;  // 1 to 512 bytes; kept five years, so it must name no resident
};
// Errors: see open_message.hpp.
Result<IncidentReport> decode_incident_report(ByteView body);
Result<Bytes> encode(const IncidentReport& message);

struct IncidentAnswer {
  IncidentId incident_id;
};
Result<IncidentAnswer> decode_incident_answer(ByteView body);
Result<Bytes> encode(const IncidentAnswer& message);

}  // namespace certrelay
