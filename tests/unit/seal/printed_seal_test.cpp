// The printed seal's text: its worked bytes (protocol/seal/FORMAT.md), its one spelling, its
// limits.
#include "protocol/seal/printed_seal.hpp"

#include <gtest/gtest.h>

#include "protocol/base/codec.hpp"
#include "protocol/seal/base45.hpp"
#include "protocol/seal/birth_words.hpp"

namespace certrelay {
namespace {

PrintedSeal sample_seal() {
  PrintedSeal seal{.kind = CertificateKind::kJuminhyo,
                   .demo = false,
                   .municipality = MunicipalityCode::parse("392901").value(),
                   .issue_day = parse_iso_day("2026-11-22").value(),
                   .document = DocumentId::parse("20261122-00000042-7F3A").value(),
                   .page = 1,
                   .pages = 2,
                   .persons = {},
                   .key = {0xA1, 0xB2, 0xC3, 0xD4}};
  seal.persons.push_back({PersonalText("𠮷野　浩"), PersonalText("昭和５８年　７月　９日")});
  seal.persons.push_back({PersonalText("MARIA"), PersonalText("１９８５年　４月１２日")});
  return seal;
}

SealSignature sample_signature() {
  SealSignature out{};
  out.fill(0x5A);
  return out;
}

TEST(PrintedSealTest, WorkedBytesAreThoseOfTheFormat) {
  const auto message = printed_seal_message(sample_seal()).value();
  const std::string_view head = "certrelay printed seal 1\n";
  ASSERT_EQ(as_text(message).substr(0, head.size()), head);
  EXPECT_EQ(to_hex(ByteView(message).subspan(head.size())),
            "01"
            "00"
            "0005fec5"
            "01352902"
            "01352902"
            "0000002a"
            "7f3a"
            "01"
            "02"
            "02"
            "000d"
            "f0a0aeb7e9878ee38080e6b5a9"
            "01"
            "06"
            "e698ade5928c"
            "003a"
            "07"
            "09"
            "0005"
            "4d41524941"
            "01"
            "00"
            "07c1"
            "04"
            "0c"
            "a1b2c3d4");
}

TEST(PrintedSealTest, ComesBackAsItWas) {
  const auto text = encode_printed_seal(sample_seal(), sample_signature()).value();
  const auto read = decode_printed_seal(text).value();
  EXPECT_EQ(read.seal, sample_seal());
  EXPECT_EQ(read.signature, sample_signature());
  EXPECT_EQ(read.message, printed_seal_message(sample_seal()).value());
}

TEST(PrintedSealTest, EveryCutAndEveryChangedCharacterIsRefusedOrSaysSomethingElse) {
  const auto text = encode_printed_seal(sample_seal(), sample_signature()).value();
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(decode_printed_seal(text.substr(0, size))) << size;
  }
  EXPECT_FALSE(decode_printed_seal(text + "0"));
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto changed = text;
    changed[at] = changed[at] == '7' ? '8' : '7';
    const auto read = decode_printed_seal(changed);
    if (!read) continue;
    EXPECT_TRUE(read.value().seal != sample_seal() || read.value().signature != sample_signature())
        << at;
  }
}

TEST(PrintedSealTest, ThereIsOneSpelling) {
  // A date that has a packed form, written out.
  ByteWriter plain;
  const std::string words = "昭和５８年　７月　９日";
  plain.u8(0);
  plain.u8(static_cast<std::uint8_t>(words.size()));
  plain.raw(words);
  const auto message = printed_seal_message(sample_seal()).value();
  auto body = to_hex(ByteView(message).subspan(25));
  const std::string packed = "0106e698ade5928c003a0709";
  body.replace(body.find(packed), packed.size(), to_hex(plain.view()));
  auto bytes = from_hex(body).value();
  bytes.resize(bytes.size() + 64, 0x5A);
  EXPECT_EQ(decode_printed_seal("CRS1:" + to_base45(bytes)).error().code, ErrorCode::kMalformed);
}

TEST(PrintedSealTest, LimitsHold) {
  auto seal = sample_seal();
  seal.persons[0].name = PersonalText(std::string(1000, 'A'));
  EXPECT_TRUE(printed_seal_message(seal));
  seal.persons[0].name = PersonalText(std::string(1001, 'A'));
  EXPECT_EQ(printed_seal_message(seal).error().code, ErrorCode::kLimitExceeded);
  seal = sample_seal();
  seal.persons.resize(8, seal.persons[1]);
  EXPECT_TRUE(printed_seal_message(seal));
  seal.persons.push_back(seal.persons[1]);
  EXPECT_EQ(printed_seal_message(seal).error().code, ErrorCode::kLimitExceeded);
  seal = sample_seal();
  seal.page = seal.pages = 20;
  EXPECT_TRUE(printed_seal_message(seal));
  seal.page = seal.pages = 21;
  EXPECT_EQ(printed_seal_message(seal).error().code, ErrorCode::kLimitExceeded);
  seal = sample_seal();
  seal.persons[0].birth = PersonalText(std::string(255, 'x'));
  EXPECT_TRUE(printed_seal_message(seal));
  seal.persons[0].birth = PersonalText(std::string(256, 'x'));
  EXPECT_EQ(printed_seal_message(seal).error().code, ErrorCode::kLimitExceeded);
  seal = sample_seal();
  seal.persons.clear();
  // 27 bytes of body and 64 of signature, 5 a person: 1,362 bytes are 2,043 characters.
  seal.persons.push_back({PersonalText(std::string(1000, 'A')), PersonalText("x")});
  seal.persons.push_back({PersonalText(std::string(261, 'A')), PersonalText("x")});
  EXPECT_TRUE(encode_printed_seal(seal, sample_signature()));
  seal.persons[1].name = PersonalText(std::string(262, 'A'));
  EXPECT_EQ(encode_printed_seal(seal, sample_signature()).error().code, ErrorCode::kLimitExceeded);
}

TEST(BirthWordsTest, EveryFormComesBackWordForWord) {
  for (const std::string_view words :
       {"昭和５８年　７月　９日", "令和元年　５月　１日", "令和　２年１０月　５日",
        "昭和２０年　８月", "大正１５年", "１９８５年　４月１２日", "１９８５年",
        "昭和20年月日不詳", "昭和５８年7月", "元年", "年", "月", "不詳", "明治４５年　７月２９日頃",
        "昭和５８年０月　９日", "", "２０２６年１３月３２日"}) {
    ByteWriter out;
    pack_date_words(words, out);
    ByteReader in(out.view());
    EXPECT_EQ(unpack_date_words(in).value(), words);
    EXPECT_TRUE(in.at_end());
  }
}

TEST(Base45Test, IsThatOfTheRfc) {  // RFC 9285 §4.3, §4.4
  EXPECT_EQ(to_base45(as_bytes("AB")), "BB8");
  EXPECT_EQ(to_base45(as_bytes("Hello!!")), "%69 VD92EX0");
  EXPECT_EQ(to_base45(as_bytes("base-45")), "UJCLQE7W581");
  EXPECT_EQ(as_text(from_base45("QED8WEX0").value()), "ietf!");
  for (const auto* wrong : {"A", "GGW", ":::", "BB8A", "bb8", "::"}) {
    EXPECT_EQ(from_base45(wrong).error().code, ErrorCode::kMalformed) << wrong;
  }
}

}  // namespace
}  // namespace certrelay
