// Limits and closed schemas of every message, each at its edge and one past it.
#include <gtest/gtest.h>

#include "protocol/wire/problem.hpp"
#include "tests/unit/wire/examples.hpp"
#include "tests/unit/wire/json_mutations.hpp"

namespace certrelay::examples {
namespace {

template <class Decode>
void expect_all_mutations_refused(const Bytes& good, Decode decode) {
  ASSERT_TRUE(decode(good).has_value());
  for (const auto& mutation : mutations::all_of(text_of(good))) {
    EXPECT_FALSE(decode(as_bytes(mutation.text)).has_value()) << mutation.what;
  }
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(decode(ByteView(good).first(size)).has_value()) << size;
  }
}

TEST(Messages, MissingUnknownAndNullMembersAreRefused) {  // R22
  expect_all_mutations_refused(encode(open_request()).value(), decode_open_request);
  expect_all_mutations_refused(encode(open_answer()).value(), decode_open_answer);
  expect_all_mutations_refused(encode(inquiry_request()).value(), decode_inquiry_request);
  expect_all_mutations_refused(encode(inquiry_answer()).value(), decode_inquiry_answer);
  expect_all_mutations_refused(encode(issuance_request()).value(), decode_issuance_request);
  expect_all_mutations_refused(encode(event_report()).value(), decode_event_report);
  expect_all_mutations_refused(encode(state_answer()).value(), decode_state_answer);
  expect_all_mutations_refused(encode(service_answer()).value(), decode_service_answer);
  expect_all_mutations_refused(encode(manifest_answer()).value(), decode_manifest_answer);
  expect_all_mutations_refused(encode(extract_report()).value(), decode_extract_report);
  expect_all_mutations_refused(encode(acknowledgement()).value(), decode_register_acknowledgement);
  expect_all_mutations_refused(encode(reconciliation_request()).value(),
                               decode_reconciliation_request);
  expect_all_mutations_refused(encode(reconciliation_answer()).value(),
                               decode_reconciliation_answer);
}

TEST(Messages, MembersOfOtherOrderAreTheSameMessage) {
  const auto decoded =
      decode_state_answer(as_bytes(R"({"state":"printed","opened_at":"2026-11-24T10:00:00+09:00",)"
                                   R"( "certificate_kind":"juminhyo",)"
                                   R"("transaction_id":"0f9e1c5a-6b1d-4a52-9d0e-3c1f5b7a9e21"})"));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(decoded.value().state, TransactionState::kPrinted);
}

TEST(Messages, TimesHaveOneSpelling) {
  for (const std::string_view time :
       {"2026-11-24T01:00:00Z", "2026-11-24T10:00:00.000+09:00", "2026-11-24T10:00:00-09:00"}) {
    auto text = text_of(encode(state_answer()).value());
    text.replace(text.find("2026"), 25, time);
    EXPECT_FALSE(decode_state_answer(as_bytes(text)).has_value()) << time;
  }
  auto answer = state_answer();
  answer.opened_at += std::chrono::milliseconds{1};  // the wire has whole seconds
  EXPECT_EQ(refusal_of(answer), ErrorCode::kMalformed);
}

TEST(OpenMessage, PayloadOfTheLimitPassesAndOneMoreDoesNot) {
  OpenAnswer answer{Bytes(kSignedPayloadBytesMax), kExpiresAt};
  EXPECT_TRUE(decode_open_answer(encode(answer).value()).has_value());
  answer.signed_payload.push_back(0);
  EXPECT_EQ(refusal_of(answer), ErrorCode::kLimitExceeded);
}

TEST(InquiryMessage, CertificateAndSignatureAreBounded) {
  auto request = inquiry_request();
  request.card_certificate.assign(kCardCertificateBytesMax, 0x30);
  request.signature.assign(kCardSignatureBytesMax, 1);
  EXPECT_TRUE(decode_inquiry_request(encode(request).value()).has_value());
  request.signature.push_back(1);
  EXPECT_EQ(refusal_of(request), ErrorCode::kLimitExceeded);
  request.signature.clear();
  EXPECT_EQ(refusal_of(request), ErrorCode::kLimitExceeded);
  request = inquiry_request();
  request.card_certificate.assign(kCardCertificateBytesMax + 1, 0x30);
  EXPECT_EQ(refusal_of(request), ErrorCode::kLimitExceeded);
}

TEST(InquiryMessage, NamesKeepTheirCodePoints) {  // R46
  auto answer = inquiry_answer();
  const std::string name = "見本 𠮷野 葛\U000E0102 か\u3099";
  answer.members.front().name = PersonalText(name);
  const auto decoded = decode_inquiry_answer(encode(answer).value()).value();
  EXPECT_EQ(decoded.members.front().name.reveal(), name);
}

TEST(InquiryMessage, TwentyMembersWithImagesFitAndOneMoreDoesNot) {
  auto answer = inquiry_answer();
  auto member = answer.members.front();
  member.name = PersonalText(std::string(kNameBytesMax, 'M'));
  member.name_kana = PersonalText(std::string(kNameBytesMax, 'M'));
  member.name_image = name_image(kNameImageBytesMax);
  answer.members.clear();
  for (std::uint8_t i = 0; i < kMembersMax; ++i) {
    member.handle = counting<16>(i);
    answer.members.push_back(member);
  }
  const auto decoded = decode_inquiry_answer(encode(answer).value());
  ASSERT_TRUE(decoded.has_value()) << decoded.error().where;
  EXPECT_EQ(decoded.value().members.back().name_image, member.name_image);
  member.handle = counting<16>(200);
  answer.members.push_back(member);
  EXPECT_EQ(refusal_of(answer), ErrorCode::kLimitExceeded);
}

TEST(InquiryMessage, WrongMembersAreRefusedByTheEncoder) {
  const auto refused = [](auto change) {
    auto answer = inquiry_answer();
    change(answer);
    return refusal_of(answer);
  };
  using Answer = InquiryAnswer;
  const auto long_name = PersonalText(std::string(kNameBytesMax + 1, 'M'));
  EXPECT_EQ(refused([&](Answer& a) { a.members[0].name = long_name; }), ErrorCode::kLimitExceeded);
  EXPECT_EQ(refused([](Answer& a) { a.members[0].name = PersonalText(); }),
            ErrorCode::kLimitExceeded);
  EXPECT_EQ(refused([](Answer& a) { a.members[0].name = PersonalText("見本\n"); }),
            ErrorCode::kMalformed);
  EXPECT_EQ(refused([](Answer& a) { a.members[0].name = PersonalText("\xff"); }),
            ErrorCode::kInvalidUtf8);
  EXPECT_EQ(refused([](Answer& a) { a.members[1].handle = a.members[0].handle; }),
            ErrorCode::kDuplicateValue);
  EXPECT_EQ(refused([](Answer& a) { a.members.clear(); }), ErrorCode::kLimitExceeded);
  EXPECT_EQ(refused([](Answer& a) { a.entries.push_back(a.entries[0]); }),
            ErrorCode::kDuplicateValue);
  EXPECT_EQ(refused([](Answer& a) { a.purposes.push_back(a.purposes[0]); }),
            ErrorCode::kDuplicateValue);
  EXPECT_EQ(refused([](Answer& a) { a.fees.push_back(a.fees[0]); }), ErrorCode::kDuplicateValue);
  EXPECT_EQ(refused([](Answer& a) { a.fees[0].unit_price_yen = kYenMax + 1; }),
            ErrorCode::kLimitExceeded);
  EXPECT_EQ(refused([](Answer& a) { a.members[0].birth_date.day = 30; }), ErrorCode::kMalformed);
  EXPECT_EQ(refused([](Answer& a) { a.members[0].name_image = name_image(8193); }),
            ErrorCode::kLimitExceeded);
  auto tall = name_image(100);
  tall[23] = 49;
  EXPECT_EQ(refused([&](Answer& a) { a.members[0].name_image = tall; }), ErrorCode::kMalformed);
}

TEST(InquiryMessage, GateReasonAndCountMustAgree) {
  const auto good = text_of(encode(inquiry_answer()).value());
  const auto changed = [&](std::string_view from, std::string_view to) {
    auto text = good;
    const auto at = text.find(from);
    text.replace(at, from.size(), to);
    return decode_inquiry_answer(as_bytes(text)).has_value();
  };
  EXPECT_TRUE(changed("\"member_count\":2", "\"member_count\":2"));
  EXPECT_FALSE(changed("\"member_count\":2", "\"member_count\":3"));
  EXPECT_FALSE(changed("\"refusal_reason\":\"90\"", "\"refusal_reason\":\"\""));
  EXPECT_FALSE(changed("\"refusal_reason\":\"90\"", "\"refusal_reason\":\"91\""));
  EXPECT_FALSE(changed(R"("household":{"issuable":true,"refusal_reason":""})",
                       R"("household":{"issuable":false,"refusal_reason":"90"})"));
}

TEST(IssuanceMessage, CopiesHandlesAndEntriesAreHeldToTheirRules) {
  auto request = issuance_request();
  request.copies = kCopiesMax;
  EXPECT_TRUE(decode_issuance_request(encode(request).value()).has_value());
  request.copies = kCopiesMax + 1;
  EXPECT_EQ(refusal_of(request), ErrorCode::kLimitExceeded);
  request.copies = 0;
  EXPECT_EQ(refusal_of(request), ErrorCode::kLimitExceeded);
  request = issuance_request();
  request.members.push_back(kHead);
  EXPECT_EQ(refusal_of(request), ErrorCode::kDuplicateValue);
  request = issuance_request();
  request.entries.push_back(request.entries.front());
  EXPECT_EQ(refusal_of(request), ErrorCode::kDuplicateValue);
  request = issuance_request();
  request.members.clear();
  EXPECT_EQ(refusal_of(request), ErrorCode::kLimitExceeded);
  for (std::uint8_t i = 0; i < kMembersMax; ++i) request.members.push_back(counting<16>(i));
  EXPECT_TRUE(decode_issuance_request(encode(request).value()).has_value());
  request.members.push_back(counting<16>(99));
  EXPECT_EQ(refusal_of(request), ErrorCode::kLimitExceeded);
}

TEST(IssuanceMessage, TheDecoderRefusesAHandleTwiceToo) {  // not only our own encoder
  auto text = text_of(encode(issuance_request()).value());
  const std::string handle = "\"oKGio6SlpqeoqaqrrK2urw==\"";
  text.replace(text.find(handle), handle.size(), handle + "," + handle);
  EXPECT_EQ(decode_issuance_request(as_bytes(text)).error().code, ErrorCode::kDuplicateValue);
}

TEST(IssuanceHeaders, ReadBackAsWritten) {
  const auto read = parse_issuance_headers(to_headers(issuance_headers())).value();
  EXPECT_EQ(read.document_id, issuance_headers().document_id);
  EXPECT_EQ(read.register_version, (RegisterVersion{3, 1207}));
  EXPECT_EQ(read.sheets, 1);
  EXPECT_EQ(read.fee_yen, 200);
}

TEST(IssuanceHeaders, EveryWrongValueIsRefused) {
  for (std::size_t i = 0; i < 4; ++i) {
    for (const std::string_view value : {"", "01", "-1", "1 ", "x", "3.", ".3", "03.1", "0"}) {
      auto headers = to_headers(issuance_headers());
      headers[i].value = value;
      const bool free = headers[i].name == kFeeYenHeader && value == "0";
      EXPECT_EQ(parse_issuance_headers(headers).has_value(), free) << i << " " << value;
    }
    auto headers = to_headers(issuance_headers());
    headers.push_back(headers[i]);  // twice is none
    EXPECT_EQ(parse_issuance_headers(headers).error().code, ErrorCode::kMissingMember);
  }
}

TEST(EventMessage, NumbersAreBounded) {
  auto report = event_report();
  report.sheets_printed = kSheetsPrintedMax;
  report.amount_yen = 100 * kYenMax;
  EXPECT_TRUE(decode_event_report(encode(report).value()).has_value());
  report.sheets_printed = kSheetsPrintedMax + 1;
  EXPECT_EQ(refusal_of(report), ErrorCode::kLimitExceeded);
  report = event_report();
  report.amount_yen = 100 * kYenMax + 1;
  EXPECT_EQ(refusal_of(report), ErrorCode::kLimitExceeded);
  report.amount_yen = -1;
  EXPECT_EQ(refusal_of(report), ErrorCode::kLimitExceeded);
}

TEST(IncidentMessage, TextOfTheLimitPassesAndOneMoreByteDoesNot) {
  auto message = incident_report();
  message.text = StatedReason::parse(std::string(512, 'x')).value();
  EXPECT_TRUE(decode_incident_report(encode(message).value()).has_value());
  auto body = text_of(encode(message).value());
  body.insert(body.rfind('x'), "x");
  EXPECT_FALSE(decode_incident_report(as_bytes(body)).has_value());
  expect_all_mutations_refused(encode(incident_report()).value(), decode_incident_report);
  expect_all_mutations_refused(encode(incident_answer()).value(), decode_incident_answer);
}

TEST(SettlementMessage, RowsRiseAndNumbersAreBounded) {
  expect_all_mutations_refused(encode(settlement_answer()).value(), decode_settlement_answer);
  auto message = settlement_answer();
  std::swap(message.rows[0], message.rows[1]);
  EXPECT_EQ(refusal_of(message), ErrorCode::kMalformed);
  message.rows[1] = message.rows[0];
  EXPECT_EQ(refusal_of(message), ErrorCode::kMalformed);
  message = settlement_answer();
  message.rows[0].paid_yen = kSettlementYenMax;
  EXPECT_EQ(refusal_of(message), ErrorCode::kNone);
  ++message.rows[0].paid_yen;
  EXPECT_EQ(refusal_of(message), ErrorCode::kLimitExceeded);
  message = settlement_answer();
  message.rows[0].transactions = 0;
  EXPECT_EQ(refusal_of(message), ErrorCode::kMalformed);
  message.rows.clear();
  for (std::int64_t price = 0; price < 512; ++price) {
    message.rows.push_back(settlement_answer().rows[0]);
    message.rows.back().copy_price_yen = price;
  }
  EXPECT_EQ(refusal_of(message), ErrorCode::kNone);
  message.rows.push_back(message.rows.back());
  message.rows.back().copy_price_yen = 512;
  EXPECT_EQ(refusal_of(message), ErrorCode::kLimitExceeded);
}

TEST(ServiceMessage, HoursAndDaysExist) {
  const auto refused = [](auto change) {
    auto answer = service_answer();
    change(answer);
    return refusal_of(answer);
  };
  using Answer = ServiceAnswer;
  EXPECT_EQ(refused([](Answer& a) { a.kinds[0].hours = {0, 1440}; }), ErrorCode::kNone);
  EXPECT_EQ(refused([](Answer& a) { a.kinds[0].hours = {0, 1441}; }), ErrorCode::kMalformed);
  EXPECT_EQ(refused([](Answer& a) { a.kinds[0].hours = {600, 600}; }), ErrorCode::kMalformed);
  EXPECT_EQ(refused([](Answer& a) { a.kinds[0].yearly_closures[0].first = {2, 29}; }),
            ErrorCode::kNone);
  EXPECT_EQ(refused([](Answer& a) { a.kinds[0].yearly_closures[0].first = {2, 30}; }),
            ErrorCode::kMalformed);
  EXPECT_EQ(refused([](Answer& a) { a.kinds.push_back(a.kinds[0]); }), ErrorCode::kDuplicateValue);
  EXPECT_EQ(refused([](Answer& a) {
              std::swap(a.kinds[0].once_closures[0].from, a.kinds[0].once_closures[0].until);
            }),
            ErrorCode::kMalformed);
  EXPECT_EQ(refused([](Answer& a) { a.deadlines.answer_s = 0; }), ErrorCode::kLimitExceeded);
}

}  // namespace
}  // namespace certrelay::examples
