#include "firmware/daemon/extract_actions.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kExtract = "extract";

Result<ExtractId> extract_in(const OperatorAction& action) {
  const auto id = ExtractId::parse(parameter_of(action.parameters, kExtract));
  if (!id) return Error{ErrorCode::kUnknownExtract, "extract"};
  return id;
}

// The registry writes the entry of the effect, before the effect.
ActionResult approve_extract(RegistryVerbs& registry, Approval approval) {
  const auto approved = std::move(approval).spend();
  const auto& action = approved.action;
  CERTRELAY_CO_TRY(const auto id, extract_in(action));
  ExtractDecision decision{action.proposer, approved.approver, action.reason, approved.terminal,
                           action.id};
  CERTRELAY_CO_TRY(co_await registry.approve(id, std::move(decision)));
  co_return "抽出データを承認しました。";
}

ActionResult deny_extract(RegistryVerbs& registry, PersonalOrder order) {
  const auto ordered = std::move(order).spend();
  const auto& action = ordered.action;
  CERTRELAY_CO_TRY(const auto id, extract_in(action));
  ExtractDecision decision{action.proposer, std::nullopt, action.reason, ordered.terminal,
                           action.id};
  CERTRELAY_CO_TRY(co_await registry.deny(id, std::move(decision)));
  co_return "抽出データを却下しました。";
}

// Nobody is asked to approve what is not there or does not wait.
std::function<Result<void>(const OperatorAction&)> names_what_waits(RegistryVerbs& registry) {
  return [&registry](const OperatorAction& action) -> Result<void> {
    CERTRELAY_TRY(const auto id, extract_in(action));
    return registry.may_decide(id);
  };
}

}  // namespace

void add_extract_actions(OperatorVerbs& verbs, RegistryVerbs& registry) {
  verbs.add({.code = "extract.approve",
             .parameters = {kExtract},
             .check = names_what_waits(registry),
             .carry_out = CarryOutApproval([&registry](Approval approval) {
               return approve_extract(registry, std::move(approval));
             })});
  verbs.add({.code = "extract.deny",
             .parameters = {kExtract},
             .check = names_what_waits(registry),
             .carry_out = CarryOutOrder([&registry](PersonalOrder order) {
               return deny_extract(registry, std::move(order));
             })});
}

}  // namespace certrelay
