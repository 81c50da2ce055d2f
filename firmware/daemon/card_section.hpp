// [card] of certrelay.toml: what is trusted, and which cards are accepted.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "firmware/daemon/toml_table.hpp"
#include "relay/identity/card_verifier.hpp"

namespace certrelay {

struct CardSection {
  std::vector<std::string> roots;
  std::vector<std::string> crls;
  PurposeChoices purposes;                        // without the files of the signing roots
  std::vector<std::string> signing_roots;         // known, never trusted
  std::optional<std::chrono::hours> crl_age_max;  // none: a list's nextUpdate decides
};

// Paths become absolute under `folder`. Throws StartFailure naming the key and what belongs there:
// a policy, algorithm or bound that fault_of() does not let pass, too.
CardSection parse_card_section(TomlTable& root, const std::string& folder);

// What CardVerifier::load() takes; `read` gives a file's bytes for its key and path.
template <class Read>
CardConfig card_config_of(const CardSection& card, Read read) {
  CardConfig out;
  for (const auto& path : card.roots) out.roots.push_back(read("card.roots", path));
  for (const auto& path : card.crls) out.crls.push_back(read("card.crls", path));
  out.purposes = card.purposes;
  for (const auto& path : card.signing_roots) {
    out.purposes.signing_roots.push_back(read("card.signing", path));
  }
  out.crl_age_max = card.crl_age_max;
  return out;
}

}  // namespace certrelay
