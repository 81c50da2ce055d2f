// A city's authorities, peers and first two people, around `certrelayctl init`.
#pragma once

#include "firmware/ctl/init/first_state.hpp"
#include "firmware/ctl/init/site_keys.hpp"
#include "firmware/kiosk/pki/profiles.hpp"
#include "relay/keys/approval_key.hpp"
#include "tests/support/forgetful_files.hpp"
#include "tests/support/seeded_entropy.hpp"

namespace certrelay::testing {

inline const UtcTime kInitNow = parse_rfc3339("2026-11-22T12:00:00+09:00").value();
inline constexpr const char* kInitSite = "/site";
inline constexpr const char* kInitFrom = "/from";

// The template, filled in.
std::string init_plan_text();

class InitWorld {
 public:
  InitWorld();

  Result<void> make_keys();
  // What the world gives for the requests that lie in the site's folder, into `from`.
  void answer();
  SiteReader reader();
  // make_keys(), answer(), and a reading without a finding (EXPECT).
  ReceivedSite whole();

  std::string text(const std::string& path);
  void put(const std::string& path, std::string_view text);
  // Of a fresh key: a client's certificate under the role's authority.
  std::string client(Role role, const std::string& san, const PkiKey& key);
  // For the key of a request.
  std::string server(Role role, const std::string& csr, const std::string& san);
  void person(const std::string& file, const std::string& name, const std::string& roles);

  ForgetfulFiles files;
  SeededEntropy entropy{1};
  InitPlan plan;
  std::map<Role, PkiAuthority> authorities;
  Validity validity{kInitNow - std::chrono::days(1), kInitNow + std::chrono::days(365)};
};

// A file of the site, and one of those that came back.
std::string site_path(std::string_view file);
std::string from_path(std::string_view file);
// The one file that was found wanting; empty when there is none or another number.
std::string only_finding(InitWorld& world);

}  // namespace certrelay::testing
