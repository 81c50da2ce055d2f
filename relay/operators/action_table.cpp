#include "relay/operators/action_table.hpp"

#include <algorithm>

#include "relay/operators/roles.hpp"

namespace certrelay {
namespace {

bool is_in(const std::vector<std::string_view>& list, std::string_view name) {
  return std::ranges::find(list, name) != list.end();
}

}  // namespace

void ActionTable::add(ActionRow row) {
  const auto* permission = permission_of(row.code);
  CERTRELAY_CHECK(permission != nullptr && find(row.code) == nullptr);
  const bool two = std::holds_alternative<CarryOutApproval>(row.carry_out);
  CERTRELAY_CHECK(two != permission->approve.empty());
  CERTRELAY_CHECK(!two || !row.lasts);
  rows_.push_back(std::move(row));
}

const ActionRow* ActionTable::find(std::string_view code) const {
  const auto found = std::ranges::find(rows_, code, &ActionRow::code);
  return found == rows_.end() ? nullptr : &*found;
}

Result<const ActionRow*> ActionTable::match(const OperatorAction& action) const {
  const Error unknown{ErrorCode::kActionUnknown, "action: code or parameters"};
  const auto* row = find(action.code.text());
  if (row == nullptr) return unknown;
  for (const auto name : row->parameters) {
    if (parameter_of(action.parameters, name).empty()) return unknown;
  }
  for (const auto& parameter : action.parameters) {
    if (!is_in(row->parameters, parameter.name) && !is_in(row->may_have, parameter.name)) {
      return unknown;
    }
  }
  if (row->check) {
    CERTRELAY_TRY(row->check(action));
  }
  return row;
}

}  // namespace certrelay
