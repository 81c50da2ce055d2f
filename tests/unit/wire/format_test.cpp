// Goal: FORMAT.md tells the truth. Method: every worked example of it is read from the file and
// compared with what the code makes of the same values, and decodes to the same bytes again.
#include <gtest/gtest.h>

#include <fstream>

#include "protocol/wire/answer_signature.hpp"
#include "protocol/wire/content_digest.hpp"
#include "protocol/wire/problem.hpp"
#include "protocol/wire/subject_tag.hpp"
#include "tests/unit/wire/examples.hpp"

namespace certrelay::examples {
namespace {

// The example's text is what `message` encodes to, and decodes to the same again.
template <class Message, class Decode>
void expect_example(std::string_view name, const Message& message, Decode decode) {
  const auto stated = from_format_md(name);
  EXPECT_EQ(text_of(encode(message).value()), stated) << name;
  const auto decoded = decode(as_bytes(stated));
  ASSERT_TRUE(decoded.has_value()) << name << ": " << decoded.error().where;
  EXPECT_EQ(text_of(encode(decoded.value()).value()), stated) << name;
}

TEST(WireFormat, CardPayloadExampleIsWhatTheCodeMakes) {
  const auto bytes = card_payload_bytes(card_payload());
  EXPECT_EQ(bytes, hex_from_format_md("card payload"));
  const auto read = parse_card_payload(bytes).value();
  EXPECT_EQ(read.transaction, kTransaction);
  EXPECT_EQ(read.kiosk, kKiosk);
  EXPECT_EQ(read.expires_at, kExpiresAt);
  EXPECT_EQ(read.peer_digest, sha256("center"));
  EXPECT_EQ(read.challenge, counting<32>(1));
}

TEST(WireFormat, SubjectTagExampleIsWhatTheCodeMakes) {  // INV-3
  const auto stated = from_format_md("subject tag");
  EXPECT_EQ(subject_tag(kTransaction, kHead), stated);
  EXPECT_EQ(to_base64url(sha256(hex_from_format_md("subject tag input"))), stated);
  EXPECT_EQ(stated.size(), kSubjectTagSize);
}

TEST(WireFormat, CenterExamplesAreWhatTheCodeMakes) {
  expect_example("open request", open_request(), decode_open_request);
  expect_example("open answer", open_answer(), decode_open_answer);
  expect_example("inquiry request", inquiry_request(), decode_inquiry_request);
  expect_example("inquiry answer", inquiry_answer(), decode_inquiry_answer);
  expect_example("issuance request", issuance_request(), decode_issuance_request);
  expect_example("event report", event_report(), decode_event_report);
  expect_example("state answer", state_answer(), decode_state_answer);
  expect_example("service answer", service_answer(), decode_service_answer);
  expect_example("incident report", incident_report(), decode_incident_report);
  expect_example("incident answer", incident_answer(), decode_incident_answer);
  expect_example("settlement answer", settlement_answer(), decode_settlement_answer);
}

TEST(WireFormat, RegistryExamplesAreWhatTheCodeMakes) {
  expect_example("manifest answer", manifest_answer(), decode_manifest_answer);
  expect_example("extract report", extract_report(), decode_extract_report);
  expect_example("activate request", ActivateRequest{kExpiresAt}, decode_activate_request);
  expect_example("acknowledgement", acknowledgement(), decode_register_acknowledgement);
  expect_example("register status", register_status(), decode_register_status);
  expect_example("heartbeat", HeartbeatRequest{kExpiresAt}, decode_heartbeat_request);
  expect_example("reconciliation", reconciliation_request(), decode_reconciliation_request);
  expect_example("reconciliation answer", reconciliation_answer(), decode_reconciliation_answer);
}

TEST(WireFormat, ProblemExampleIsWhatTheCodeMakes) {
  const Problem problem{.code = ProblemCode::kWindowOnly,
                        .title = problem_text(ProblemCode::kWindowOnly, ""),
                        .transaction_id = kTransaction,
                        .detail = {}};
  expect_example("problem", problem, decode_problem);
}

TEST(WireFormat, RequestDigestIsThatOfTheInquiryAnswer) {
  const auto body = from_format_md("inquiry answer");
  EXPECT_EQ(format_content_digest(sha256(body)), from_format_md("request digest"));
}

TEST(WireFormat, SignatureBaseIsWhatTheCodeMakes) {
  auto answer = document_answer();
  answer.headers.push_back({"content-digest", format_content_digest(sha256(answer.body))});
  const SignatureParameters parameters{1795482060, from_format_md("answer key id")};
  const auto parts = RequestParts::of(issuance_http_request());
  EXPECT_EQ(signature_base(answer, parts, parameters).value(), from_format_md("signature base"));
}

TEST(WireFormat, StatementIsWhatTheCodeMakes) {
  const auto digest = sha256("{}");
  EXPECT_EQ(statement_bytes(StatementKind::kManifest, kCity, statement(), digest),
            hex_from_format_md("statement"));
  const auto header = from_format_md("statement header");
  const auto parsed = parse_statement(header).value();
  EXPECT_EQ(parsed.statement, statement());
  EXPECT_EQ(format_statement(parsed), header);
}

TEST(WireFormat, VaultFramesAreWhatTheCodeMakes) {
  const std::string etag = "\"0123456789abcdef\"";
  const RequestFrame request{
      7, Role::kCenter, kPeer, {HttpMethod::kGet, "/v1/service", {{"if-none-match", etag}}, {}}};
  EXPECT_EQ(encode(FrontFrame(request)).value(), hex_from_format_md("request frame"));
  const AnswerFrame answer{7, false, {304, {{"etag", etag}}, {}}};
  EXPECT_EQ(encode(VaultFrame(answer)).value(), hex_from_format_md("answer frame"));
  EXPECT_EQ(encode(VaultFrame(ServingFrame{true})).value(), hex_from_format_md("serving frame"));
  const RefusalsFrame refusals{FrontRefusal::kGate, kPeer, 3};
  EXPECT_EQ(encode(FrontFrame(refusals)).value(), hex_from_format_md("refusals frame"));
}

// R09: the inquiry's answer is the 22 items of 別添2 (4), each with a row of its own.
TEST(WireFormat, TableNamesTwentyTwoItems) {
  const auto header = std::string("| # | 項目 | member |\n|---|---|---|\n");
  std::ifstream file(CERTRELAY_WIRE_FORMAT_MD, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto answer = from_format_md("inquiry answer");
  auto at = text.find(header);
  ASSERT_NE(at, std::string::npos);
  at += header.size();
  int rows = 0;
  while (text.compare(at, 1, "|") == 0) {
    const auto line = text.substr(at, text.find('\n', at) - at);
    at += line.size() + 1;
    ++rows;
    EXPECT_TRUE(line.starts_with("| " + std::to_string(rows) + " |")) << line;
    // The member named first stands in the example (the image is optional and is not there).
    const auto first = line.find('`') + 1;
    auto member = line.substr(first, line.find('`', first) - first);
    member = member.substr(member.rfind('.') + 1);
    const bool there = answer.find("\"" + member + "\":") != std::string::npos;
    EXPECT_EQ(there, member != "name_image") << line;
  }
  EXPECT_EQ(rows, 22);
}

}  // namespace
}  // namespace certrelay::examples
