#include "firmware/kiosk/city/softcard.hpp"

#include "protocol/base/json.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kFormat = "certrelay softcard 1";

}  // namespace

std::string to_softcard_text(const Softcard& card) {
  return to_json_text(boost::json::object{{"format", kFormat},
                                          {"certificate", to_base64(card.certificate)},
                                          {"algorithm", to_text(card.algorithm)},
                                          {"private_key", card.private_key_pem}}) +
         "\n";
}

Result<Softcard> parse_softcard(std::string_view text) {
  CERTRELAY_TRY(const auto json, parse_strict_json(text, {.bytes_max = kSoftcardBytesMax}));
  CERTRELAY_TRY(auto object, JsonObject::from(json));
  CERTRELAY_TRY(const auto format, object.string("format"));
  if (format != kFormat) return Error{ErrorCode::kMalformed, "softcard format"};
  Softcard card;
  CERTRELAY_TRY(const auto certificate, object.string("certificate"));
  CERTRELAY_TRY(card.certificate, from_base64(certificate));
  CERTRELAY_TRY(const auto algorithm, object.string("algorithm"));
  CERTRELAY_TRY(card.algorithm, parse_card_algorithm(algorithm));
  CERTRELAY_TRY(const auto key, object.string("private_key"));
  card.private_key_pem = key;
  CERTRELAY_TRY(object.expect_no_more());
  return card;
}

}  // namespace certrelay
