#include "relay/identity/policy_state.hpp"

#include <algorithm>

#include "relay/identity/oids.hpp"

namespace certrelay {
namespace {

bool is_any_policy(ByteView oid) { return as_text(oid) == oid::kAnyPolicy; }

void lower_to(std::size_t& counter, const std::optional<std::uint64_t>& bound) {
  if (bound && *bound < counter) counter = static_cast<std::size_t>(*bound);
}

void count_down(std::size_t& counter) {
  if (counter > 0) --counter;
}

Error required() { return Error{ErrorCode::kPolicyRequired, "path: no acceptable policy"}; }

}  // namespace

PolicyState::PolicyState(std::size_t path_length, const PathRules& rules)
    : rules_(rules),
      explicit_policy_(rules.explicit_policy ? 0 : path_length + 1),
      inhibit_any_policy_(rules.inhibit_any_policy ? 0 : path_length + 1) {}

bool PolicyState::contains(ByteView oid) const {
  return std::any_of(policies_.begin(), policies_.end(),
                     [&](ByteView one) { return same_bytes(one, oid); });
}

Result<void> PolicyState::process(const CertificateView& certificate, bool is_last,
                                  bool self_issued) {
  std::vector<ByteView> next;
  bool next_any = false;
  if (certificate.policies && !is_null()) {
    for (const auto& oid : certificate.policies->oids) {
      if (is_any_policy(oid)) {
        next_any = inhibit_any_policy_ > 0 || (!is_last && self_issued);
      } else if (any_ || contains(oid)) {
        next.push_back(oid);
      }
    }
    if (next_any) {  // §6.1.3 (d)(2): what was valid above stays valid
      for (const auto& oid : policies_) {
        const bool known = std::any_of(next.begin(), next.end(),
                                       [&](ByteView one) { return same_bytes(one, oid); });
        if (!known) next.push_back(oid);
      }
      next_any = any_;
    }
  }
  policies_ = std::move(next);
  any_ = next_any;
  if (explicit_policy_ == 0 && is_null()) return required();
  return ok();
}

void PolicyState::prepare_next(const CertificateView& certificate, bool self_issued) {
  if (!self_issued) {
    count_down(explicit_policy_);
    count_down(inhibit_any_policy_);
  }
  lower_to(explicit_policy_, certificate.require_explicit_policy);
  lower_to(inhibit_any_policy_, certificate.inhibit_any_policy);
}

bool PolicyState::meets_initial_set() const {
  if (is_null()) return false;
  if (rules_.policies.empty() || any_) return true;
  return std::any_of(rules_.policies.begin(), rules_.policies.end(), [&](const Bytes& accepted) {
    return is_any_policy(accepted) || contains(accepted);
  });
}

Result<void> PolicyState::wrap_up(const CertificateView& last) {
  count_down(explicit_policy_);
  if (last.require_explicit_policy == std::uint64_t{0}) explicit_policy_ = 0;
  if (explicit_policy_ == 0 && !meets_initial_set()) return required();
  return ok();
}

}  // namespace certrelay
