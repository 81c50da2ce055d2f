// Who may do what, on one screen. Default deny: what is not in the table nobody may do (R31, R34).
#pragma once

#include <array>
#include <initializer_list>
#include <vector>

#include "protocol/ids/operator_values.hpp"

namespace certrelay {

// A set of roles.
class RoleSet {
 public:
  constexpr RoleSet() = default;
  constexpr RoleSet(std::initializer_list<OperatorRole> roles) {
    for (const auto role : roles) add(role);
  }
  constexpr void add(OperatorRole role) { bits_ |= bit(role); }
  constexpr bool has(OperatorRole role) const { return (bits_ & bit(role)) != 0; }
  constexpr bool meets(RoleSet other) const { return (bits_ & other.bits_) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr unsigned bits() const { return bits_; }
  friend constexpr bool operator==(RoleSet, RoleSet) = default;

 private:
  static constexpr unsigned bit(OperatorRole role) { return 1U << static_cast<unsigned>(role); }
  unsigned bits_ = 0;
};

// "clerk,auditor": each once. Errors: kMalformed, kDuplicateValue.
Result<RoleSet> parse_role_set(std::string_view text);
std::vector<OperatorRole> roles_of(RoleSet set);

struct Permission {
  std::string_view verb;
  RoleSet ask;      // who may call it, or propose the action
  RoleSet approve;  // who may be the second person; empty: one person is enough
};

// clang-format off
inline constexpr auto kPermissions = [] {
  constexpr auto K = OperatorRole::kClerk;
  constexpr auto A = OperatorRole::kCityAdministrator;
  constexpr auto H = OperatorRole::kCenterHead;
  constexpr auto U = OperatorRole::kAuditor;
  constexpr auto V = OperatorRole::kVendor;
  constexpr RoleSet kNobodyElse;
  return std::to_array<Permission>({
      // verb               may ask          second person
      // Reading: the vendor sees the state alone (R37), the auditor everything (R40).
      {"state.read",      {K, A, H, U, V}, kNobodyElse},
      {"approvals.read",  {K, A, H, U},    kNobodyElse},
      {"operators.read",  {A, H, U},       kNobodyElse},
      {"ledger.read",     {K, A, H, U},    kNobodyElse},
      {"report.read",     {K, A, H, U},    kNobodyElse},
      {"result.read",     {K, A, H},       kNobodyElse},
      // Logging in, and the own session, password and authenticator.
      {"session.read",    {K, A, H, U, V}, kNobodyElse},
      {"security_key.add",    {K, A, H, U, V}, kNobodyElse},
      {"security_key.remove", {K, A, H, U, V}, kNobodyElse},
      // The safe direction needs one person, at once.
      {"issuing.stop",    {K, A, H},       kNobodyElse},
      {"kind.suspend",    {K, A, H},       kNobodyElse},
      {"operator.revoke", {A, H},          kNobodyElse},
      {"operator.review", {H},             kNobodyElse},
      {"extract.deny",    {K, A, H},       kNobodyElse},
      // INV-12: it tests fictional people, and takes workers from residents meanwhile.
      {"self_test.storm", {K, A, H},       kNobodyElse},
      // What a person stopped, one of the responsible persons resumes.
      {"issuing.resume",  {A, H},          kNobodyElse},
      {"kind.resume",     {A, H},          kNobodyElse},
      // While the source system is down; nothing is edited (rules.md).
      {"person.hold",     {K, A},          kNobodyElse},
      {"person.release",  {K, A},          kNobodyElse},
      // R20: 消去 by the city's own people, never a vendor; a standing order by the administrator.
      {"erase.one",                {K, A}, {K, A, H}},
      {"erase.due",                {K, A}, {K, A, H}},
      {"erase.standing_order",     {A},    {K, A, H}},
      {"erase.standing_order_end", {A},    {K, A, H}},
      // R19: the end of the machine, by the city's own people, the center's head among them.
      {"decommission.order",       {A},    {H}},
      // R56: who received a resident's data; R45, R48: what leaves the machine; R36, R39, R43.
      {"ledger.subject",   {A},            {K, A, H}},
      {"ledger.export",    {A, H},         kNobodyElse},
      {"ledger.incident",  {A, H},         kNobodyElse},
      {"ledger.backup",    {A, H},         kNobodyElse},
      {"ledger.checkpoint", {K, A, H},     kNobodyElse},
      {"ledger.take_over", {A},            {A, H}},
      {"ledger.prune",     {A},            {A, H}},
      {"report.sign_off",  {A, H},         kNobodyElse},
      {"result.close",     {K, A, H},      kNobodyElse},
      // INV-9: an alarm, two persons. R30: a grant, the center's head or the deputy.
      {"alarm.clear",     {K, A, H},       {A, H}},
      {"operator.add",    {K, A, H},       {H}},
      {"operator.roles",  {K, A, H},       {H}},  // of the own account, as R30's application
      // A push that looks like an accident (承認待ち).
      {"extract.approve", {K, A, H},       {A, H}},
  });
}();
// clang-format on

// Null when there is no such verb.
constexpr const Permission* permission_of(std::string_view verb) {
  for (const auto& permission : kPermissions) {
    if (permission.verb == verb) return &permission;
  }
  return nullptr;
}

}  // namespace certrelay
