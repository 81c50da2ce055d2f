// One good certrelay.toml, changed in one place a case.
#pragma once

#include <gtest/gtest.h>

#include <fstream>

#include "firmware/daemon/config.hpp"
#include "firmware/daemon/start_failure.hpp"
#include "tests/support/temp_folder.hpp"

namespace certrelay::testing {

// A whole site.
inline constexpr std::string_view kGoodToml =
    R"([site]
municipality = "392901"
name = "土佐みなと市"
state_dir = "state"
[listen]
center = "127.0.0.1:8443"
registry = "[::1]:0"
monitoring = "127.0.0.1:9100"
[tls.center]
certificate = "pki/center.pem"
key = "/elsewhere/center.key"
client_ca = "pki/center-ca.pem"
[tls.registry]
certificate = "pki/registry.pem"
key = "pki/registry.key"
client_ca = "pki/registry-ca.pem"
[[peer]]
role = "center"
name = "jlis-center"
san = "DNS:center.example"
spki_sha256 = ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]
[keys]
password_file = "password"
answer_key = "keys/answer.pem"
outer_key = "keys/outer.key"
checkpoint_key = "keys/checkpoint.pem"
feeder_public_key = ["feeder.pem"]
[card]
roots = ["root.pem"]
crls = ["card.crl"]
policies = ["1.2.392.200149.8.5.1.3.30"]
[render]
fonts = [{ path = "ipamjm.ttf", sha256 = )"
    R"("00000000000000000000000000000000000000000000000000000000000000aa" }]
[register]
extract_age_max_hours = 26
[calendar]
juminhyo = { open = "06:30", close = "23:00", closed = ["12-29..01-03", "02-29", "2027-02-11"] }
[limits]
workers = 2
)";

class ConfigWorld : public ::testing::Test {
 protected:
  // The file with `from` replaced by `to`, loaded.
  Config load(std::string_view from = "", std::string_view to = "") {
    std::string text(kGoodToml);
    if (!from.empty()) {
      const auto at = text.find(from);
      EXPECT_NE(at, std::string::npos) << from;
      text.replace(at, from.size(), to);
    }
    std::ofstream(folder_ / "password") << "himitsu\n";
    std::ofstream(folder_ / "certrelay.toml") << text;
    return load_config(folder_ / "certrelay.toml");
  }

  // The one line that such a start prints.
  std::string refusal(std::string_view from, std::string_view to) {
    try {
      load(from, to);
    } catch (const StartFailure& failure) {
      return failure.what();
    }
    return "accepted";
  }

  TempFolder folder_;
};

}  // namespace certrelay::testing
