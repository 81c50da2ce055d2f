#include "firmware/daemon/site_look.hpp"

#include "protocol/wire/health_reasons.hpp"
#include "relay/keys/outer_key.hpp"

namespace certrelay {
namespace {

// The pinned bytes are the start's to compare; here it is seen that they are still there.
std::string look_at_fonts(const Config& config, Files& files) {
  for (const auto& font : config.render.fonts) {
    const auto info = files.info(font.path);
    if (info && info.value().kind == FileInfo::Kind::kRegular && info.value().size > 0) continue;
    return health_text(HealthReason::kFontsGone);
  }
  return {};
}

std::string look_at_keys(const Config& config, Files& files, std::uint32_t owner) {
  const auto& keys = config.keys;
  std::vector<std::pair<std::string, std::string>> named{
      {"keys.answer_key", keys.answer_key},
      {"keys.registry_answer_key", keys.registry_answer_key},
      {"keys.admin_answer_key", keys.admin_answer_key},
      {"keys.checkpoint_key", keys.checkpoint_key},
      {"keys.outer_key", keys.outer_key},
      {"operators.key", config.operators.key}};
  for (const auto& listener : config.listeners) {
    if (!listener.tls) continue;
    named.emplace_back("tls." + std::string(to_text(listener.role)), listener.tls->key);
  }
  for (const auto& [name, path] : named) {
    if (path.empty() || check_file(files, path, {owner, 0600})) continue;
    return health_text(HealthReason::kKeyFile, {name});
  }
  return {};
}

std::string look_at_ends(const std::vector<DatedThing>& ends, UtcTime now) {
  for (const auto& one : ends) {
    if (!one.until) return health_text(HealthReason::kCertificateUnreadable, {one.name});
    // A list is renewed within days: `crl` tells of it.
    if (one.name.starts_with("crl.") || *one.until - now > kEndsSoon) continue;
    const auto left = std::chrono::floor<std::chrono::days>(*one.until - now);
    if (left.count() < 0) return health_text(HealthReason::kCertificateEnded, {one.name});
    return health_text(HealthReason::kCertificateEnds, {one.name, std::to_string(left.count())});
  }
  return {};
}

}  // namespace

SiteLook look_at(const Config& config, Files& files, std::optional<std::uint64_t> free_bytes,
                 const std::vector<DatedThing>& ends, std::uint32_t owner, UtcTime now) {
  SiteLook out{.fonts = look_at_fonts(config, files),
               .keys = look_at_keys(config, files, owner),
               .disk = {},
               .certificates = look_at_ends(ends, now)};
  if (!free_bytes || *free_bytes < kDiskLowBytes) {
    const auto left = free_bytes ? std::to_string(*free_bytes >> 20U) : "0";
    out.disk = health_text(HealthReason::kDiskLow, {left});
  }
  return out;
}

}  // namespace certrelay
