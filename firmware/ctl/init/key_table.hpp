// Every private key of a site that lies in a file, on one screen: what it is, who reads it, how it
// is changed. docs/keys.md shows this table, and a test holds the two together.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace certrelay {

enum class SiteKeyKind : std::uint8_t {
  kEcdsaP256,  // PKCS#8 under the site's pass phrase
  kEd25519,    // likewise
  kBytes32,    // 32 random bytes
};

struct SiteKey {
  std::string_view setting;  // of certrelay.toml
  std::string_view file;     // below the site's folder
  SiteKeyKind kind;
  std::string_view handed_out;  // what goes to others, below the site's folder; empty: nothing
  std::string_view process;     // that reads it
  std::string_view changed;     // when and how
  std::string_view overlap;     // how long the old one serves beside the new one
};

// clang-format off
inline constexpr auto kSiteKeys = std::to_array<SiteKey>({
    {"tls.center.key", "keys/center-tls.key", SiteKeyKind::kEcdsaP256,
     "to-authorities/center-tls.csr", "front center",
     "with its certificate; SIGHUP", "none here; the center trusts the authority"},
    {"tls.registry.key", "keys/registry-tls.key", SiteKeyKind::kEcdsaP256,
     "to-authorities/registry-tls.csr", "front registry",
     "with its certificate; SIGHUP", "none here; the source system trusts the authority"},
    {"tls.admin.key", "keys/admin-tls.key", SiteKeyKind::kEcdsaP256,
     "to-authorities/admin-tls.csr", "front admin",
     "with its certificate; SIGHUP", "none here; the terminals trust the authority"},
    {"keys.answer_key", "keys/answer.pem", SiteKeyKind::kEcdsaP256,
     "to-authorities/answer.pub.pem", "vault",
     "every two years; SIGHUP", "30 days: the center pins two"},
    {"keys.registry_answer_key", "keys/registry-answer.pem", SiteKeyKind::kEcdsaP256,
     "to-authorities/registry-answer.pub.pem", "vault",
     "every two years; SIGHUP", "30 days: the source system pins two"},
    {"keys.admin_answer_key", "keys/admin-answer.pem", SiteKeyKind::kEcdsaP256,
     "to-authorities/admin-answer.pub.pem", "vault",
     "every two years; SIGHUP", "30 days: the terminals pin two"},
    {"keys.checkpoint_key", "keys/checkpoint.pem", SiteKeyKind::kEd25519,
     "to-authorities/checkpoint.vkey", "vault",
     "never within a ledger", "none: one ledger, one key"},
    {"keys.outer_key", "keys/outer.key", SiteKeyKind::kBytes32, "", "vault",
     "with the machine; each erasure changes the root below it", "none"},
    {"operators.key", "keys/operators.key", SiteKeyKind::kBytes32, "", "vault",
     "with the machine", "none"},
    {"documents.key", "keys/documents.key", SiteKeyKind::kEcdsaP256,
     "to-authorities/documents.csr", "vault",
     "with its certificate; SIGHUP", "old pages are checked with the old certificate"},
});
// clang-format on

// In every site but [documents]: that one is made only where the plan asks for it.
inline constexpr std::string_view kDocumentsSetting = "documents.key";
inline constexpr std::string_view kPasswordFile = "keys/password";  // over all PKCS#8 files

// Null when there is no such setting.
constexpr const SiteKey* site_key(std::string_view setting) {
  for (const auto& key : kSiteKeys) {
    if (key.setting == setting) return &key;
  }
  return nullptr;
}

// The rows of docs/keys.md.
std::string site_keys_markdown();

}  // namespace certrelay
