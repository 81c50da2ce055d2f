// The values of FORMAT.md's worked examples. Everybody in them is fictional (見本).
#pragma once

#include "protocol/wire/card_payload.hpp"
#include "protocol/wire/event_message.hpp"
#include "protocol/wire/incident_message.hpp"
#include "protocol/wire/inquiry_message.hpp"
#include "protocol/wire/issuance_message.hpp"
#include "protocol/wire/open_message.hpp"
#include "protocol/wire/reconciliation_message.hpp"
#include "protocol/wire/registry_message.hpp"
#include "protocol/wire/registry_statement.hpp"
#include "protocol/wire/service_message.hpp"
#include "protocol/wire/settlement_message.hpp"
#include "protocol/wire/vault_frame.hpp"

namespace certrelay::examples {

inline const TransactionId kTransaction =
    TransactionId::parse("0f9e1c5a-6b1d-4a52-9d0e-3c1f5b7a9e21").value();
inline const MunicipalityCode kCity = MunicipalityCode::parse("392901").value();
inline const KioskId kKiosk = KioskId::parse("KIOSK-0001").value();
inline const PeerName kPeer = PeerName::parse("center").value();
// 2026-11-24T10:02:00+09:00
inline const UtcTime kExpiresAt = parse_rfc3339("2026-11-24T10:02:00+09:00").value();

template <std::size_t N>
std::array<std::uint8_t, N> counting(std::uint8_t first) {
  std::array<std::uint8_t, N> out{};
  for (auto& byte : out) byte = first++;
  return out;
}
inline const MemberHandle kHead = counting<16>(0xa0);
inline const MemberHandle kChild = counting<16>(0xb0);

CardPayload card_payload();
OpenRequest open_request();
OpenAnswer open_answer();
InquiryRequest inquiry_request();
InquiryAnswer inquiry_answer();
IssuanceRequest issuance_request();
IssuanceHeaders issuance_headers();
EventReport event_report();
StateAnswer state_answer();
ServiceAnswer service_answer();
IncidentReport incident_report();
IncidentAnswer incident_answer();
SettlementAnswer settlement_answer();
ManifestAnswer manifest_answer();
ExtractReport extract_report();
RegisterAcknowledgement acknowledgement();
RegisterStatus register_status();
ReconciliationRequest reconciliation_request();
ReconciliationAnswer reconciliation_answer();
RegistryStatement statement();
// A picture's first bytes, enough to be taken for one.
Bytes name_image(std::size_t size);

// The request and answer of the signature's example.
HttpRequest event_request();
HttpRequest issuance_http_request();
HttpAnswer document_answer();  // unsigned

// What stands between "```" after "Example NAME:" in FORMAT.md, last line break cut.
std::string from_format_md(std::string_view name);
// The same of hexadecimal lines, white space left out.
Bytes hex_from_format_md(std::string_view name);

inline std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

// Why the encoder refuses it; kNone: it does not.
template <class Message>
ErrorCode refusal_of(const Message& message) {
  const auto encoded = encode(message);
  return encoded ? ErrorCode::kNone : encoded.error().code;
}

}  // namespace certrelay::examples
