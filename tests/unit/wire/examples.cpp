#include "tests/unit/wire/examples.hpp"

#include <fstream>
#include <iterator>

#include "protocol/base/check.hpp"
#include "protocol/wire/content_digest.hpp"

namespace certrelay::examples {
namespace {

UtcTime at(std::string_view text) { return parse_rfc3339(text).value(); }
PurposeCode purpose(std::string_view text) { return PurposeCode::parse(text).value(); }
EntryCode entry(std::string_view text) { return EntryCode::parse(text).value(); }
JstDay day(std::string_view text) { return parse_iso_day(text).value(); }

InquiryMember member(const MemberHandle& handle, bool issuable, std::string kana, std::string name,
                     std::string_view iso, std::string birth) {
  return {.handle = handle,
          .issuable = issuable,
          .resident_kind = ResidentKind::kJapanese,
          .name_kana = PersonalText(std::move(kana)),
          .name = PersonalText(std::move(name)),
          .name_image = {},
          .birth_date = RegisterDate::parse(iso, PersonalText(std::move(birth))).value()};
}

}  // namespace

CardPayload card_payload() {
  return {kCity, kTransaction,      kKiosk, CertificateKind::kJuminhyo, kExpiresAt,
          kPeer, counting<32>(0x01)};
}

OpenRequest open_request() { return {kTransaction, kCity, kKiosk, CertificateKind::kJuminhyo}; }

OpenAnswer open_answer() { return {card_payload_bytes(card_payload()), kExpiresAt}; }

InquiryRequest inquiry_request() {
  return {{0x30, 0x03, 0x02, 0x01, 0x05}, {0x01, 0x02, 0x03}, CardAlgorithm::kRsaPkcs1Sha256};
}

Bytes name_image(std::size_t size) {
  Bytes png{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0,  0, 0, 13, 'I', 'H', 'D',
            'R',  0,   0,   0,   96,   0,    0,    0,    48, 1, 0, 0,  0,   0};
  png.resize(size);
  return png;
}

InquiryAnswer inquiry_answer() {
  InquiryAnswer answer{.identification_id = counting<16>(0xc0),
                       .members = {},
                       .purposes = {{purpose("GENERAL"), "一般"}},
                       .entries = {{entry("HEAD-RELATION"), "世帯主・続柄", false, true},
                                   {entry("DOMICILE"), "本籍・筆頭者", false, true}},
                       .individual_number_selectable = false,
                       .fees = {{purpose("GENERAL"), 200, FeeUnit::kPerCopy, day("2026-04-01")}},
                       .menu_required = true,
                       .nonce = counting<16>(0xd0)};
  answer.members.push_back(
      member(kHead, true, "ミホン タロウ", "見本 太郎", "1980-02-29", "昭和５５年２月２９日"));
  answer.members.push_back(
      member(kChild, false, "ミホン ハナコ", "見本 花子", "2012-05-01", "平成２４年５月１日"));
  return answer;
}

IssuanceRequest issuance_request() {
  return {.members = {kHead},
          .purpose = purpose("GENERAL"),
          .entries = {{entry("HEAD-RELATION"), true}, {entry("DOMICILE"), false}},
          .individual_number = false,
          .copies = 1,
          .inquiry_digest = sha256(encode(inquiry_answer()).value())};
}

IssuanceHeaders issuance_headers() {
  return {DocumentId::parse("20261124-00000042-7F3A").value(), {3, 1207}, 1, 200};
}

EventReport event_report() {
  return {EventId::parse("5d3c2b1a-0f9e-4d8c-8b7a-69584736251f").value(),
          PrintEvent::kPrinted,
          at("2026-11-24T10:05:30+09:00"),
          1,
          true,
          200};
}

StateAnswer state_answer() {
  return {kTransaction, CertificateKind::kJuminhyo, TransactionState::kPrinted,
          at("2026-11-24T10:00:00+09:00")};
}

IncidentReport incident_report() {
  return {kTransaction, IncidentKind::kPaper, StatedReason::parse("用紙の端が折れていた").value()};
}

IncidentAnswer incident_answer() {
  return {IncidentId::parse("8c1d2e3f-4a5b-4c6d-9e7f-0a1b2c3d4e5f").value()};
}

SettlementAnswer settlement_answer() {
  return {day("2026-11-24"),
          at("2026-11-25T06:00:00+09:00"),
          false,
          {{CertificateKind::kJuminhyo, purpose("GENERAL"), 200, TransactionState::kPrinted, 12, 14,
            19, 2800, 2800, 0},
           {CertificateKind::kJuminhyo, purpose("GENERAL"), 200, TransactionState::kRefunded, 1, 1,
            2, 200, 200, 200}}};
}

ServiceAnswer service_answer() {
  const ServiceKind kind{
      .kind = CertificateKind::kJuminhyo,
      .suspended = false,
      .hours = {390, 1380},
      .yearly_closures = {{{12, 29}, {1, 3}}},
      .once_closures = {{at("2026-12-05T18:00:00+09:00"), at("2026-12-06T09:00:00+09:00")}},
      .fees = inquiry_answer().fees};
  return {kCity, {kind}, ServiceDeadlines{}};
}

ManifestAnswer manifest_answer() {
  return {ExtractId::parse("7b1e9f40-3c55-4c11-a0c2-112233445566").value(), counting<32>(0x40),
          at("2026-11-25T02:00:00+09:00")};
}

ExtractReport extract_report() {
  return {.extract_id = manifest_answer().extract_id,
          .state = ExtractState::kReady,
          .generation = 3,
          .received_bytes = 1'048'576,
          .expected_bytes = 1'048'576,
          .persons = 3000,
          .households = 1391,
          .closed_members = 1,
          .rejections = {},
          .warnings = {{"persons.csv:17 00000000161", "name", "glyph-missing",
                        "外字を登録するか、窓口で交付してください。"}},
          .plan = {.base_generation = 2,
                   .persons = {3, 1, 2, 2996},
                   .households = {1, 1, 0, 1389},
                   .cards = {4, 0, 2, 1804},
                   .catalogue_changed = true,
                   .fees_changed = {CertificateKind::kJuminhyo},
                   .differences = {{PlanRecord::kPerson,
                                    "00000000161",
                                    PlanChange::kChanged,
                                    {"~name", "+former_name"}}}}};
}

RegisterAcknowledgement acknowledgement() { return {{3, 1207}, kExpiresAt, {}, {}}; }

RegisterStatus register_status() {
  return {.version = RegisterVersion{3, 1207},
          .last_contact_at = kExpiresAt,
          .seconds_to_bound = 0,
          .pending_approvals = 0,
          .reason = "gap",
          .complete_until = kExpiresAt + std::chrono::hours(12),
          .quarantined = 1,
          .change_key = counting<32>(0x60),
          .announced = 1210,
          .put_aside = {{1200,
                         kExpiresAt - std::chrono::minutes(52),
                         {{"persons.csv:1 00000000161", "household_id", "unknown-household",
                           "世帯も送ってください。"}}}}};
}

ReconciliationRequest reconciliation_request() {
  return {counting<32>(0x80), 64, {{7, 42, counting<32>(0x10)}, {8, 0, counting<32>(0x30)}}};
}

ReconciliationAnswer reconciliation_answer() { return {{3, 1207}, {{7, 41}}}; }

RegistryStatement statement() { return {3, 1207, kExpiresAt + std::chrono::milliseconds{250}}; }

HttpRequest event_request() {
  return {HttpMethod::kPost,
          "/v1/transactions/" + kTransaction.text() + "/events",
          {{"content-type", "application/json"}},
          encode(event_report()).value()};
}

HttpRequest issuance_http_request() {
  return {HttpMethod::kPost,
          "/v1/transactions/" + kTransaction.text() + "/issuance",
          {{"content-type", "application/json"}},
          encode(issuance_request()).value()};
}

HttpAnswer document_answer() {
  const std::string_view pdf = "%PDF-1.7 (example)\n";
  HttpAnswer answer{
      .status = 200, .headers = to_headers(issuance_headers()), .body = {pdf.begin(), pdf.end()}};
  answer.headers.push_back({"content-type", "application/pdf"});
  return answer;
}

std::string from_format_md(std::string_view name) {
  std::ifstream file(CERTRELAY_WIRE_FORMAT_MD, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto title = text.find("Example " + std::string(name) + ":");
  CERTRELAY_CHECK(title != std::string::npos);
  const auto fence = text.find("```", title);
  const auto begin = text.find('\n', fence) + 1;
  const auto end = text.find("\n```", begin - 1);
  CERTRELAY_CHECK(fence != std::string::npos && end != std::string::npos);
  return text.substr(begin, end - begin);
}

Bytes hex_from_format_md(std::string_view name) {
  std::string digits;
  for (const char c : from_format_md(name)) {
    if (c != ' ' && c != '\n') digits += c;
  }
  return from_hex(digits).value();
}

}  // namespace certrelay::examples
