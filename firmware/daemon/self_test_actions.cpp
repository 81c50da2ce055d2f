#include "firmware/daemon/self_test_actions.hpp"

#include "firmware/daemon/build_id.hpp"
#include "protocol/base/bytes.hpp"
#include "protocol/base/one_at_a_time.hpp"
#include "relay/operators/operator_entries.hpp"

namespace certrelay {
namespace {

constexpr Error kUnderWay{ErrorCode::kStepInProgress, "self-test: one is under way"};

ActionResult storm(SelfTestLevers levers, std::shared_ptr<std::atomic<bool>> busy,
                   PersonalOrder order) {
  const auto ordered = std::move(order).spend();
  const OneAtATime turn(*busy);  // a storm takes workers from residents
  if (!turn.mine()) co_return kUnderWay;
  const auto begun = levers.clock.utc_now();
  const auto report = co_await levers.run();
  if (!report) {
    const bool ended_first = report.error().code == ErrorCode::kVaultNotServing;
    if (!ended_first) co_await levers.failed(report.error());
    co_return report.error();
  }
  auto entry = effect_entry(EntryKind::kSelfTested, ordered);
  if (levers.demo) entry.flags |= kEntryDemo;
  entry.build = build_id();
  entry.artifact_sha256 = levers.configuration();
  entry.count = report.value().documents;
  entry.period_from = begun;
  entry.period_until = levers.clock.utc_now();
  LedgerPort::Guard none;
  CERTRELAY_CO_TRY(const auto number,
                   co_await levers.ledger.append(std::move(entry), std::move(none)));
  co_return signed_report(levers, report.value(), number);
}

}  // namespace

Result<std::string> signed_report(const SelfTestLevers& levers, const SelfTestReport& report,
                                  LedgerSequence entry) {
  const auto key = levers.key.current();
  std::string out = "certrelay self-test v1";
  const auto add = [&out](std::string_view name, std::string_view value) {
    out.append(" ").append(name).append("=").append(value);
  };
  add("municipality", levers.municipality.text());
  add("build", build_id().text());
  add("configuration", to_hex(levers.configuration()));
  add("until", to_rfc3339_jst(std::chrono::floor<std::chrono::seconds>(levers.clock.utc_now())));
  add("documents", std::to_string(report.documents));
  add("pages", std::to_string(report.pages));
  add("repeats", std::to_string(report.repeats));
  add("late", std::to_string(report.late));
  add("refused_cards", std::to_string(report.refused_cards));
  add("entry", std::to_string(entry.value()));
  add("keyid", key.keyid());
  CERTRELAY_TRY(const auto signature, key.sign(out));
  add("signature", to_base64(signature));
  return out;
}

void add_self_test_action(OperatorVerbs& verbs, const SelfTestLevers& levers) {
  const auto busy = std::make_shared<std::atomic<bool>>(false);
  verbs.add({.code = "self_test.storm",
             .parameters = {},
             .check = [busy](const OperatorAction&) -> Result<void> {
               if (*busy) return kUnderWay;
               return ok();
             },
             .lasts = true,  // four rounds: a slow machine takes minutes
             .carry_out = CarryOutOrder([levers, busy](PersonalOrder order) {
               return storm(levers, busy, std::move(order));
             })});
}

}  // namespace certrelay
