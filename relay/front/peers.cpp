#include "relay/front/peers.hpp"

#include <algorithm>

#include "protocol/base/bytes.hpp"
#include "protocol/ids/text_id.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kPinsMax = 2;
constexpr std::size_t kSanMax = 255;
constexpr std::size_t kKeyIdBytes = 16;
// With "@" and the 22 characters of a key id it is a peer's name.
constexpr std::size_t kTerminalNameMax = 40;
constexpr std::string_view kTerminalLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-";

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
  return PeerTable(std::move(rules), {});
}

Result<PeerTable> PeerTable::make_terminals(std::vector<TerminalRule> rules) {
  for (auto rule = rules.begin(); rule != rules.end(); ++rule) {
    if (!is_text_of(rule->name, kTerminalLetters, 1, kTerminalNameMax)) {
      return Error{ErrorCode::kPeerRuleInvalid, "terminal: name"};
    }
    if (!is_san(rule->san)) return Error{ErrorCode::kPeerRuleInvalid, "terminal: SAN"};
    if (std::any_of(rules.begin(), rule, [&](const TerminalRule& one) {
          return one.name == rule->name || one.san == rule->san;
        })) {
      return Error{ErrorCode::kPeerRuleInvalid, "terminal: twice"};
    }
  }
  return PeerTable({}, std::move(rules));
}

std::optional<PeerName> PeerTable::match_terminal(const LeafIdentity& leaf) const {
  const TerminalRule* found = nullptr;
  for (const auto& rule : terminals_) {
    if (std::ranges::find(leaf.names, rule.san) == leaf.names.end()) continue;
    if (found != nullptr) return std::nullopt;  // a certificate for two terminals is for neither
    found = &rule;
  }
  if (found == nullptr) return std::nullopt;
  const auto keyid = to_base64url(ByteView(leaf.spki).first(kKeyIdBytes));
  auto name = PeerName::parse(keyid + "@" + found->name);
  if (!name) return std::nullopt;
  return std::move(name).value();
}

std::optional<PeerName> PeerTable::match(const LeafIdentity& leaf, UtcTime now) const {
  if (now < leaf.not_before || now > leaf.not_after) return std::nullopt;
  if (!terminals_.empty()) return match_terminal(leaf);
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
