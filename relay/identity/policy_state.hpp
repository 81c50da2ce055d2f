#pragma once

#include "relay/identity/certificate.hpp"
#include "relay/identity/path_rules.hpp"

namespace certrelay {

// The policy variables of RFC 5280 §6.1.2 for one path. Without policy mappings, which this room
// refuses, every node of a level of the valid_policy_tree is either anyPolicy or a policy whose
// whole line up to the root is the same OID; so a level is a set and a flag.
class PolicyState {
 public:
  // `path_length`: certificates without the anchor.
  PolicyState(std::size_t path_length, const PathRules& rules);

  // §6.1.3 (d) to (f). Errors: kPolicyRequired.
  Result<void> process(const CertificateView& certificate, bool is_last, bool self_issued);
  // §6.1.4 (h) to (j), for all but the last certificate.
  void prepare_next(const CertificateView& certificate, bool self_issued);
  // §6.1.5 (a), (b), (g). Errors: kPolicyRequired.
  Result<void> wrap_up(const CertificateView& last);

 private:
  bool is_null() const { return policies_.empty() && !any_; }
  bool contains(ByteView oid) const;
  bool meets_initial_set() const;

  const PathRules& rules_;
  std::size_t explicit_policy_;
  std::size_t inhibit_any_policy_;
  std::vector<ByteView> policies_;
  bool any_ = true;
};

}  // namespace certrelay
