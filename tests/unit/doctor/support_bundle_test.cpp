// The bundle goes to a vendor, who never sees a resident's data or a secret (R37): markers in every
// place that has some, and none in the archive.
#include "firmware/ctl/support/support_bundle.hpp"

#include <gtest/gtest.h>

#include "firmware/ctl/support/redacted_config.hpp"
#include "firmware/ctl/support/tar_writer.hpp"

namespace certrelay {
namespace {

const UtcTime kBundleNow = parse_rfc3339("2026-11-22T12:00:00+09:00").value();

// Every text of a configuration that docs/configuration.md knows is a marker, but for the roles.
constexpr const char* kMarked = R"(
[site]
municipality = "392901"
name = "MARKER-name"
state_dir = "/MARKER-state"
[listen]
center = "MARKER-192.0.2.1:8443"
[tls.center]
certificate = "MARKER-c.pem"
key = "MARKER-k.pem"
client_ca = "MARKER-ca.pem"
[[peer]]
role = "center"
name = "MARKER-peer"
san = "DNS:MARKER.example"
spki_sha256 = ["MARKER-pin"]
[[terminal]]
name = "MARKER-terminal"
san = "DNS:MARKER-t.example"
[operators]
key = "MARKER-key"
[keys]
password_file = "MARKER-password"
outer_token = { module = "MARKER-module", token = "MARKER-token", pin_file = "MARKER-pin" }
[card]
roots = ["MARKER-root"]
policies = ["1.2.392.200149.8.5.1.3.30"]
[register]
extract_age_max_hours = 26
[calendar]
juminhyo = { open = "06:30", close = "23:00", closed = ["12-29..01-03"] }
[future]
secret = "MARKER-of-a-newer-version"
)";

std::string bundle_of(const BundleParts& parts) {
  const auto bytes = support_bundle(parts, kBundleNow);
  return std::string(as_text(bytes));
}

TEST(SupportBundle, NoMarkerOfTheConfigurationOrOfDoctorsTextsIsInIt) {
  const BundleParts parts{.versions = "v",
                          .configuration = redacted_configuration(kMarked, "certrelay.toml"),
                          .lines = {{"keys.answer_key", DoctorState::kFailed,
                                     "/MARKER-path がありません", kBundleNow, "MARKER-mend"}},
                          .readyz = "{\"ready\":true}",
                          .metrics = "certrelay_ready 1\n"};
  const auto archive = bundle_of(parts);
  EXPECT_EQ(archive.find("MARKER"), std::string::npos) << parts.configuration;
  // What helps is there.
  for (const char* there : {"392901", "06:30", "1.2.392.200149.8.5.1.3.30", "keys.password_file",
                            "extract_age_max_hours = 26", "keys.answer_key", "certrelay_ready 1"}) {
    EXPECT_NE(archive.find(there), std::string::npos) << there;
  }
}

TEST(RedactedConfiguration, ATextIsHiddenUnlessItIsListed) {
  EXPECT_EQ(redacted_configuration("[keys]\nnew_thing = \"MARKER\"\n", "x"),
            "keys.new_thing = （伏せました）\n");
}

std::string field(const Bytes& archive, std::size_t at, std::size_t size) {
  const auto text = as_text(archive).substr(at, size);
  return std::string(text.substr(0, text.find('\0')));
}

TEST(TarWriter, WritesWhatUstarWantsAndFillsItsBlocks) {
  TarWriter tar(kBundleNow);
  tar.add("a/b.txt", std::string(512, 'x'));
  tar.add("c", std::string(513, 'y'));
  const auto archive = std::move(tar).finish();
  ASSERT_EQ(archive.size(), 512U * (1 + 1 + 1 + 2 + 2));
  EXPECT_EQ(field(archive, 0, 100), "a/b.txt");
  EXPECT_EQ(field(archive, 100, 8), "0000600");
  EXPECT_EQ(field(archive, 124, 12), "00000001000");
  EXPECT_EQ(field(archive, 257, 6), "ustar");
  EXPECT_EQ(field(archive, 1024, 100), "c");
  unsigned sum = 0;
  for (std::size_t i = 0; i < 512; ++i) sum += i >= 148 && i < 156 ? 32U : archive[i];
  EXPECT_EQ(std::stoul(field(archive, 148, 7), nullptr, 8), sum);
}

}  // namespace
}  // namespace certrelay
