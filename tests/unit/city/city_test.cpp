// `city create` as a whole: what lies in the folder is what the server, the kiosk and the card's
// verification accept, and a failure leaves nothing behind.
#include "firmware/kiosk/city/city.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "firmware/ctl/extract_build.hpp"
#include "firmware/ctl/folder_files.hpp"
#include "firmware/daemon/config.hpp"
#include "firmware/kiosk/city/card_keys.hpp"
#include "firmware/kiosk/city/kiosk_site.hpp"
#include "firmware/kiosk/city/softcard.hpp"
#include "protocol/extract/walk.hpp"
#include "relay/env/system_entropy.hpp"
#include "relay/issuance/calendar.hpp"
#include "relay/keys/document_key.hpp"
#include "relay/keys/document_verifier.hpp"
#include "tests/unit/city/register_files.hpp"

namespace certrelay {
namespace {

const UtcTime kNow = parse_rfc3339("2026-11-22T19:42:09+09:00").value();

CityPlan small_plan(const std::string& folder) {
  return {.folder = folder, .residents = 200, .seed = 1, .softcards = 3, .now = kNow};
}

// One city for the tests that only read it.
class WholeCity : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    scratch_ = std::make_unique<ScratchFolder>();
    PosixFiles files;
    SystemEntropy entropy;
    const auto failure = create_city(files, entropy, small_plan(folder()), report_);
    ASSERT_FALSE(failure.has_value()) << failure->line;
  }
  static void TearDownTestSuite() { scratch_.reset(); }
  static std::string folder() { return scratch_->path() + "/minato"; }
  static std::string text(const std::string& path) {
    return std::string(as_text(bytes_of(folder() + "/" + path)));
  }
  static inline std::unique_ptr<ScratchFolder> scratch_;
  static inline CityReport report_;
};

TEST_F(WholeCity, TheServersOwnLoaderTakesItsConfiguration) {
  const Config config = load_config(folder() + "/certrelay.toml");
  EXPECT_EQ(config.municipality.text(), "392901");
  EXPECT_TRUE(config.demo);
  ASSERT_EQ(config.peers.size(), 2U);
  EXPECT_EQ(config.peers[0].name.text(), "jlis-center");
  for (const auto& listener : config.listeners) {
    EXPECT_EQ(listener.port, 0);
    if (!listener.tls) continue;
    for (const auto& path :
         {listener.tls->certificate, listener.tls->key, listener.tls->client_ca}) {
      EXPECT_FALSE(bytes_of(path).empty()) << path;
    }
  }
  for (const auto& path :
       {config.keys.answer_key, config.keys.registry_answer_key, config.keys.outer_key,
        config.keys.checkpoint_key, config.keys.feeder_public_keys.at(0), config.card.roots.at(0),
        config.card.crls.at(0)}) {
    EXPECT_FALSE(bytes_of(path).empty()) << path;
  }
  const auto& hours = config.calendar.at(CertificateKind::kJuminhyo).hours;
  EXPECT_EQ(hours.opens_min, 0);
  EXPECT_EQ(hours.closes_min, 24 * 60);
}

TEST_F(WholeCity, SignsNothingUnlessAsked) {
  EXPECT_FALSE(load_config(folder() + "/certrelay.toml").documents);
  EXPECT_FALSE(std::filesystem::exists(folder() + "/pki/documents.pem"));
}

TEST(CityOfDocuments, ItsKeySignsAndItsCertificateVerifies) {
  const ScratchFolder scratch;
  PosixFiles files;
  SystemEntropy entropy;
  CityReport report;
  auto plan = small_plan(scratch.path() + "/minato");
  plan.documents = true;
  const auto failure = create_city(files, entropy, plan, report);
  ASSERT_FALSE(failure.has_value()) << failure->line;
  const auto config = load_config(plan.folder + "/certrelay.toml");
  ASSERT_TRUE(config.documents);
  EXPECT_TRUE(config.documents->signature);
  EXPECT_TRUE(config.documents->printed_seal);
  const auto read = [](const std::string& path) { return std::string(as_text(bytes_of(path))); };
  const auto certificate = read(config.documents->certificate);
  EXPECT_TRUE(
      DocumentKey::from_pem(certificate, read(config.documents->key), config.keys.password));
  EXPECT_TRUE(DocumentVerifier::from_pem(certificate));
}

TEST_F(WholeCity, EveryFileIsItsOwnersAlone) {  // R33
  PosixFiles files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder())) {
    const auto info = files.info(entry.path().string()).value();
    const bool is_folder = info.kind == FileInfo::Kind::kFolder;
    EXPECT_EQ(info.mode, is_folder ? 0700U : 0600U) << entry.path();
  }
}

TEST_F(WholeCity, TheCastNamesFilesThatAreThere) {
  const auto cast = parse_cast(text("cast.json")).value();
  EXPECT_EQ(cast.size(), report_.softcards);
  EXPECT_EQ(cast.front().role, "ordinary");
  std::set<std::string> keys;
  for (const auto& member : cast) {
    const auto card = parse_softcard(text(member.card));
    ASSERT_TRUE(card.has_value()) << member.card;
    EXPECT_TRUE(keys.insert(card.value().private_key_pem).second) << "a key twice";
  }
}

TEST_F(WholeCity, TheKiosksFileNamesFilesThatAreThere) {
  const auto site = parse_kiosk_site(text("kiosk.json")).value();
  for (const auto& path :
       {site.center.server_ca, site.center.certificate, site.center.key,
        site.center.answer_keys.at(0), site.registry.server_ca, site.registry.certificate,
        site.registry.answer_keys.at(0), site.stranger_certificate, site.stranger_key,
        site.feeder_key, site.feeder_password}) {
    EXPECT_FALSE(text(path).empty()) << path;
  }
}

class CountingSink final : public ExtractSink {
 public:
  Result<void> catalogue(Catalogue catalogue) override {
    kinds = catalogue.kinds.size();
    return ok();
  }
  Result<void> household(HouseholdRows rows, std::vector<std::vector<CardRecord>> cards) override {
    persons += rows.members.size();
    for (const auto& of_member : cards) linked += of_member.size();
    return ok();
  }
  std::size_t kinds = 0;
  std::size_t persons = 0;
  std::size_t linked = 0;
};

TEST_F(WholeCity, ItsExtractPassesEveryRuleAndCarriesTheFeedersSignature) {  // R10, R22
  PosixFiles files;
  const auto json = bytes_of(folder() + "/extract/manifest.json");
  const auto manifest = decode_manifest(json).value();
  FolderFiles extract(files, folder() + "/extract");
  CountingSink sink;
  Diagnostics diagnostics;
  EXPECT_TRUE(walk_extract(manifest, extract, sink, diagnostics));
  EXPECT_EQ(diagnostics.warned(), 0U);
  EXPECT_EQ(sink.persons, 200U);
  EXPECT_EQ(sink.linked, report_.cards);
  EXPECT_EQ(sink.kinds, 1U);
  const auto verifier = FeederVerifier::from_pems({text("feeder/feeder.pub.pem")}).value();
  const auto statement = parse_statement(text("extract/" + std::string(kStatementFile))).value();
  EXPECT_TRUE(verifier.verify(StatementKind::kManifest, manifest.municipality, statement, json));
}

TEST(CardKeys, AreAllDifferentAndSign) {
  const auto keys = make_card_keys(7).value();
  ASSERT_EQ(keys.size(), 7U);
  std::set<Bytes> seen;
  for (const auto& key : keys) {
    EXPECT_TRUE(seen.insert(key.public_key_der()).second);
    EXPECT_EQ(key.sign(as_bytes("payload")).value().size(), 256U);
  }
}

class CityCreate : public testing::Test {
 protected:
  std::optional<CityFailure> create(const CityPlan& plan) {
    CityReport report;
    return create_city(files_, entropy_, plan, report);
  }
  std::set<std::string> names() {
    const auto list = files_.list(scratch_.path()).value();
    return {list.begin(), list.end()};
  }
  ScratchFolder scratch_;
  PosixFiles files_;
  SystemEntropy entropy_;
};

TEST_F(CityCreate, RefusesAFolderThatIsThereAndReplacesItOnlyWhenAsked) {
  auto plan = small_plan(scratch_.path() + "/minato/");
  ASSERT_FALSE(create(plan).has_value());
  const auto password = bytes_of(scratch_.path() + "/minato/keys/password");
  const auto refused = create(plan);
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->exit_code, 1);
  EXPECT_NE(refused->line.find("--force"), std::string::npos);
  EXPECT_EQ(bytes_of(scratch_.path() + "/minato/keys/password"), password);
  plan.replace = true;
  EXPECT_FALSE(create(plan).has_value());
  EXPECT_NE(bytes_of(scratch_.path() + "/minato/keys/password"), password);
  EXPECT_EQ(names(), std::set<std::string>{"minato"});
}

TEST_F(CityCreate, NeverReplacesAFolderThatIsNoCity) {
  auto plan = small_plan(scratch_.path());
  plan.replace = true;
  ASSERT_TRUE(create(plan).has_value());
  EXPECT_TRUE(std::filesystem::exists(scratch_.path()));
}

TEST_F(CityCreate, LeavesNothingBehindWhenItFails) {
  auto plan = small_plan(scratch_.path() + "/minato");
  plan.font = scratch_.path() + "/no-font.ttf";
  const auto failure = create(plan);
  ASSERT_TRUE(failure.has_value());
  EXPECT_NE(failure->line.find("fonts-ipamj-mincho"), std::string::npos);
  EXPECT_TRUE(names().empty());
  plan = small_plan(scratch_.path() + "/absent/minato");
  EXPECT_EQ(create(plan)->exit_code, 1);
  EXPECT_TRUE(names().empty());
}

TEST_F(CityCreate, TakesResidentsFromTheLeastToTheMost) {
  auto plan = small_plan(scratch_.path() + "/minato");
  for (const int residents : {149, kCityResidentsMax + 1}) {
    plan.residents = residents;
    EXPECT_EQ(create(plan)->exit_code, 2) << residents;
  }
  plan.residents = 150;
  EXPECT_FALSE(create(plan).has_value());
}

TEST_F(CityCreate, RealHoursCloseAtNightAndOverNewYear) {  // R04
  auto plan = small_plan(scratch_.path() + "/minato");
  plan.real_hours = true;
  ASSERT_FALSE(create(plan).has_value());
  const Config config = load_config(scratch_.path() + "/minato/certrelay.toml");
  const auto& hours = config.calendar.at(CertificateKind::kJuminhyo);
  EXPECT_EQ(hours.hours.opens_min, 6 * 60 + 30);
  EXPECT_EQ(hours.hours.closes_min, 23 * 60);
  EXPECT_FALSE(is_open(hours, parse_rfc3339("2027-01-03T12:00:00+09:00").value()));
  EXPECT_TRUE(is_open(hours, parse_rfc3339("2027-01-04T06:30:00+09:00").value()));
}

}  // namespace
}  // namespace certrelay
