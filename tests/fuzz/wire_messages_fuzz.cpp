// Every decoder of texts: the first byte chooses it. What decodes must encode, and decode again to
// the same bytes: a decoder and its encoder that disagree about one message are a bug.
#include <array>

#include "protocol/base/check.hpp"
#include "protocol/wire/answer_signature.hpp"
#include "protocol/wire/card_payload.hpp"
#include "protocol/wire/content_digest.hpp"
#include "protocol/wire/event_message.hpp"
#include "protocol/wire/incident_message.hpp"
#include "protocol/wire/inquiry_message.hpp"
#include "protocol/wire/issuance_message.hpp"
#include "protocol/wire/ledger_message.hpp"
#include "protocol/wire/login_message.hpp"
#include "protocol/wire/open_message.hpp"
#include "protocol/wire/operator_message.hpp"
#include "protocol/wire/overview_message.hpp"
#include "protocol/wire/problem.hpp"
#include "protocol/wire/reconciliation_message.hpp"
#include "protocol/wire/registry_message.hpp"
#include "protocol/wire/registry_statement.hpp"
#include "protocol/wire/service_message.hpp"
#include "protocol/wire/settlement_message.hpp"

namespace certrelay {
namespace {

template <auto Decode>
void message(ByteView input) {
  const auto decoded = Decode(input);
  if (!decoded) return;
  const auto encoded = encode(decoded.value());
  CERTRELAY_CHECK(encoded.has_value());
  const auto again = Decode(encoded.value());
  CERTRELAY_CHECK(again.has_value());
  CERTRELAY_CHECK(encode(again.value()).value() == encoded.value());
}

void digest(ByteView input) {
  const auto parsed = parse_content_digest(as_text(input));
  if (parsed) CERTRELAY_CHECK(format_content_digest(parsed.value()) == as_text(input));
}

void signature(ByteView input) {
  const auto parsed = parse_signature(as_text(input));
  if (parsed) CERTRELAY_CHECK(format_signature(parsed.value()) == as_text(input));
}

void signature_input(ByteView input) {
  for (const auto form : {AnswerForm::kEmpty, AnswerForm::kBody, AnswerForm::kDocument}) {
    const auto parsed = parse_signature_input(as_text(input), form, true);
    if (!parsed) continue;
    CERTRELAY_CHECK(format_signature_input(form, true, parsed.value()) == as_text(input));
  }
}

void statement(ByteView input) {
  const auto parsed = parse_statement(as_text(input));
  if (parsed) CERTRELAY_CHECK(format_statement(parsed.value()) == as_text(input));
}

void payload(ByteView input) {
  const auto parsed = parse_card_payload(input);
  if (parsed) CERTRELAY_CHECK(parsed.value().expires_at.time_since_epoch().count() >= 0);
}

// The same text as each of the four headers: together they must never do more than refuse.
void issuance_headers(ByteView input) {
  HttpHeaders headers;
  for (const auto name :
       {kDocumentIdHeader, kRegisterVersionHeader, kSheetsHeader, kFeeYenHeader}) {
    headers.push_back({std::string(name), std::string(as_text(input))});
  }
  headers.front().value = "20261124-00000042-7F3A";
  for (std::size_t i = 1; i < headers.size(); ++i) {
    auto one = HttpHeaders{headers.front(),
                           {std::string(kRegisterVersionHeader), "3.1207"},
                           {std::string(kSheetsHeader), "1"},
                           {std::string(kFeeYenHeader), "200"}};
    one.at(i) = headers.at(i);
    const auto parsed = parse_issuance_headers(one);
    if (parsed) CERTRELAY_CHECK(to_headers(parsed.value()) == one);
  }
}

constexpr std::array kTargets{message<decode_open_request>,
                              message<decode_open_answer>,
                              message<decode_inquiry_request>,
                              message<decode_inquiry_answer>,
                              message<decode_issuance_request>,
                              message<decode_event_report>,
                              message<decode_state_answer>,
                              message<decode_service_answer>,
                              message<decode_manifest_answer>,
                              message<decode_extract_report>,
                              message<decode_activate_request>,
                              message<decode_register_acknowledgement>,
                              message<decode_register_status>,
                              message<decode_problem>,
                              &digest,
                              &signature,
                              &signature_input,
                              &statement,
                              &payload,
                              &issuance_headers,
                              message<decode_heartbeat_request>,
                              message<decode_reconciliation_request>,
                              message<decode_reconciliation_answer>,
                              message<decode_propose_request>,
                              message<decode_approve_request>,
                              message<decode_deny_request>,
                              message<decode_action_report>,
                              message<decode_pending_list>,
                              message<decode_operator_list>,
                              message<decode_relay_state>,
                              message<decode_signed_application>,
                              message<decode_incident_report>,
                              message<decode_incident_answer>,
                              message<decode_settlement_answer>,
                              message<decode_ledger_query_request>,
                              message<decode_report_request>,
                              message<decode_subject_history>,
                              message<decode_export_manifest>,
                              message<decode_login_request>,
                              message<decode_session_view>,
                              message<decode_password_change>,
                              message<decode_password_reset>,
                              message<decode_enrol_request>,
                              message<decode_enrol_offer>,
                              message<decode_enrol_confirmation>,
                              message<decode_ledger_page>,
                              message<decode_key_challenge>,
                              message<decode_key_registration>,
                              message<decode_key_offer>,
                              message<decode_overview>};

}  // namespace
}  // namespace certrelay

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const certrelay::ByteView input(data, size);
  // '0' and on, so that a corpus file can be read and written by hand.
  const auto number = static_cast<std::size_t>(static_cast<std::uint8_t>(input[0] - '0'));
  certrelay::kTargets.at(number % certrelay::kTargets.size())(input.subspan(1));
  return 0;
}
