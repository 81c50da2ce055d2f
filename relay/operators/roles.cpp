#include "relay/operators/roles.hpp"

namespace certrelay {

Result<RoleSet> parse_role_set(std::string_view text) {
  RoleSet out;
  while (true) {
    const auto comma = text.find(',');
    CERTRELAY_TRY(const auto role, parse_operator_role(text.substr(0, comma)));
    if (out.has(role)) return Error{ErrorCode::kDuplicateValue, "roles: twice"};
    out.add(role);
    if (comma == std::string_view::npos) return out;
    text.remove_prefix(comma + 1);
  }
}

std::vector<OperatorRole> roles_of(RoleSet set) {
  std::vector<OperatorRole> out;
  for (std::size_t i = 1; i <= kOperatorRoles; ++i) {
    const auto role = static_cast<OperatorRole>(i);
    if (set.has(role)) out.push_back(role);
  }
  return out;
}

}  // namespace certrelay
