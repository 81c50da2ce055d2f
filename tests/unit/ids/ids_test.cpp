#include "protocol/ids/ids.hpp"

#include <gtest/gtest.h>

#include "protocol/ids/uuid.hpp"
#include "protocol/ids/values.hpp"

namespace certrelay {
namespace {

TEST(IdsTest, AMunicipalityCodeCarriesItsCheckDigit) {
  EXPECT_TRUE(MunicipalityCode::parse("392901").has_value());  // 土佐みなと市, which there is not
  EXPECT_TRUE(MunicipalityCode::parse("011002").has_value());  // 札幌市
  EXPECT_FALSE(MunicipalityCode::parse("392902").has_value());
  EXPECT_FALSE(MunicipalityCode::parse("39290").has_value());
}

TEST(IdsTest, AKioskIdHasAtMostThirtyTwoCharacters) {
  EXPECT_TRUE(KioskId::parse(std::string(32, 'A')).has_value());
  EXPECT_FALSE(KioskId::parse(std::string(33, 'A')).has_value());
  EXPECT_FALSE(KioskId::parse("").has_value());
  EXPECT_FALSE(KioskId::parse("kiosk").has_value());
}

TEST(IdsTest, APersonIdKeepsItsLeadingZeros) {
  EXPECT_EQ(PersonId::parse("00123456789").value().text(), "00123456789");
  EXPECT_FALSE(PersonId::parse("0123456789").has_value());
}

TEST(IdsTest, ADocumentIdHasItsForm) {
  EXPECT_TRUE(DocumentId::parse("20261122-00000042-7F3A").has_value());
  EXPECT_FALSE(DocumentId::parse("20261122-00000042-7f3a").has_value());
  EXPECT_FALSE(DocumentId::parse("20261122-0000042-7F3A").has_value());
}

TEST(IdsTest, ATransactionIdIsAUuidOfVersionFourOrSevenInLowerCase) {
  const auto* text = "0192d3f0-7a3b-7c4d-8e5f-0123456789ab";
  EXPECT_EQ(TransactionId::parse(text).value().text(), text);
  EXPECT_TRUE(TransactionId::parse("f47ac10b-58cc-4372-a567-0e02b2c3d479").has_value());
  EXPECT_FALSE(TransactionId::parse("F47AC10B-58CC-4372-A567-0E02B2C3D479").has_value());
  EXPECT_FALSE(TransactionId::parse("f47ac10b-58cc-1372-a567-0e02b2c3d479").has_value());
  EXPECT_FALSE(TransactionId::parse("f47ac10b-58cc-4372-c567-0e02b2c3d479").has_value());
  EXPECT_FALSE(TransactionId::parse("f47ac10b58cc4372a5670e02b2c3d479").has_value());
}

TEST(IdsTest, RandomBytesBecomeAVersionFourUuid) {
  const Bytes random(16, 0xFF);
  EXPECT_TRUE(TransactionId::from_bytes(uuid_v4_bytes(random)).has_value());
}

TEST(IdsDeathTest, ReadingAFailedParseTerminates) {
  const auto id = PersonId::parse("");
  EXPECT_DEATH((void)id.value(), "");
}

TEST(IdsTest, NamesOfEnumsGoThereAndBack) {
  EXPECT_EQ(parse_role(to_text(Role::kRegistry)).value(), Role::kRegistry);
  EXPECT_EQ(parse_certificate_kind("juminhyo").value(), CertificateKind::kJuminhyo);
  EXPECT_FALSE(parse_certificate_kind("koseki").has_value());
}

}  // namespace
}  // namespace certrelay
