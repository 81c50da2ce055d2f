#include "protocol/wire/event_message.hpp"

#include "protocol/wire/fee.hpp"
#include "protocol/wire/json_fields.hpp"

namespace certrelay {
namespace {

constexpr std::int64_t kAmountMax = std::int64_t{100} * kYenMax;

Result<void> check(const EventReport& message) {
  CERTRELAY_TRY(parse_print_event(to_text(message.event)));
  const bool sheets = message.sheets_printed >= 0 && message.sheets_printed <= kSheetsPrintedMax;
  const bool amount = message.amount_yen >= 0 && message.amount_yen <= kAmountMax;
  if (!sheets || !amount) return Error{ErrorCode::kLimitExceeded, "event: number"};
  return check_time(message.occurred_at);
}

Result<void> check(const StateAnswer& message) {
  CERTRELAY_TRY(parse_transaction_state(to_text(message.state)));
  CERTRELAY_TRY(parse_certificate_kind(to_text(message.certificate_kind)));
  return check_time(message.opened_at);
}

}  // namespace

Result<EventReport> decode_event_report(ByteView body) {
  return decode_body<EventReport>(body, kSmallBodyMax, [](JsonObject& in) -> Result<EventReport> {
    CERTRELAY_TRY(const auto id, id_field<EventId>(in, "event_id"));
    CERTRELAY_TRY(const auto event, parsed_field(in, "event", parse_print_event));
    CERTRELAY_TRY(const auto at, time_field(in, "occurred_at"));
    CERTRELAY_TRY(const auto sheets, number_field<int>(in, "sheets_printed", 0, kSheetsPrintedMax));
    CERTRELAY_TRY(const bool paid, in.boolean("paid"));
    CERTRELAY_TRY(const auto amount, number_field<std::int64_t>(in, "amount_yen", 0, kAmountMax));
    const EventReport message{id, event, at, sheets, paid, amount};
    CERTRELAY_TRY(check(message));
    return message;
  });
}

Result<Bytes> encode(const EventReport& message) {
  CERTRELAY_TRY(check(message));
  return to_body(boost::json::object{{"event_id", message.event_id.text()},
                                     {"event", to_text(message.event)},
                                     {"occurred_at", to_rfc3339_jst(message.occurred_at)},
                                     {"sheets_printed", message.sheets_printed},
                                     {"paid", message.paid},
                                     {"amount_yen", message.amount_yen}});
}

Result<StateAnswer> decode_state_answer(ByteView body) {
  return decode_body<StateAnswer>(body, kSmallBodyMax, [](JsonObject& in) -> Result<StateAnswer> {
    CERTRELAY_TRY(const auto id, id_field<TransactionId>(in, "transaction_id"));
    CERTRELAY_TRY(const auto kind, parsed_field(in, "certificate_kind", parse_certificate_kind));
    CERTRELAY_TRY(const auto state, parsed_field(in, "state", parse_transaction_state));
    CERTRELAY_TRY(const auto opened_at, time_field(in, "opened_at"));
    const StateAnswer message{id, kind, state, opened_at};
    CERTRELAY_TRY(check(message));
    return message;
  });
}

Result<Bytes> encode(const StateAnswer& message) {
  CERTRELAY_TRY(check(message));
  return to_body(boost::json::object{{"transaction_id", message.transaction_id.text()},
                                     {"certificate_kind", to_text(message.certificate_kind)},
                                     {"state", to_text(message.state)},
                                     {"opened_at", to_rfc3339_jst(message.opened_at)}});
}

}  // namespace certrelay
