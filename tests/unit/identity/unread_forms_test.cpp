// Goal: what is accepted is read, also where nobody uses it: qualifiers of policies, other names,
// wide texts, dates of a list's entries. A form that OpenSSL refuses, we refuse.
#include <gtest/gtest.h>

#include <string>

#include "relay/identity/certificate.hpp"
#include "relay/identity/crl.hpp"
#include "tests/support/test_pki.hpp"

namespace certrelay {
namespace {

// The value of an extension that only stands for its form.
ErrorCode says(std::uint8_t id, const Bytes& value) {
  auto parts = parts_of(tbs_of(TestPki().card()));
  const Bytes oid{0x06, 0x03, 0x55, 0x1D, id};
  const auto extension = der_of(0x30, {oid, der_of(0x04, {value})});
  parts.back() = der_of(0xA3, {der_of(0x30, {extension})});
  return code_of(parse_certificate(sign_again(der_of(0x30, parts), test_root_key())));
}

constexpr auto kBroken = ErrorCode::kCertificateExtensionMalformed;
const Bytes kSomeOid{0x06, 0x01, 0x2A};

Bytes text(std::uint8_t tag, std::string_view octets) {
  return der_of(tag, {Bytes(octets.begin(), octets.end())});
}

TEST(UnreadFormsTest, QualifiersOfPolicies) {
  const auto with = [](const Bytes& qualifiers) {
    return says(32, der_of(0x30, {der_of(0x30, {kSomeOid, qualifiers})}));
  };
  const auto one = [&](const Bytes& id, const Bytes& qualifier) {
    return with(der_of(0x30, {der_of(0x30, {id, qualifier})}));
  };
  const auto pointer = from_hex("06082b06010505070201").value();
  const auto notice = from_hex("06082b06010505070202").value();
  EXPECT_EQ(one(pointer, text(0x16, "http://a/")), ErrorCode::kNone);
  EXPECT_EQ(one(pointer, text(0x0C, "http://a/")), kBroken);
  EXPECT_EQ(one(pointer, text(0x16, "\xE3")), kBroken);
  EXPECT_EQ(with({0x30, 0x00}), kBroken);
  EXPECT_EQ(with({0x30, 0x03, 0xFF, 0xFF, 0xFF}), kBroken);
  EXPECT_EQ(with(der_of(0x30, {pointer})), kBroken);
  EXPECT_EQ(with(der_of(0x30, {der_of(0x30, {pointer})})), kBroken);
  EXPECT_EQ(one({0x06, 0x01, 0x80}, text(0x16, "a")), kBroken);
  EXPECT_EQ(one(kSomeOid, {0x05, 0x00}), ErrorCode::kNone);  // somebody's own
  EXPECT_EQ(one(kSomeOid, {0x05, 0x01, 0x00}), kBroken);
  EXPECT_EQ(one(notice, {0x30, 0x00}), ErrorCode::kNone);
  EXPECT_EQ(one(notice, text(0x0C, "a")), kBroken);
  EXPECT_EQ(one(notice, der_of(0x30, {text(0x0C, "a")})), ErrorCode::kNone);
  EXPECT_EQ(one(notice, der_of(0x30, {text(0x1A, "a")})), ErrorCode::kNone);
  EXPECT_EQ(one(notice, der_of(0x30, {text(0x0C, "\xFF")})), kBroken);
  EXPECT_EQ(one(notice, der_of(0x30, {text(0x04, "a")})), kBroken);
  const auto numbers = der_of(0x30, {{0x02, 0x01, 0x01}});
  for (const auto* bad : {"0200", "02020001", "0202ff80"}) {  // no number, or in a longer form
    const auto list = der_of(0x30, {from_hex(bad).value()});
    EXPECT_EQ(one(notice, der_of(0x30, {der_of(0x30, {text(0x0C, "a"), list})})), kBroken) << bad;
  }
  const auto reference = der_of(0x30, {text(0x0C, "a"), numbers});
  EXPECT_EQ(one(notice, der_of(0x30, {reference, text(0x0C, "a")})), ErrorCode::kNone);
  EXPECT_EQ(one(notice, der_of(0x30, {der_of(0x30, {text(0x0C, "a")})})), kBroken);
  EXPECT_EQ(one(notice, der_of(0x30, {der_of(0x30, {text(0x0C, "a"), {0x30, 0x02, 0x05, 0x00}})})),
            kBroken);
}

TEST(UnreadFormsTest, OtherNames) {
  const auto with = [](const Bytes& name) { return says(17, der_of(0x30, {name})); };
  const auto value = der_of(0xA0, {text(0x0C, "x")});
  EXPECT_EQ(with(der_of(0xA0, {kSomeOid, value})), ErrorCode::kNone);
  EXPECT_EQ(with(der_of(0xA0, {value})), kBroken);
  EXPECT_EQ(with(der_of(0xA0, {kSomeOid})), kBroken);
  EXPECT_EQ(with(der_of(0xA0, {kSomeOid, text(0x0C, "x")})), kBroken);
  EXPECT_EQ(with(der_of(0xA0, {kSomeOid, {0xA0, 0x00}})), kBroken);
  EXPECT_EQ(with(der_of(0xA0, {kSomeOid, value, value})), kBroken);
  EXPECT_EQ(with({0xA0, 0x02, 0xFF, 0xFF}), kBroken);
  // Of a type that everybody knows, in a form that it does not have.
  for (const auto* bad : {"010155", "0102ffff", "0200", "02020001", "0303084142", "03020741",
                          "050100", "060180", "0c01ff", "1e0141", "2c0341", "2400", "1701 41",
                          "3003010155", "a003010155", "0000", "1b0180"}) {
    std::string hex(bad);
    std::erase(hex, ' ');
    EXPECT_EQ(with(der_of(0xA0, {kSomeOid, der_of(0xA0, {from_hex(hex).value()})})), kBroken)
        << bad;
  }
  for (const auto* good :
       {"0101ff", "020101", "0202ff7f", "03020780", "0400", "0500", "06012a", "0c0141", "1e020041",
        "3000", "30030101ff", "a0030101ff", "8001ff", "1a0141"}) {
    EXPECT_EQ(with(der_of(0xA0, {kSomeOid, der_of(0xA0, {from_hex(good).value()})})),
              ErrorCode::kNone)
        << good;
  }
  Bytes deep{0x05, 0x00};
  for (int i = 0; i < 8; ++i) deep = der_of(0x30, {deep});
  EXPECT_EQ(with(der_of(0xA0, {kSomeOid, der_of(0xA0, {deep})})), ErrorCode::kNone);
  deep = der_of(0x30, {deep});
  EXPECT_EQ(with(der_of(0xA0, {kSomeOid, der_of(0xA0, {deep})})), kBroken);
  // ediPartyName: who assigned the name, if anybody, and the name.
  const auto assigner = der_of(0xA0, {text(0x0C, "a")});
  const auto party = der_of(0xA1, {text(0x0C, "p")});
  EXPECT_EQ(with(der_of(0xA5, {party})), ErrorCode::kNone);
  EXPECT_EQ(with(der_of(0xA5, {assigner, party})), ErrorCode::kNone);
  for (const auto& bad :
       {der_of(0xA5, {}), der_of(0xA5, {assigner}), der_of(0xA5, {party, assigner}),
        der_of(0xA5, {party, party}), der_of(0xA5, {der_of(0xA1, {{0x05, 0x00}})}),
        der_of(0xA5, {der_of(0xA1, {text(0x0C, "\xFF")})})}) {
    EXPECT_EQ(with(bad), kBroken) << to_hex(bad);
  }
  EXPECT_EQ(with(der_of(0xA3, {{0x02, 0x01, 0x01}})), ErrorCode::kNone);  // x400Address
  EXPECT_EQ(with(der_of(0xA3, {{0x02, 0x00}})), kBroken);
  EXPECT_EQ(with(der_of(0x88, {Bytes{0x80}})), kBroken);  // registeredID: an arc cut short
}

TEST(UnreadFormsTest, WideTexts) {
  const auto with = [](std::uint8_t tag, std::string_view hex) {
    const auto attribute =
        der_of(0x30, {{0x06, 0x03, 0x55, 0x04, 0x03}, der_of(tag, {from_hex(hex).value()})});
    auto parts = parts_of(tbs_of(TestPki().card()));
    parts.at(5) = der_of(0x30, {der_of(0x31, {attribute})});  // subject
    return code_of(parse_certificate(sign_again(der_of(0x30, parts), test_root_key())));
  };
  constexpr auto kBad = ErrorCode::kCertificateMalformed;
  EXPECT_EQ(with(0x1E, "65e5672c"), ErrorCode::kNone);  // BMPString
  EXPECT_EQ(with(0x1E, "d8000041"), kBad);
  EXPECT_EQ(with(0x1E, "dc00"), kBad);
  EXPECT_EQ(with(0x1E, "d842"), kBad);
  EXPECT_EQ(with(0x1E, "dfb7d842"), kBad);
  EXPECT_EQ(with(0x1E, "d842dfb7"), ErrorCode::kNone);  // a pair: as programs write U+20BB7
  EXPECT_EQ(with(0x1E, "0041ff"), kBad);
  EXPECT_EQ(with(0x1C, "0000004100020bb7"), ErrorCode::kNone);  // UniversalString
  EXPECT_EQ(with(0x1C, "0010ffff"), ErrorCode::kNone);
  EXPECT_EQ(with(0x1C, "00110000"), kBad);
  EXPECT_EQ(with(0x1C, "ffffffff"), kBad);
  EXPECT_EQ(with(0x1C, "0000d800"), kBad);
  EXPECT_EQ(with(0x1C, "000041"), kBad);
}

ErrorCode revoked_at(std::uint8_t tag, std::string_view date, bool with_reason) {
  std::vector<Bytes> entry{{0x02, 0x01, 0x07}, text(tag, date)};
  const auto reason = from_hex("300c300a0603551d1504030a0101").value();
  if (with_reason) entry.push_back(reason);
  auto parts = parts_of(tbs_of(TestPki().crl()));
  parts.at(5) = der_of(0x30, {der_of(0x30, entry)});
  return code_of(parse_crl(sign_again(der_of(0x30, parts), test_root_key()), KeyRules{}));
}

TEST(UnreadFormsTest, DatesOfEntries) {
  for (const bool with_reason : {false, true}) {
    const auto at = [&](std::uint8_t tag, std::string_view date) {
      return revoked_at(tag, date, with_reason);
    };
    EXPECT_EQ(at(0x17, "261122100000Z"), ErrorCode::kNone);
    EXPECT_EQ(at(0x18, "20261122100000Z"), ErrorCode::kNone);
    for (std::size_t i = 0; i < 13; ++i) {
      for (const char bad : {'/', ':', ' ', '\x80', '\xB0', 'p', '\0'}) {
        std::string date = "261122100000Z";
        date[i] = bad;
        EXPECT_EQ(at(0x17, date), ErrorCode::kCrlMalformed) << i << " " << int(bad);
      }
    }
    EXPECT_EQ(at(0x17, "2611221000Z"), ErrorCode::kCrlMalformed);
    EXPECT_EQ(at(0x17, "20261122100000Z"), ErrorCode::kCrlMalformed);
    EXPECT_EQ(at(0x18, "261122100000Z"), ErrorCode::kCrlMalformed);
    EXPECT_EQ(at(0x18, "2026112210000xZ"), ErrorCode::kCrlMalformed);
    EXPECT_EQ(at(0x18, "20261122100000.5Z"), ErrorCode::kCrlMalformed);
  }
}

}  // namespace
}  // namespace certrelay
