// Goal: what a site is short of is said by name before it stops anything, at each limit and one
// past it; and a demonstration's authority fits no relay that serves residents.
#include "firmware/daemon/site_look.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "firmware/daemon/demonstration_rule.hpp"
#include "firmware/daemon/start_failure.hpp"
#include "firmware/kiosk/pki/profiles.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/keys/demonstration.hpp"
#include "tests/unit/daemon/config_world.hpp"

namespace certrelay {
namespace {

using std::chrono::days;

// A site that names no key, certificate or font yet.
class SiteLookTest : public testing::ConfigWorld {
 protected:
  SiteLookTest() {
    config_.keys = {};
    config_.listeners.clear();
    config_.render.fonts.clear();
  }
  SiteLook look(std::optional<std::uint64_t> free = kDiskLowBytes) {
    return look_at(config_, files_, free, ends_, ::geteuid(), now_);
  }
  std::string put(const std::string& name, mode_t mode) {
    EXPECT_TRUE(files_.write_durably(folder_ / name, as_bytes("x")).has_value());
    EXPECT_EQ(::chmod((folder_ / name).c_str(), mode), 0);
    return folder_ / name;
  }

  PosixFiles files_;
  UtcTime now_ = parse_rfc3339("2026-12-01T10:00:00+09:00").value();
  Config config_ = load();
  std::vector<DatedThing> ends_;
};

TEST_F(SiteLookTest, ADiskIsLowBelowItsBoundAndWhenNobodyKnows) {
  EXPECT_EQ(look(kDiskLowBytes).disk, "");
  EXPECT_EQ(look(kDiskLowBytes - 1).disk, "2047 MiB are left under state_dir");
  EXPECT_NE(look(std::nullopt).disk, "");
}

TEST_F(SiteLookTest, AKeyThatIsGoneOrOpenToOthersIsNamed) {  // R33
  config_.keys.answer_key = put("answer.pem", 0600);
  EXPECT_EQ(look().keys, "");
  put("answer.pem", 0640);
  EXPECT_EQ(look().keys, "keys.answer_key: the file is gone or not the relay's alone");
  put("answer.pem", 0600);
  config_.keys.checkpoint_key = folder_ / "gone.pem";
  EXPECT_EQ(look().keys, "keys.checkpoint_key: the file is gone or not the relay's alone");
}

TEST_F(SiteLookTest, AFontThatIsNoLongerThereIsSaid) {  // INV-13
  config_.render.fonts.push_back({put("a.ttf", 0644), {}, ""});
  EXPECT_EQ(look().fonts, "");
  config_.render.fonts.push_back({folder_ / "b.ttf", {}, ""});
  EXPECT_NE(look().fonts, "");
}

TEST_F(SiteLookTest, ACertificateWarnsThirtyDaysBeforeItsEnd) {
  ends_ = {{"tls.center", now_ + days(30) + std::chrono::seconds(1)}};
  EXPECT_EQ(look().certificates, "");
  ends_ = {{"tls.center", now_ + days(30)}};
  EXPECT_EQ(look().certificates, "tls.center: ends in 30 days");
  ends_ = {{"tls.center", now_ - std::chrono::seconds(1)}};
  EXPECT_EQ(look().certificates, "tls.center: has ended");
  ends_ = {{"documents", std::nullopt}};
  EXPECT_EQ(look().certificates, "documents: cannot be read");
  ends_ = {{"crl.1", now_ + days(3)}};
  EXPECT_EQ(look().certificates, "") << "a list is renewed within days";
}

// Both as DER and as PEM.
std::string judged(const Config& config, const PkiAuthority& authority) {
  const auto pem = authority.certificate_pem();
  std::string out;
  for (const ByteView file : {ByteView(authority.certificate_der()), as_bytes(pem)}) {
    try {
      refuse_demonstration(config, "card.roots", file);
      out += "accepted ";
    } catch (const StartFailure& failure) {
      out += failure.what();
    }
  }
  return out;
}

class DemonstrationRule : public SiteLookTest {};

TEST_F(DemonstrationRule, ItsAuthorityFitsADemonstrationAlone) {
  const auto begun = parse_rfc3339("2026-12-01T10:00:00+09:00").value();
  const Validity validity{begun, begun + days(365)};
  auto root = jpki_root_spec(serial_from(1), validity);
  const auto key = PkiKey::generate(PkiKeyKind::kEcP256).value();
  EXPECT_EQ(judged(config_, PkiAuthority::self_signed(root, key).value()), "accepted accepted ");
  root.more.push_back({kDemonstrationOid, false, demonstration_comment()});
  const auto marked = PkiAuthority::self_signed(root, key).value();
  const auto refused = judged(config_, marked);
  EXPECT_NE(refused.find("card.roots"), std::string::npos);
  EXPECT_EQ(refused.find("accepted"), std::string::npos);
  config_.demo = true;
  EXPECT_EQ(judged(config_, marked), "accepted accepted ");
}

}  // namespace
}  // namespace certrelay
