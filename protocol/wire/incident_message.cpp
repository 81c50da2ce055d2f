#include "protocol/wire/incident_message.hpp"

#include "protocol/base/names.hpp"
#include "protocol/wire/json_fields.hpp"

namespace certrelay {
namespace {

constexpr Names<IncidentKind, 7> kIncidentKinds{
    {{IncidentKind::kWrongPerson, "wrong_person"},
     {IncidentKind::kWrongPage, "wrong_page"},
     {IncidentKind::kUnreadableIdentity, "unreadable_identity"},
     {IncidentKind::kDuplicateOutput, "duplicate_output"},
     {IncidentKind::kPaper, "paper"},
     {IncidentKind::kPayment, "payment"},
     {IncidentKind::kOther, "other"}}};

}  // namespace

std::string_view to_text(IncidentKind kind) { return name_of(kIncidentKinds, kind); }
Result<IncidentKind> parse_incident_kind(std::string_view text) {
  return value_of(kIncidentKinds, text, "incident: kind");
}

Result<IncidentReport> decode_incident_report(ByteView body) {
  return decode_body<IncidentReport>(
      body, kSmallBodyMax, [](JsonObject& in) -> Result<IncidentReport> {
        CERTRELAY_TRY(const auto id, id_field<TransactionId>(in, "transaction_id"));
        CERTRELAY_TRY(const auto kind, parsed_field(in, "kind", parse_incident_kind));
        CERTRELAY_TRY(auto text, id_field<StatedReason>(in, "text"));
        return IncidentReport{id, kind, std::move(text)};
      });
}

Result<Bytes> encode(const IncidentReport& message) {
  CERTRELAY_TRY(parse_incident_kind(to_text(message.kind)));
  return to_body(boost::json::object{{"transaction_id", message.transaction_id.text()},
                                     {"kind", to_text(message.kind)},
                                     {"text", message.text.text()}});
}

Result<IncidentAnswer> decode_incident_answer(ByteView body) {
  return decode_body<IncidentAnswer>(
      body, kSmallBodyMax, [](JsonObject& in) -> Result<IncidentAnswer> {
        CERTRELAY_TRY(const auto id, id_field<IncidentId>(in, "incident_id"));
        return IncidentAnswer{id};
      });
}

Result<Bytes> encode(const IncidentAnswer& message) {
  return to_body(boost::json::object{{"incident_id", message.incident_id.text()}});
}

}  // namespace certrelay
