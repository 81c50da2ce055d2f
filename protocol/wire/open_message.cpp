#include "protocol/wire/open_message.hpp"

#include "protocol/wire/json_fields.hpp"

namespace certrelay {
namespace {

Result<void> check(const OpenAnswer& message) {
  CERTRELAY_TRY(check_count(message.signed_payload.size(), 1, kSignedPayloadBytesMax));
  return check_time(message.expires_at);
}

}  // namespace

Result<OpenRequest> decode_open_request(ByteView body) {
  return decode_body<OpenRequest>(body, kSmallBodyMax, [](JsonObject& in) -> Result<OpenRequest> {
    CERTRELAY_TRY(const auto id, id_field<TransactionId>(in, "transaction_id"));
    CERTRELAY_TRY(auto municipality, id_field<MunicipalityCode>(in, "municipality_code"));
    CERTRELAY_TRY(auto kiosk, id_field<KioskId>(in, "kiosk_id"));
    CERTRELAY_TRY(const auto kind, parsed_field(in, "certificate_kind", parse_certificate_kind));
    return OpenRequest{id, std::move(municipality), std::move(kiosk), kind};
  });
}

Result<Bytes> encode(const OpenRequest& message) {
  CERTRELAY_TRY(parse_certificate_kind(to_text(message.certificate_kind)));
  return to_body(boost::json::object{{"transaction_id", message.transaction_id.text()},
                                     {"municipality_code", message.municipality_code.text()},
                                     {"kiosk_id", message.kiosk_id.text()},
                                     {"certificate_kind", to_text(message.certificate_kind)}});
}

Result<OpenAnswer> decode_open_answer(ByteView body) {
  return decode_body<OpenAnswer>(body, kSmallBodyMax, [](JsonObject& in) -> Result<OpenAnswer> {
    CERTRELAY_TRY(auto payload, base64_field(in, "signed_payload"));
    CERTRELAY_TRY(const auto expires_at, time_field(in, "expires_at"));
    OpenAnswer message{std::move(payload), expires_at};
    CERTRELAY_TRY(check(message));
    return message;
  });
}

Result<Bytes> encode(const OpenAnswer& message) {
  CERTRELAY_TRY(check(message));
  return to_body(boost::json::object{{"signed_payload", to_base64(message.signed_payload)},
                                     {"expires_at", to_rfc3339_jst(message.expires_at)}});
}

}  // namespace certrelay
