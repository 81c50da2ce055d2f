#include "relay/operators/operator_book.hpp"

#include <algorithm>

namespace certrelay {
namespace {

template <class List, class Wanted, class Key>
auto* find_in(List& list, const Wanted& wanted, Key key) {
  const auto found =
      std::ranges::find_if(list, [&](const auto& one) { return key(one) == wanted; });
  return found == list.end() ? nullptr : &*found;
}

const auto kName = [](const Operator& account) -> const OperatorName& { return account.name; };
const auto kId = [](const KeptAction& kept) -> const ActionId& { return kept.action.id; };

}  // namespace

const Operator* OperatorBook::find(const OperatorName& name) const {
  return find_in(accounts, name, kName);
}
Operator* OperatorBook::find(const OperatorName& name) { return find_in(accounts, name, kName); }
const KeptAction* OperatorBook::find(const ActionId& id) const { return find_in(actions, id, kId); }
KeptAction* OperatorBook::find(const ActionId& id) { return find_in(actions, id, kId); }

const Operator* OperatorBook::find_client(std::string_view keyid) const {
  return find_in(accounts, keyid, client_keyid);
}

std::size_t OperatorBook::active(UtcTime now) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(accounts, [&](const Operator& one) { return is_active(one, now); }));
}

std::size_t OperatorBook::active_with(OperatorRole role, UtcTime now) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      accounts, [&](const Operator& one) { return is_active(one, now) && one.roles.has(role); }));
}

std::size_t OperatorBook::pending() const {
  return static_cast<std::size_t>(
      std::ranges::count(actions, ActionState::kPending, &KeptAction::state));
}

Result<void> OperatorBook::add(Operator account, std::size_t active_max, UtcTime now) {
  const bool taken = std::ranges::any_of(accounts, [&](const Operator& one) {
    return one.name == account.name || one.client_key == account.client_key ||
           one.approval_key == account.approval_key;
  });
  if (taken) return Error{ErrorCode::kOperatorExists, "operators: name or key"};
  if (active(now) >= active_max || accounts.size() >= kOperatorLinesMax) {
    return Error{ErrorCode::kOperatorsFull, "operators: active accounts"};
  }
  accounts.push_back(std::move(account));
  return ok();
}

Result<void> OperatorBook::revoke(const OperatorName& name, UtcTime now) {
  Operator* account = find(name);
  if (account == nullptr) return Error{ErrorCode::kOperatorUnknown, "operators: name"};
  if (account->revoked_at) return Error{ErrorCode::kOperatorRevoked, "operators: name"};
  const bool leads = account->roles.has(OperatorRole::kCenterHead) && is_active(*account, now);
  if (leads && active_with(OperatorRole::kCenterHead, now) == 1) {
    return Error{ErrorCode::kLastCenterHead, "operators: the last center head"};
  }
  account->revoked_at = now;
  return ok();
}

}  // namespace certrelay
