#include "relay/identity/ocsp_statuses.hpp"

namespace certrelay {
namespace {

bool is_revocation(ErrorCode reason) {
  return reason == ErrorCode::kCardRevoked || reason == ErrorCode::kCardOnHold;
}

bool is_word(ErrorCode reason) { return reason == ErrorCode::kNone || is_revocation(reason); }

}  // namespace

void OcspStatuses::keep(const Digest& issuer_key, ByteView serial, Said said) {
  const std::lock_guard lock(mutex_);
  auto key = key_of(issuer_key, serial);
  if (!said_.contains(key)) make_room(said.from);
  said_.insert_or_assign(std::move(key), said);
}

void OcspStatuses::make_room(UtcTime now) {
  if (said_.size() < settings_.kept_max) return;
  std::erase_if(said_, [&](const auto& one) { return now >= one.second.until; });
  // All of them fresh: whoever is dropped is asked about again.
  while (said_.size() >= settings_.kept_max) said_.erase(said_.begin());
}

const OcspStatuses::Said* OcspStatuses::find(const Key& key, UtcTime now) const {
  const auto found = said_.find(key);
  if (found == said_.end() || now < found->second.from || now >= found->second.until) {
    return nullptr;
  }
  return &found->second;
}

bool OcspStatuses::settled(const Digest& issuer_key, ByteView serial, UtcTime now) const {
  const std::lock_guard lock(mutex_);
  const auto* said = find(key_of(issuer_key, serial), now);
  return said != nullptr && is_word(said->reason);
}

Result<void> OcspStatuses::check(const Digest& issuer_key, ByteView serial, UtcTime now) const {
  const std::lock_guard lock(mutex_);
  const auto* said = find(key_of(issuer_key, serial), now);
  const auto reason = said == nullptr ? ErrorCode::kOcspNoAnswer : said->reason;
  if (reason == ErrorCode::kNone) return ok();
  if (!settings_.refuse_unknown && !is_revocation(reason)) return ok();
  return Error{reason, "ocsp: status"};
}

}  // namespace certrelay
