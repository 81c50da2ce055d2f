// The softcards before the shipped verification: each role's card is accepted or refused as
// cast.json promises, for the reason it promises.
#include <gtest/gtest.h>

#include <map>

#include "firmware/kiosk/city/card_maker.hpp"
#include "firmware/kiosk/city/softcard.hpp"
#include "firmware/kiosk/pki/key.hpp"
#include "relay/identity/card_verifier.hpp"
#include "tests/unit/city/register_files.hpp"

namespace certrelay {
namespace {

const UtcTime kCardNow = parse_rfc3339("2026-11-22T19:42:09+09:00").value();

class Cards : public testing::Test {
 protected:
  void SetUp() override {
    PosixFiles files;
    ASSERT_TRUE(files.make_folder(scratch_.path() + "/source"));
    ASSERT_TRUE(files.make_folder(scratch_.path() + "/pki"));
    const auto today = jst_day(kCardNow);
    const auto people =
        write_source_tables(files, scratch_.path() + "/source",
                            {.residents = 200, .seed = 1, .today = today, .softcards_max = 3})
            .value();
    CityFolder folder(files, scratch_.path());
    made_ = write_cards(folder, people.softcards, 50, today).value();
    CardConfig config;
    config.roots = {bytes_of(scratch_.path() + "/pki/card-root.pem")};
    config.crls = {bytes_of(scratch_.path() + "/pki/card.crl")};
    auto verifier = CardVerifier::load(config);
    ASSERT_TRUE(verifier.has_value()) << verifier.error().where;
    verifier_ = std::move(verifier).value();
  }

  Result<VerifiedCard> verify(const CastMember& member) {
    const auto file = bytes_of(scratch_.path() + "/" + member.card);
    const auto card = parse_softcard(as_text(file)).value();
    const auto key = PkiKey::from_pkcs8_pem(card.private_key_pem, "").value();
    const auto payload = as_bytes("payload");
    return verifier_->verify(card.certificate, payload, key.sign(payload).value(), card.algorithm,
                             kCardNow);
  }

  ScratchFolder scratch_;
  MadeCards made_;
  std::unique_ptr<CardVerifier> verifier_;
};

TEST_F(Cards, AreVerifiedOrRefusedAsTheirRolesPromise) {
  const std::map<std::string, ErrorCode> refused{
      {"revoked", ErrorCode::kCardRevoked},
      {"onhold", ErrorCode::kCardOnHold},
      {"expired_card", ErrorCode::kCertificateExpired},
      {"not_yet_valid", ErrorCode::kCertificateNotYetValid},
      {"forged", ErrorCode::kIssuerKeyDiffers},
  };
  std::size_t seen = 0;
  for (const auto& member : made_.cast) {
    const auto result = verify(member);
    const auto why = refused.find(member.role);
    EXPECT_EQ(result.has_value(), why == refused.end()) << member.role;
    EXPECT_EQ(member.expected == "card_not_accepted", why != refused.end()) << member.role;
    if (why == refused.end()) {
      EXPECT_EQ(result.value().card.issuer_der, made_.issuer_der);
      continue;
    }
    ++seen;
    EXPECT_EQ(result.error().code, why->second) << member.role;
  }
  EXPECT_EQ(seen, refused.size());
}

// The link in cards.csv holds the serial as the certificate has it, never by the serial alone.
TEST_F(Cards, AreLinkedByTheSerialOfTheirCertificate) {
  std::map<Bytes, std::string> links;
  for (const auto& card : read_table(scratch_.path() + "/source", Table::kCards, decode_card)) {
    links.emplace(card.serial, card.person.text());
  }
  for (const auto& member : made_.cast) {
    const auto result = verify(member);
    if (!result) continue;
    const auto found = links.find(result.value().card.serial);
    const bool linked = member.role != "deleted" && member.role != "unknown";
    ASSERT_EQ(found != links.end(), linked) << member.role;
    if (linked) {
      EXPECT_EQ(found->second, member.person_id);
    }
  }
}

}  // namespace
}  // namespace certrelay
