#include "firmware/daemon/verb_table.hpp"

#include <algorithm>
#include <array>

namespace certrelay {
namespace {

using enum HttpMethod;
using enum Role;

constexpr auto kServes = static_cast<std::uint8_t>(VaultState::kServing);
// The register and the operators are needed while the center is not served yet.
constexpr auto kOpen =
    static_cast<std::uint8_t>(kServes | static_cast<std::uint8_t>(VaultState::kStarting));
constexpr auto kToTheEnd =
    static_cast<std::uint8_t>(kOpen | static_cast<std::uint8_t>(VaultState::kRetired));
constexpr auto kAlways =
    static_cast<std::uint8_t>(kToTheEnd | static_cast<std::uint8_t>(VaultState::kEnding));

constexpr std::array kVerbs{
    Verb{kCenter, kPost, "/v1/transactions", kServes},
    Verb{kCenter, kPost, "/v1/transactions/{}/inquiry", kServes},
    Verb{kCenter, kPost, "/v1/transactions/{}/issuance", kServes},
    Verb{kCenter, kPost, "/v1/transactions/{}/events", kServes},
    Verb{kCenter, kGet, "/v1/transactions/{}", kServes},
    Verb{kCenter, kPost, "/v1/incidents", kServes},
    Verb{kCenter, kGet, "/v1/service", kServes},
    Verb{kCenter, kGet, "/v1/settlements/{}", kServes},

    Verb{kRegistry, kPost, "/v1/extracts", kOpen},
    Verb{kRegistry, kPatch, "/v1/extracts/{}", kOpen},
    Verb{kRegistry, kHead, "/v1/extracts/{}", kOpen},
    Verb{kRegistry, kGet, "/v1/extracts/{}", kOpen},
    Verb{kRegistry, kDelete, "/v1/extracts/{}", kOpen},
    Verb{kRegistry, kPost, "/v1/extracts/{}/activate", kOpen},
    Verb{kRegistry, kPost, "/v1/changes", kOpen},
    Verb{kRegistry, kPost, "/v1/heartbeats", kOpen},
    Verb{kRegistry, kPost, "/v1/reconciliations", kOpen},
    Verb{kRegistry, kGet, "/v1/register", kOpen},

    Verb{kAdmin, kPost, "/v1/login", kToTheEnd},
    Verb{kAdmin, kPost, "/v1/logout", kToTheEnd},
    Verb{kAdmin, kGet, "/v1/session", kToTheEnd},
    Verb{kAdmin, kPost, "/v1/password", kToTheEnd},
    Verb{kAdmin, kPost, "/v1/password-reset", kToTheEnd},
    Verb{kAdmin, kPost, "/v1/key-challenge", kToTheEnd},
    Verb{kAdmin, kPost, "/v1/security-keys", kToTheEnd},
    Verb{kAdmin, kPost, "/v1/totp", kToTheEnd},
    Verb{kAdmin, kPost, "/v1/totp/confirmation", kToTheEnd},
    Verb{kAdmin, kPost, "/v1/actions", kToTheEnd},
    Verb{kAdmin, kGet, "/v1/actions/{}", kToTheEnd},
    Verb{kAdmin, kGet, "/v1/actions/{}/results/{}", kToTheEnd},
    Verb{kAdmin, kPost, "/v1/actions/{}/approval", kToTheEnd},
    Verb{kAdmin, kPost, "/v1/actions/{}/denial", kToTheEnd},
    Verb{kAdmin, kGet, "/v1/approvals", kToTheEnd},
    Verb{kAdmin, kGet, "/v1/operators", kToTheEnd},
    Verb{kAdmin, kGet, "/v1/state", kToTheEnd},
    Verb{kAdmin, kGet, "/v1/overview", kToTheEnd},
    Verb{kAdmin, kPost, "/v1/ledger/query", kToTheEnd},
    Verb{kAdmin, kPost, "/v1/ledger/report", kToTheEnd},

    Verb{kMonitoring, kGet, "/livez", kAlways},
    Verb{kMonitoring, kHead, "/livez", kAlways},
    Verb{kMonitoring, kGet, "/readyz", kAlways},
    Verb{kMonitoring, kHead, "/readyz", kAlways},
    Verb{kMonitoring, kGet, "/metrics", kAlways},
    Verb{kMonitoring, kHead, "/metrics", kAlways},
};

// The first segment, with its leading slash; takes it off.
std::string_view next_segment(std::string_view& path) {
  const auto end = std::min(path.find('/', 1), path.size());
  const auto out = path.substr(0, end);
  path.remove_prefix(end);
  return out;
}

bool matches(std::string_view pattern, std::string_view path) {
  while (!pattern.empty() && !path.empty()) {
    const auto wanted = next_segment(pattern);
    const auto got = next_segment(path);
    if (wanted == "/{}" ? got.size() < 2 : wanted != got) return false;
  }
  return pattern.empty() && path.empty();
}

}  // namespace

std::span<const Verb> verb_table() { return kVerbs; }

Result<void> check_verb(Role role, HttpMethod method, std::string_view path, VaultState state) {
  const auto* const row = std::find_if(kVerbs.begin(), kVerbs.end(), [&](const Verb& verb) {
    return verb.role == role && verb.method == method && matches(verb.pattern, path);
  });
  if (row == kVerbs.end()) return Error{ErrorCode::kNoSuchCall, "verb: not of this role"};
  if ((row->states & static_cast<std::uint8_t>(state)) == 0) {
    return Error{ErrorCode::kVerbNotInState, "verb: not in this state"};
  }
  return ok();
}

}  // namespace certrelay
