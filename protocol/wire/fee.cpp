#include "protocol/wire/fee.hpp"

#include "protocol/wire/fee_json.hpp"

namespace certrelay {
namespace {
Result<Fee> read_fee(JsonObject& in) {
  CERTRELAY_TRY(auto purpose, id_field<PurposeCode>(in, "purpose"));
  CERTRELAY_TRY(const auto price, number_field<std::int64_t>(in, "unit_price_yen", 0, kYenMax));
  CERTRELAY_TRY(const auto unit, parsed_field(in, "unit", parse_fee_unit));
  CERTRELAY_TRY(const auto from, parsed_field(in, "effective_from", parse_iso_day));
  return Fee{std::move(purpose), price, unit, from};
}

boost::json::value fee_value(const Fee& fee) {
  return boost::json::object{{"purpose", fee.purpose.text()},
                             {"unit_price_yen", fee.unit_price_yen},
                             {"unit", to_text(fee.unit)},
                             {"effective_from", to_iso_day(fee.effective_from)}};
}

}  // namespace

Result<std::vector<Fee>> fees_field(JsonObject& object, std::string_view name) {
  return objects_field<Fee>(object, name, kFeesMax, read_fee);
}

boost::json::array fees_value(const std::vector<Fee>& fees) { return to_array_of(fees, fee_value); }

Result<void> check_fees(const std::vector<Fee>& fees, std::size_t min) {
  CERTRELAY_TRY(check_count(fees.size(), min, kFeesMax));
  for (const auto& fee : fees) {
    if (fee.unit_price_yen < 0 || fee.unit_price_yen > kYenMax) {
      return Error{ErrorCode::kLimitExceeded, "fee: price"};
    }
    CERTRELAY_TRY(parse_fee_unit(to_text(fee.unit)));
    CERTRELAY_TRY(parse_iso_day(to_iso_day(fee.effective_from)));
  }
  // Two prices of one purpose from the same day would leave the resident's price to chance.
  return check_unique(
      fees, [](const Fee& fee) { return std::pair(fee.purpose.text(), fee.effective_from); });
}

}  // namespace certrelay
