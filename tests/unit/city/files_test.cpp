// The small files that the city's folder is made of: what is written is what is read.
#include <gtest/gtest.h>

#include "firmware/kiosk/city/kiosk_site.hpp"
#include "firmware/kiosk/city/softcard.hpp"

namespace certrelay {
namespace {

TEST(Softcard, ReadsBackWhatWasWritten) {
  const Softcard card{.certificate = {1, 2, 3},
                      .algorithm = CardAlgorithm::kEcdsaP384Sha384,
                      .private_key_pem = "-----BEGIN PRIVATE KEY-----\n"};
  const auto read = parse_softcard(to_softcard_text(card));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read.value().certificate, card.certificate);
  EXPECT_EQ(read.value().algorithm, card.algorithm);
  EXPECT_EQ(read.value().private_key_pem, card.private_key_pem);
}

TEST(Softcard, RefusesAnotherFormatAndAnUnknownMember) {
  EXPECT_EQ(parse_softcard(R"({"format":"certrelay softcard 2"})").error().code,
            ErrorCode::kMalformed);
  EXPECT_EQ(parse_softcard(R"({"format":"certrelay softcard 1","certificate":"AQ==",)"
                           R"("algorithm":"rsa-pkcs1-sha256","private_key":"x","pin":"1"})")
                .error()
                .code,
            ErrorCode::kUnknownMember);
}

KioskSite sample_site() {
  KioskSite site{.municipality = MunicipalityCode::parse("392901").value()};
  site.center = {.address_file = "run/center.addr",
                 .server_ca = "pki/center-ca.pem",
                 .certificate = "pki/c.pem",
                 .key = "pki/c.key",
                 .answer_keys = {"pki/a.pub", "pki/b.pub"}};
  site.registry = site.center;
  site.registry.address_file = "run/registry.addr";
  site.center_peer = "jlis-center";
  site.kiosks = {KioskId::parse("KIOSK-1").value(), KioskId::parse("KIOSK-2").value()};
  return site;
}

TEST(KioskSite, ReadsBackWhatWasWritten) {
  const auto read = parse_kiosk_site(to_kiosk_site_text(sample_site()));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read.value().center.answer_keys, sample_site().center.answer_keys);
  EXPECT_EQ(read.value().registry.address_file, "run/registry.addr");
  EXPECT_EQ(read.value().kiosks, sample_site().kiosks);
  EXPECT_EQ(to_kiosk_site_text(read.value()), to_kiosk_site_text(sample_site()));
}

TEST(KioskSite, RefusesAKioskIdThatIsNone) {
  auto text = to_kiosk_site_text(sample_site());
  text.replace(text.find("KIOSK-2"), 7, "kiosk 2");
  EXPECT_EQ(parse_kiosk_site(text).error().code, ErrorCode::kMalformed);
}

TEST(Cast, ReadsBackWhatWasWritten) {
  const std::vector<CastMember> cast{
      {"ordinary", "cards/ordinary.json", "00000000001", "issued", "why"},
      {"unknown", "cards/unknown.json", "", "window_only", "why not"}};
  const auto read = parse_cast(to_cast_text(cast));
  ASSERT_TRUE(read.has_value());
  ASSERT_EQ(read.value().size(), 2U);
  EXPECT_EQ(read.value()[1].role, "unknown");
  EXPECT_EQ(read.value()[0].person_id, "00000000001");
  EXPECT_TRUE(parse_cast(to_cast_text({})).value().empty());
}

}  // namespace
}  // namespace certrelay
