// Goal: what does not fit a site is named by its file and leaves the machine as it was; the plan
// and the table of keys say what they must (R20, R30, R33, R44).
#include <gtest/gtest.h>

#include <fstream>

#include "firmware/ctl/init/certificate_check.hpp"
#include "firmware/ctl/init/key_table.hpp"
#include "firmware/ctl/init/site_text.hpp"
#include "firmware/daemon/start_failure.hpp"
#include "relay/keys/demonstration.hpp"
#include "tests/unit/init/init_world.hpp"

namespace certrelay {
namespace {

using testing::Call;
using testing::from_path;
using testing::InitWorld;
using testing::kInitNow;
using testing::only_finding;
using testing::site_path;

class InitRefuses : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    world_ = std::make_unique<InitWorld>();
    ASSERT_TRUE(world_->make_keys().has_value());
  }
  static void TearDownTestSuite() { world_.reset(); }
  void SetUp() override { world_->answer(); }
  std::string csr(const std::string& role) {
    return world_->text(site_path("to-authorities/" + role + "-tls.csr"));
  }
  static inline std::unique_ptr<InitWorld> world_;
};

TEST_F(InitRefuses, ACertificateOfAnotherKey) {
  world_->put(from_path("center-tls.pem"),
              world_->server(Role::kCenter, csr("registry"), "DNS:relay.example.lg.jp"));
  EXPECT_EQ(only_finding(*world_), "center-tls.pem");
}

TEST_F(InitRefuses, ACertificateForAnotherName) {
  world_->put(from_path("center-tls.pem"),
              world_->server(Role::kCenter, csr("center"), "DNS:other.example.lg.jp"));
  EXPECT_EQ(only_finding(*world_), "center-tls.pem");
}

TEST_F(InitRefuses, ACertificateOfAnotherAuthority) {
  world_->put(from_path("center-tls.pem"),
              world_->server(Role::kRegistry, csr("center"), "DNS:relay.example.lg.jp"));
  EXPECT_EQ(only_finding(*world_), "center-tls.pem");
}

TEST_F(InitRefuses, AClientsCertificateWhereAServersBelongs) {
  world_->put(from_path("center-peer.pem"), world_->text(from_path("center-tls.pem")));
  EXPECT_EQ(only_finding(*world_), "center-peer.pem");
}

TEST_F(InitRefuses, ACertificateAtItsEndAndNotTheSecondBefore) {
  const auto key = PkiKey::generate(PkiKeyKind::kEcP256).value();
  const auto saved = world_->validity;
  world_->validity.not_after = kInitNow + std::chrono::seconds(1);
  world_->put(from_path("center-peer.pem"),
              world_->client(Role::kCenter, "DNS:center.example.lg.jp", key));
  EXPECT_EQ(only_finding(*world_), "");
  world_->validity.not_after = kInitNow;
  world_->put(from_path("center-peer.pem"),
              world_->client(Role::kCenter, "DNS:center.example.lg.jp", key));
  world_->validity = saved;
  EXPECT_EQ(only_finding(*world_), "center-peer.pem");
}

TEST_F(InitRefuses, ADemonstrationsAuthorityByNameOrByItsMark) {
  const auto key = PkiKey::generate(PkiKeyKind::kEcP256).value();
  auto spec = role_authority_spec("見本 center authority", serial_from(9), world_->validity);
  world_->put(from_path("center-server-ca.pem"),
              PkiAuthority::self_signed(spec, key).value().certificate_pem());
  EXPECT_NE(only_finding(*world_).find("center-server-ca.pem"), std::string::npos);
  ASSERT_TRUE(world_->files.remove(from_path("center-server-ca.pem")).has_value());
  // The card's root has the real one's very name.
  auto root = jpki_root_spec(serial_from(1), world_->validity);
  root.more.push_back({kDemonstrationOid, false, demonstration_comment()});
  world_->put(from_path("card-root.pem"),
              PkiAuthority::self_signed(root, PkiKey::generate(PkiKeyKind::kRsa2048).value())
                  .value()
                  .certificate_pem());
  EXPECT_EQ(only_finding(*world_), "card-root.pem");
}

TEST_F(InitRefuses, TheAuthorityOfSigningCertificates) {
  auto root = jpki_root_spec(serial_from(1), world_->validity);
  root.subject.at(2).second = "JPKI for digital signature";
  world_->put(from_path("card-root.pem"),
              PkiAuthority::self_signed(root, PkiKey::generate(PkiKeyKind::kRsa2048).value())
                  .value()
                  .certificate_pem());
  EXPECT_EQ(only_finding(*world_), "card-root.pem");
}

TEST_F(InitRefuses, APersonWithAnotherOrAFurtherRole) {
  world_->person("center-head", "mihon-ichiro", "center_head,city_administrator");
  EXPECT_EQ(only_finding(*world_), "center-head.application.json");
  world_->person("center-head", "mihon-ichiro", "clerk");
  EXPECT_EQ(only_finding(*world_), "center-head.application.json");
}

TEST_F(InitRefuses, APersonOfAnotherNameOrWithAnothersCertificate) {
  world_->person("center-head", "somebody", "center_head");
  EXPECT_EQ(only_finding(*world_), "center-head.application.json");
  world_->person("center-head", "mihon-ichiro", "center_head");
  world_->put(from_path("center-head.pem"), world_->text(from_path("city-administrator.pem")));
  EXPECT_EQ(only_finding(*world_), "center-head.application.json");
}

TEST_F(InitRefuses, AListThatHasEndedOrIsOfAnotherRoot) {
  world_->put(from_path("card.crl"), "nothing");
  EXPECT_EQ(only_finding(*world_), "card-root*.pem, card*.crl");
}

TEST(InitPlanText, TheTemplateIsRefusedUntilItIsFilledIn) {
  EXPECT_THROW(parse_init_plan(init_plan_template(), "plan.toml"), StartFailure);
  EXPECT_EQ(parse_init_plan(testing::init_plan_text(), "plan.toml").terminals.size(), 1U);
}

TEST(InitPlanText, TheTwoPeopleAreTwo) {  // R30
  auto text = testing::init_plan_text();
  text.replace(text.find("mihon-hanako"), 12, "mihon-ichiro");
  EXPECT_THROW(parse_init_plan(text, "plan.toml"), StartFailure);
}

TEST(InitPlanText, ANameOfSeveralPeopleIsRefused) {  // R13
  auto text = testing::init_plan_text();
  text.replace(text.find("mihon-hanako"), 12, "admin");
  EXPECT_THROW(parse_init_plan(text, "plan.toml"), StartFailure);
}

TEST(KeyTable, DocsKeysMdShowsTheTable) {
  std::ifstream in(CERTRELAY_KEYS_MD);
  const std::string doc{std::istreambuf_iterator<char>(in), {}};
  EXPECT_NE(doc.find(site_keys_markdown()), std::string::npos) << site_keys_markdown();
}

TEST(KeyTable, EverySettingThatNamesAPrivateKeyHasARow) {
  std::ifstream in(CERTRELAY_CONFIGURATION_MD);
  const std::string doc{std::istreambuf_iterator<char>(in), {}};
  // The settings of docs/configuration.md; the other two outer keys replace keys.outer_key.
  for (const auto& row : kSiteKeys) {
    const auto word = "`" + std::string(row.setting.substr(row.setting.rfind('.') + 1)) + "`";
    EXPECT_NE(doc.find(word), std::string::npos) << word;
  }
}

}  // namespace
}  // namespace certrelay
