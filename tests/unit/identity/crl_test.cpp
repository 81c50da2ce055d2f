#include "relay/identity/crl.hpp"

#include <gtest/gtest.h>

#include "tests/support/test_pki.hpp"

namespace certrelay {
namespace {

// Parts of a v2 TBSCertList with entries.
enum ListPart {
  kListVersion,
  kListAlgorithm,
  kListIssuer,
  kListThisUpdate,
  kListNextUpdate,
  kListEntries,
  kListExtensions
};

ErrorCode list_code(ByteView der) { return code_of(parse_crl(der, KeyRules{})); }

Bytes list_with(ListPart part, const Bytes& with) {
  const TestPki pki;
  auto parts = parts_of(tbs_of(pki.crl()));
  parts.at(part) = with;
  return sign_again(der_of(0x30, parts), test_root_key());
}

ErrorCode with_extension(const RawExtension& extension) {
  TestPki pki;
  pki.crl_spec.more = {extension};
  return list_code(pki.crl());
}

TEST(CrlTest, RefusesWhatItDoesNotImplement) {
  EXPECT_EQ(with_extension({"2.5.29.27", true, {0x02, 0x01, 0x01}}), ErrorCode::kCrlDelta);
  EXPECT_EQ(with_extension({"2.5.29.27", false, {0x02, 0x01, 0x01}}), ErrorCode::kCrlDelta);
  EXPECT_EQ(with_extension({"2.5.29.28", true, {0x30, 0x03, 0x84, 0x01, 0xFF}}),
            ErrorCode::kCrlIndirect);
  // A scope is read; whether it is honoured is the profile's (trust_store.cpp).
  EXPECT_EQ(with_extension({"2.5.29.28", true, {0x30, 0x03, 0x81, 0x01, 0xFF}}), ErrorCode::kNone);
  EXPECT_EQ(with_extension({"2.5.29.28", false, {0x30, 0x03, 0x81, 0x01, 0xFF}}),
            ErrorCode::kCrlScope);
  EXPECT_EQ(with_extension({"2.5.29.28", true, {0x30, 0x00}}), ErrorCode::kCrlMalformed);
  EXPECT_EQ(with_extension({"1.2.3.4", true, {0x05, 0x00}}), ErrorCode::kCrlExtensionUnknown);
  EXPECT_EQ(with_extension({"1.2.3.4", false, {0x05, 0x00}}), ErrorCode::kNone);
}

TEST(CrlTest, NumberIsRequiredAndBounded) {
  const auto number = [](std::string_view value) {
    const auto extension =
        der_of(0x30, {{0x06, 0x03, 0x55, 0x1D, 0x14}, der_of(0x04, {from_hex(value).value()})});
    return list_code(list_with(kListExtensions, der_of(0xA0, {der_of(0x30, {extension})})));
  };
  EXPECT_EQ(number("020101"), ErrorCode::kNone);
  EXPECT_EQ(number("020900ffffffffffffffff"), ErrorCode::kNone);
  EXPECT_EQ(number("0209010000000000000000"), ErrorCode::kCrlNumberMissing);
  EXPECT_EQ(number("0201ff"), ErrorCode::kCrlNumberMissing);
  EXPECT_EQ(list_code(list_with(kListExtensions, {})), ErrorCode::kCrlNumberMissing);
  EXPECT_EQ(list_code(list_with(kListVersion, {})), ErrorCode::kCrlNumberMissing);
}

TEST(CrlTest, AListThatNeverExpiresIsRefused) {
  EXPECT_EQ(list_code(list_with(kListNextUpdate, {})), ErrorCode::kCrlExpired);
}

TEST(CrlTest, RefusesBrokenForm) {
  const TestPki pki;
  auto crl = pki.crl();
  EXPECT_EQ(list_code({}), ErrorCode::kCrlMalformed);
  EXPECT_EQ(list_code(ByteView(crl).first(crl.size() - 1)), ErrorCode::kCrlMalformed);
  crl.push_back(0);
  EXPECT_EQ(list_code(crl), ErrorCode::kCrlMalformed);
  EXPECT_EQ(list_code(list_with(kListEntries, {0x30, 0x00})), ErrorCode::kCrlMalformed);
  EXPECT_EQ(list_code(list_with(kListVersion, {0x02, 0x01, 0x00})), ErrorCode::kCrlMalformed);
  EXPECT_EQ(list_code(list_with(kListAlgorithm, {0x30, 0x00})), ErrorCode::kCrlAlgorithm);
}

Bytes list_of_entry(std::vector<Bytes> entry) {
  return list_with(kListEntries, der_of(0x30, {der_of(0x30, entry)}));
}

TEST(CrlTest, EntriesAreStrict) {
  const Bytes serial{0x02, 0x01, 0x05};
  const auto date =
      der_of(0x17, {Bytes{'2', '6', '0', '1', '0', '1', '0', '0', '0', '0', '0', '0', 'Z'}});
  const auto extension = [](std::uint8_t id, bool critical, const Bytes& value) {
    std::vector<Bytes> parts{{0x06, 0x03, 0x55, 0x1D, id}};
    if (critical) parts.push_back({0x01, 0x01, 0xFF});
    parts.push_back(der_of(0x04, {value}));
    return der_of(0x30, {der_of(0x30, parts)});
  };
  const auto code = [](std::vector<Bytes> entry) {
    return list_code(list_of_entry(std::move(entry)));
  };
  EXPECT_EQ(code({serial, date}), ErrorCode::kNone);
  EXPECT_EQ(code({serial}), ErrorCode::kCrlMalformed);
  EXPECT_EQ(code({{0x02, 0x01, 0x00}, date}), ErrorCode::kCrlMalformed);
  EXPECT_EQ(code({{0x02, 0x01, 0x80}, date}), ErrorCode::kCrlMalformed);
  EXPECT_EQ(code({der_of(0x02, {Bytes(20, 1)}), date}), ErrorCode::kNone);
  EXPECT_EQ(code({der_of(0x02, {Bytes(21, 1)}), date}), ErrorCode::kCrlMalformed);
  EXPECT_EQ(code({serial, date, extension(21, false, {0x0A, 0x01, 0x06})}), ErrorCode::kNone);
  EXPECT_EQ(code({serial, date, extension(21, false, {0x0A, 0x01, 0x08})}),  // removeFromCRL
            ErrorCode::kCrlDelta);
  EXPECT_EQ(code({serial, date, extension(29, true, {0x30, 0x00})}), ErrorCode::kCrlIndirect);
  EXPECT_EQ(code({serial, date, extension(99, true, {0x30, 0x00})}),
            ErrorCode::kCrlExtensionUnknown);
  EXPECT_EQ(code({serial, date, extension(99, false, {0x30, 0x00})}), ErrorCode::kNone);
}

TEST(CrlTest, FindsShortAndLongSerialsAndTellsThoseOnHold) {
  TestPki pki;
  pki.crl_spec.entries.clear();
  const Bytes longest(20, 0x7A);
  for (std::uint64_t i = 0; i < 500; ++i) {
    pki.crl_spec.entries.push_back(
        {serial_from(i * 2), test_now(),
         i == 3 ? RevocationReason::kCertificateHold : RevocationReason::kUnspecified});
  }
  pki.crl_spec.entries.push_back({longest, test_now(), RevocationReason::kCertificateHold});
  pki.crl_spec.entries.push_back({{0x09}, test_now(), RevocationReason::kUnspecified});
  const auto file = pki.crl();
  const auto crl = parse_crl(file, KeyRules{}).value().crl;
  EXPECT_EQ(crl.revoked.size(), 502U);
  for (std::uint64_t i = 0; i < 500; ++i) {
    EXPECT_EQ(crl.status(serial_from(i * 2)), i == 3 ? CardStatus::kOnHold : CardStatus::kRevoked);
    EXPECT_EQ(crl.status(serial_from(i * 2 + 1)), CardStatus::kGood);
  }
  EXPECT_EQ(crl.status(longest), CardStatus::kOnHold);
  EXPECT_EQ(crl.status(Bytes(19, 0x7A)), CardStatus::kGood);
  EXPECT_EQ(crl.status(Bytes{0x09}), CardStatus::kRevoked);
  EXPECT_EQ(crl.status(Bytes(21, 0x7A)), CardStatus::kRevoked);  // no certificate has it
}

TEST(SerialListTest, ManyLongSerialsAreFoundWhateverTheirOrder) {
  // Over the size from which buckets are used; half of them share the octets that choose a bucket.
  const auto serial_of = [](std::uint64_t i) {
    Bytes out = serial_from(i * 7919 + 1);
    out.resize(i % 2 == 0 ? 20 : 12, 0x5A);
    if (i % 4 < 2) out[out.size() - 1] = static_cast<std::uint8_t>(i * 31);
    return out;
  };
  SerialList list;
  for (std::uint64_t i = 0; i < 10'000; i += 2) list.add(serial_of(i));
  for (std::uint64_t i = 10'001; i > 4'000; i -= 2) list.add(serial_of(i));
  list.seal();
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    EXPECT_EQ(list.contains(serial_of(i)), i % 2 == 0 || i > 4'000) << i;
  }
  EXPECT_FALSE(list.has_duplicates());
  list.add(serial_of(4));
  list.seal();
  EXPECT_TRUE(list.has_duplicates());
}

TEST(SerialListTest, OrderOfArrivalDoesNotMatter) {
  SerialList list;
  for (std::uint8_t i = 255; i > 0; --i) list.add(Bytes{i});
  list.seal();
  EXPECT_TRUE(list.contains(Bytes{1}));
  EXPECT_TRUE(list.contains(Bytes{255}));
  EXPECT_FALSE(list.contains(Bytes{1, 0}));
}

}  // namespace
}  // namespace certrelay
