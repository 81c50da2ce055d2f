#include "protocol/record/entry.hpp"

#include <gtest/gtest.h>

namespace certrelay {
namespace {

using std::chrono::milliseconds;

template <std::size_t N>
std::array<std::uint8_t, N> filled(std::uint8_t value) {
  std::array<std::uint8_t, N> out{};
  out.fill(value);
  return out;
}

Entry smallest() {
  Entry entry;
  entry.sequence = LedgerSequence(1);
  entry.kind = EntryKind::kBoot;
  entry.utc = UtcTime{milliseconds{1}};
  return entry;
}

Entry fullest() {
  Entry entry = smallest();
  entry.flags = kEntryClockDoubted | 0x80;
  entry.reason = ErrorCode::kBadSignature;
  entry.peer = PeerName::parse("center.example").value();
  entry.role = Role::kCenter;
  entry.kiosk = KioskId::parse("KIOSK-1").value();
  entry.transaction = TransactionId::parse("01890a5d-ac96-774b-bcce-b302099a8057").value();
  entry.certificate_kind = CertificateKind::kJuminhyo;
  entry.incident = IncidentId::from_bytes(entry.transaction->bytes()).value();
  entry.operator_name = OperatorName::parse("operator.1").value();
  entry.approver = OperatorName::parse("operator.2").value();
  entry.terminal = TerminalName::parse("console-1").value();
  entry.action = ActionCode::parse("issuing.stop").value();
  entry.stated_reason = StatedReason::parse("定期点検").value();
  entry.register_version = RegisterVersion{.generation = 3, .sequence = 9};
  entry.crl_number = CrlNumber::parse("1f").value();
  entry.artifact_sha256 = filled<32>(1);
  entry.crl_issuer = filled<32>(2);
  entry.document = DocumentId::parse("20261122-00000001-ABCD").value();
  entry.document_sha256 = filled<32>(2);
  entry.sheets = 2;
  entry.copies = 10;
  entry.fee_yen = 300;
  entry.purpose = PurposeCode::parse("01").value();
  entry.event_id = EventId::from_bytes(entry.transaction->bytes()).value();
  entry.event = RecordedEvent::kPrinted;
  entry.occurred_at = UtcTime{milliseconds{2}};
  entry.sheets_printed = 2;
  entry.paid = true;
  entry.amount_yen = 600;
  entry.count = 7;
  entry.period_from = UtcTime{milliseconds{3}};
  entry.period_until = UtcTime{milliseconds{4}};
  entry.about = LedgerSequence(8);
  entry.tree_size = 5;
  entry.tree_root = filled<32>(3);
  entry.build = BuildId::parse("certrelay/0.1.0").value();
  entry.subjects = {filled<16>(4), filled<16>(5), filled<16>(4)};
  entry.others = {{0x0007, {1, 2}}, {0x7FFF, {}}, {0x8000, {9}}, {0x8002, {8}}, {0x8002, {7}}};
  return entry;
}

TEST(EntryTest, SmallestEntryIsItsHead) {
  EXPECT_EQ(to_hex(encode(smallest()).value()),
            "01"
            "0000000000000001"
            "0002"
            "0000000000000001"
            "00"
            "0000");
}

TEST(EntryTest, DecodesWhatItEncoded) {
  for (const auto& entry : {smallest(), fullest()}) {
    const auto bytes = encode(entry).value();
    EXPECT_TRUE(decode_entry(bytes).value() == entry);
  }
}

// Whatever decodes has one encoding only: a flip is refused or decodes to another entry.
TEST(EntryTest, EveryFlipIsRefusedOrAnotherEntry) {
  const auto entry = fullest();
  const auto bytes = encode(entry).value();
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto flipped = bytes;
    flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ (1U << (bit % 8)));
    const auto decoded = decode_entry(flipped);
    if (!decoded) continue;
    EXPECT_FALSE(decoded.value() == entry) << bit;
    EXPECT_EQ(encode(decoded.value()).value(), flipped) << bit;
  }
}

TEST(EntryTest, EveryTruncationInsideTheHeadIsRefused) {
  const auto bytes = encode(smallest()).value();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_entry(ByteView(bytes).first(size)).has_value()) << size;
  }
}

TEST(EntryTest, RefusesFieldsOutOfOrderOrTwice) {
  const auto head = to_hex(encode(smallest()).value());
  const auto decodes = [&](const std::string& fields) {
    return decode_entry(from_hex(head + fields).value()).has_value();
  };
  EXPECT_TRUE(
      decodes("003200020001"
              "003300020001"));
  EXPECT_FALSE(
      decodes("003300020001"
              "003200020001"));
  EXPECT_FALSE(
      decodes("003200020001"
              "003200020001"));
  EXPECT_FALSE(
      decodes("7fff0000"
              "7fff0000"));
  EXPECT_TRUE(
      decodes("80000000"
              "80000000"));             // repeatable
  EXPECT_FALSE(decodes("00000000"));    // tag 0
  EXPECT_FALSE(decodes("0044000102"));  // a flag that is neither 0 nor 1
  EXPECT_FALSE(decodes("0032000101"));  // a number of another width
}

TEST(EntryTest, KeepsKindsAndReasonsOfANewerProgram) {
  auto entry = smallest();
  entry.kind = static_cast<EntryKind>(999);
  entry.reason = static_cast<ErrorCode>(60'000);
  EXPECT_TRUE(decode_entry(encode(entry).value()).value() == entry);
  EXPECT_EQ(to_text(entry.kind), "unknown");
}

TEST(EntryTest, SubjectsUpToTheLimitAndNotOneMore) {
  auto entry = smallest();
  entry.subjects.assign(kEntrySubjectsMax, filled<16>(1));
  const auto bytes = encode(entry).value();
  EXPECT_TRUE(decode_entry(bytes).has_value());
  auto one_more = bytes;
  one_more.insert(one_more.end(), bytes.end() - 20, bytes.end());
  EXPECT_EQ(decode_entry(one_more).error().code, ErrorCode::kLimitExceeded);
  entry.subjects.push_back(filled<16>(1));
  EXPECT_EQ(encode(entry).error().code, ErrorCode::kLimitExceeded);
}

TEST(EntryTest, OtherFieldsUpToTheirLimitsAndNotOneMore) {
  auto entry = smallest();
  entry.others.assign(kEntryOtherFieldsMax, {0x9000, {}});
  EXPECT_TRUE(decode_entry(encode(entry).value()).has_value());
  entry.others.push_back({0x9000, {}});
  EXPECT_EQ(encode(entry).error().code, ErrorCode::kLimitExceeded);

  entry.others = {{0x7000, Bytes(kEntryFieldBytesMax)}};
  EXPECT_TRUE(decode_entry(encode(entry).value()).has_value());
  entry.others = {{0x7000, Bytes(kEntryFieldBytesMax + 1)}};
  EXPECT_EQ(encode(entry).error().code, ErrorCode::kLimitExceeded);
}

TEST(EntryTest, BytesUpToTheLimitAndNotOneMore) {
  auto entry = smallest();
  const auto head = encode(entry).value().size();
  entry.others.assign(3, {0x9000, Bytes(kEntryFieldBytesMax)});
  entry.others.push_back({0x9000, Bytes(kEntryBytesMax - head - 3 * 1028 - 4)});
  EXPECT_EQ(encode(entry).value().size(), kEntryBytesMax);
  EXPECT_TRUE(decode_entry(encode(entry).value()).has_value());
  entry.others.back().value.push_back(0);
  EXPECT_EQ(encode(entry).error().code, ErrorCode::kLimitExceeded);
}

TEST(EntryTest, RefusesToEncodeWhatItCouldNotDecode) {
  auto entry = smallest();
  entry.sequence = LedgerSequence();
  EXPECT_FALSE(encode(entry).has_value());
  entry = smallest();
  entry.utc = UtcTime{milliseconds{253'402'300'799'999}};
  EXPECT_TRUE(encode(entry).has_value());
  entry.utc += milliseconds{1};
  EXPECT_FALSE(encode(entry).has_value());
  entry.utc = UtcTime{milliseconds{-1}};
  EXPECT_FALSE(encode(entry).has_value());
  entry = smallest();
  entry.others = {{0x0032, {0, 1}}};  // a tag with a member of its own
  EXPECT_FALSE(encode(entry).has_value());
  entry.others = {{0x7001, {}}, {0x7000, {}}};
  EXPECT_FALSE(encode(entry).has_value());
}

TEST(EntryTextTest, AcceptsTheDocumentedFormsOnly) {
  EXPECT_TRUE(StatedReason::parse(std::string(512, 'a')).has_value());
  EXPECT_FALSE(StatedReason::parse(std::string(513, 'a')).has_value());
  EXPECT_FALSE(StatedReason::parse("").has_value());
  EXPECT_FALSE(StatedReason::parse("a\nb").has_value());
  EXPECT_FALSE(StatedReason::parse("\xFF").has_value());
  EXPECT_TRUE(CrlNumber::parse("0").has_value());
  EXPECT_FALSE(CrlNumber::parse("01").has_value());
  EXPECT_TRUE(CrlNumber::parse(std::string(40, 'f')).has_value());
  EXPECT_FALSE(CrlNumber::parse(std::string(41, 'f')).has_value());
  EXPECT_FALSE(ActionCode::parse("Stop").has_value());
  EXPECT_EQ(parse_entry_kind(to_text(EntryKind::kProvisionIntent)).value(),
            EntryKind::kProvisionIntent);
}

}  // namespace
}  // namespace certrelay
