#include "firmware/ctl/init/key_table.hpp"

namespace certrelay {
namespace {

std::string_view algorithm_of(SiteKeyKind kind) {
  switch (kind) {
    case SiteKeyKind::kEcdsaP256:
      return "ECDSA P-256";
    case SiteKeyKind::kEd25519:
      return "Ed25519";
    case SiteKeyKind::kBytes32:
      return "32 random bytes (AES-256)";
  }
  return "";
}

}  // namespace

std::string site_keys_markdown() {
  std::string out =
      "| setting | file | algorithm | read by | handed out | changed | overlap |\n"
      "|---|---|---|---|---|---|---|\n";
  for (const auto& key : kSiteKeys) {
    const auto cell = [&](std::string_view text) { out += " " + std::string(text) + " |"; };
    const auto code = [&](std::string_view text) {
      cell(text.empty() ? "never" : "`" + std::string(text) + "`");
    };
    out += "|";
    code(key.setting);
    code(key.file);
    cell(algorithm_of(key.kind));
    cell(key.process);
    code(key.handed_out);
    cell(key.changed);
    cell(key.overlap);
    out += "\n";
  }
  return out;
}

}  // namespace certrelay
