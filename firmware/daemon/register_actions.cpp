#include "firmware/daemon/register_actions.hpp"

#include "relay/operators/operator_entries.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

constexpr std::string_view kPerson = "person";

Result<PersonId> person_in(const OperatorAction& action) {
  return PersonId::parse(parameter_of(action.parameters, kPerson));
}

Result<void> names_a_person(const OperatorAction& action) {
  CERTRELAY_TRY(person_in(action));
  return ok();
}

// The entry knows the person by the pseudonym alone, which means nothing once the key is gone.
asio::awaitable<Result<void>> record_hold(RegisterLevers levers, OrderedAction ordered,
                                          SubjectPseudonym subject) {
  auto entry = effect_entry(EntryKind::kOperatorAction, ordered);
  entry.flags = levers.demo ? kEntryDemo : 0;
  entry.subjects = {subject};
  CERTRELAY_CO_TRY(co_await levers.ledger.append(std::move(entry)));
  co_return ok();
}

ActionResult hold(RegisterLevers levers, PersonalOrder order) {
  auto ordered = std::move(order).spend();
  CERTRELAY_CO_TRY(auto person, person_in(ordered.action));
  // The register keeps the action's number; the words stay in the ledger.
  auto reference = ordered.action.id.text();
  CERTRELAY_CO_TRY(const auto subject,
                   co_await levers.holds.hold(std::move(person), std::move(reference)));
  CERTRELAY_CO_TRY(co_await record_hold(levers, std::move(ordered), subject));
  co_return "この人の交付を止めました。次の異動が届くまで続きます。";
}

ActionResult release(RegisterLevers levers, PersonalOrder order) {
  auto ordered = std::move(order).spend();
  CERTRELAY_CO_TRY(auto person, person_in(ordered.action));
  CERTRELAY_CO_TRY(const auto subject, co_await levers.holds.release(std::move(person)));
  CERTRELAY_CO_TRY(co_await record_hold(levers, std::move(ordered), subject));
  co_return "この人の交付の停止を解除しました。";
}

ErasureOrder order_of(const ApprovedAction& approved) {
  return {approved.action.proposer, approved.approver, approved.action.reason};
}

std::string erased_text(const ErasureReceipt& receipt) {
  std::string out = std::to_string(receipt.persons) + "人の鍵を破棄しました。";
  if (receipt.deferred > 0) {
    out += std::to_string(receipt.deferred) + "人は手続き中のため、終わりしだい消去します。";
  }
  return out;
}

ActionResult erase_one(RegisterLevers levers, Approval approval) {
  const auto approved = std::move(approval).spend();
  CERTRELAY_CO_TRY(auto person, person_in(approved.action));
  CERTRELAY_CO_TRY(const auto receipt,
                   co_await levers.erasure.erase_one(std::move(person), order_of(approved)));
  co_return erased_text(receipt);
}

ActionResult erase_due(RegisterLevers levers, Approval approval) {
  const auto approved = std::move(approval).spend();
  CERTRELAY_CO_TRY(const auto receipt, co_await levers.erasure.erase_due(order_of(approved)));
  co_return erased_text(receipt);
}

ActionResult give_standing_order(RegisterLevers levers, Approval approval) {
  const auto approved = std::move(approval).spend();
  CERTRELAY_CO_TRY(co_await levers.erasure.give_standing_order(order_of(approved)));
  co_return "消除者の消去を今後自動で行います。";
}

ActionResult end_standing_order(RegisterLevers levers, Approval approval) {
  const auto approved = std::move(approval).spend();
  CERTRELAY_CO_TRY(co_await levers.erasure.withdraw_standing_order(order_of(approved)));
  co_return "消除者の自動消去をやめました。";
}

CarryOutOrder with(const RegisterLevers& levers,
                   ActionResult (*act)(RegisterLevers, PersonalOrder)) {
  return [levers, act](PersonalOrder order) { return act(levers, std::move(order)); };
}

CarryOutApproval with(const RegisterLevers& levers, ActionResult (*act)(RegisterLevers, Approval)) {
  return [levers, act](Approval approval) { return act(levers, std::move(approval)); };
}

}  // namespace

void add_register_actions(OperatorVerbs& verbs, const RegisterLevers& levers) {
  verbs.add({.code = "person.hold",
             .parameters = {kPerson},
             .check = names_a_person,
             .carry_out = with(levers, hold)});
  verbs.add({.code = "person.release",
             .parameters = {kPerson},
             .check = names_a_person,
             .carry_out = with(levers, release)});
  verbs.add({.code = "erase.one",
             .parameters = {kPerson},
             .check = names_a_person,
             .carry_out = with(levers, erase_one)});
  verbs.add({.code = "erase.due", .parameters = {}, .carry_out = with(levers, erase_due)});
  verbs.add({.code = "erase.standing_order",
             .parameters = {},
             .carry_out = with(levers, give_standing_order)});
  verbs.add({.code = "erase.standing_order_end",
             .parameters = {},
             .carry_out = with(levers, end_standing_order)});
}

}  // namespace certrelay
