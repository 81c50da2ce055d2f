#include "protocol/wire/inquiry_message.hpp"
#include "protocol/wire/json_fields.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kInquiryRequestBodyMax = std::size_t{16} * 1024;

Result<void> check(const InquiryRequest& message) {
  CERTRELAY_TRY(check_count(message.card_certificate.size(), 1, kCardCertificateBytesMax));
  CERTRELAY_TRY(check_count(message.signature.size(), 1, kCardSignatureBytesMax));
  CERTRELAY_TRY(parse_card_algorithm(to_text(message.algorithm)));
  return ok();
}

}  // namespace

Result<InquiryRequest> decode_inquiry_request(ByteView body) {
  return decode_body<InquiryRequest>(
      body, kInquiryRequestBodyMax, [](JsonObject& in) -> Result<InquiryRequest> {
        CERTRELAY_TRY(auto certificate, base64_field(in, "card_certificate"));
        CERTRELAY_TRY(auto signature, base64_field(in, "signature"));
        CERTRELAY_TRY(const auto algorithm, parsed_field(in, "algorithm", parse_card_algorithm));
        InquiryRequest message{std::move(certificate), std::move(signature), algorithm};
        CERTRELAY_TRY(check(message));
        return message;
      });
}

Result<Bytes> encode(const InquiryRequest& message) {
  CERTRELAY_TRY(check(message));
  return to_body(boost::json::object{{"card_certificate", to_base64(message.card_certificate)},
                                     {"signature", to_base64(message.signature)},
                                     {"algorithm", to_text(message.algorithm)}});
}

}  // namespace certrelay
