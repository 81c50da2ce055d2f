#include "protocol/wire/settlement_message.hpp"

#include <tuple>

#include "protocol/wire/json_fields.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kSettlementBodyMax = std::size_t{256} * 1024;

auto key_of(const SettlementRow& row) {
  return std::tuple(row.certificate_kind, row.purpose.text(), row.copy_price_yen, row.state);
}

Result<void> check(const SettlementAnswer& message) {
  CERTRELAY_TRY(check_time(message.as_of));
  CERTRELAY_TRY(check_count(message.rows.size(), 0, kSettlementRowsMax));
  for (const auto& row : message.rows) {
    for (const auto number : {row.copy_price_yen, row.transactions, row.copies, row.sheets,
                              row.quoted_yen, row.paid_yen, row.refunded_yen}) {
      if (number < 0 || number > kSettlementYenMax) {
        return Error{ErrorCode::kLimitExceeded, "settlement: number"};
      }
    }
    if (row.transactions == 0) return Error{ErrorCode::kMalformed, "settlement: empty row"};
  }
  for (std::size_t i = 1; i < message.rows.size(); ++i) {
    if (!(key_of(message.rows[i - 1]) < key_of(message.rows[i]))) {
      return Error{ErrorCode::kMalformed, "settlement: order of rows"};
    }
  }
  return ok();
}

Result<SettlementRow> read_row(JsonObject& in) {
  const auto number = [&](std::string_view name) {
    return number_field<std::int64_t>(in, name, 0, kSettlementYenMax);
  };
  CERTRELAY_TRY(const auto kind, parsed_field(in, "certificate_kind", parse_certificate_kind));
  CERTRELAY_TRY(auto purpose, id_field<PurposeCode>(in, "purpose"));
  CERTRELAY_TRY(const auto price, number("copy_price_yen"));
  CERTRELAY_TRY(const auto state, parsed_field(in, "state", parse_transaction_state));
  CERTRELAY_TRY(const auto transactions, number("transactions"));
  CERTRELAY_TRY(const auto copies, number("copies"));
  CERTRELAY_TRY(const auto sheets, number("sheets"));
  CERTRELAY_TRY(const auto quoted, number("quoted_yen"));
  CERTRELAY_TRY(const auto paid, number("paid_yen"));
  CERTRELAY_TRY(const auto refunded, number("refunded_yen"));
  return SettlementRow{
      kind, std::move(purpose), price, state, transactions, copies, sheets, quoted, paid, refunded};
}

boost::json::object row_value(const SettlementRow& row) {
  return {{"certificate_kind", to_text(row.certificate_kind)},
          {"purpose", row.purpose.text()},
          {"copy_price_yen", row.copy_price_yen},
          {"state", to_text(row.state)},
          {"transactions", row.transactions},
          {"copies", row.copies},
          {"sheets", row.sheets},
          {"quoted_yen", row.quoted_yen},
          {"paid_yen", row.paid_yen},
          {"refunded_yen", row.refunded_yen}};
}

}  // namespace

Result<SettlementAnswer> decode_settlement_answer(ByteView body) {
  return decode_body<SettlementAnswer>(
      body, kSettlementBodyMax, [](JsonObject& in) -> Result<SettlementAnswer> {
        CERTRELAY_TRY(const auto date, parsed_field(in, "date", parse_iso_day));
        CERTRELAY_TRY(const auto as_of, time_field(in, "as_of"));
        CERTRELAY_TRY(const bool final, in.boolean("final"));
        CERTRELAY_TRY(auto rows,
                      objects_field<SettlementRow>(in, "rows", kSettlementRowsMax, read_row));
        SettlementAnswer message{date, as_of, final, std::move(rows)};
        CERTRELAY_TRY(check(message));
        return message;
      });
}

Result<Bytes> encode(const SettlementAnswer& message) {
  CERTRELAY_TRY(check(message));
  return to_body(boost::json::object{{"date", to_iso_day(message.date)},
                                     {"as_of", to_rfc3339_jst(message.as_of)},
                                     {"final", message.final},
                                     {"rows", to_array_of(message.rows, row_value)}});
}

}  // namespace certrelay
