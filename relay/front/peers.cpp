#include "relay/front/peers.hpp"

#include <algorithm>

namespace certrelay {
namespace {

constexpr std::size_t kPinsMax = 2;
constexpr std::size_t kSanMax = 255;

bool is_san(std::string_view text) {
  const bool typed = text.starts_with("DNS:") || text.starts_with("URI:");
  return typed && text.size() > 4 && text.size() <= kSanMax &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

bool has_pin(const PeerRule& rule, const Digest& spki) {
  return std::ranges::find(rule.pins, spki) != rule.pins.end();
}

bool collide(const PeerRule& a, const PeerRule& b) {
  return a.name == b.name || (a.san == b.san && std::ranges::any_of(a.pins, [&](const Digest& p) {
                                return has_pin(b, p);
                              }));
}

}  // namespace

Result<PeerTable> PeerTable::make(std::vector<PeerRule> rules) {
  for (auto rule = rules.begin(); rule != rules.end(); ++rule) {
    if (!is_san(rule->san)) return Error{ErrorCode::kPeerRuleInvalid, "peer: SAN"};
    if (rule->pins.empty() || rule->pins.size() > kPinsMax) {
      return Error{ErrorCode::kPeerRuleInvalid, "peer: pins"};
    }
    if (std::any_of(rules.begin(), rule, [&](const PeerRule& r) { return collide(r, *rule); })) {
      return Error{ErrorCode::kPeerRuleInvalid, "peer: twice"};
    }
  }
  return PeerTable(std::move(rules));
}

std::optional<PeerName> PeerTable::match(const LeafIdentity& leaf, UtcTime now) const {
  if (now < leaf.not_before || now > leaf.not_after) return std::nullopt;
  std::optional<PeerName> found;
  for (const auto& rule : rules_) {
    if (!has_pin(rule, leaf.spki)) continue;
    if (std::ranges::find(leaf.names, rule.san) == leaf.names.end()) continue;
    if (found) return std::nullopt;  // one key with the names of two peers is neither of them
    found = rule.name;
  }
  return found;
}

}  // namespace certrelay
