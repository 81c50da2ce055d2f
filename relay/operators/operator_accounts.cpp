// What the two built-in actions do: an account begins, an account ends.
#include "relay/operators/operator_entries.hpp"
#include "relay/operators/operator_verbs.hpp"

namespace certrelay {

// The call's own entry is durable by now. The store is written first and the ledger then names its
// version, so that an older copy put back later does not open.
boost::asio::awaitable<Result<void>> OperatorVerbs::record_change(Entry entry) {
  entry.count = book().version;
  co_return co_await record(std::move(entry));
}

ActionResult OperatorVerbs::add_operator(Approval approval) {
  const auto approved = std::move(approval).spend();
  CERTRELAY_CO_TRY(const auto application, application_in(approved.action.parameters));
  CERTRELAY_CO_TRY(auto account, account_from(settings_.municipality, application, now()));
  auto next = book();
  CERTRELAY_CO_TRY(next.add(std::move(account), settings_.active_max, now()));
  CERTRELAY_CO_TRY(parts_.store.write(std::move(next)));
  CERTRELAY_CO_TRY(co_await record_change(effect_entry(EntryKind::kOperatorsChanged, approved)));
  co_return "利用者 " + std::string(application.application.name.text()) + " を登録しました。";
}

ActionResult OperatorVerbs::revoke_operator(PersonalOrder order) {
  const auto ordered = std::move(order).spend();
  CERTRELAY_CO_TRY(const auto name,
                   OperatorName::parse(parameter_of(ordered.action.parameters, "name")));
  auto next = book();
  CERTRELAY_CO_TRY(next.revoke(name, now()));
  CERTRELAY_CO_TRY(parts_.store.write(std::move(next)));
  CERTRELAY_CO_TRY(co_await record_change(effect_entry(EntryKind::kOperatorsChanged, ordered)));
  co_return "利用者 " + std::string(name.text()) + " を失効させました。";
}

}  // namespace certrelay
