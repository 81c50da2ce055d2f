// An order from its form to its end: checked, signed with the key in the hand, sent, shown.
#include "protocol/wire/operator_action.hpp"
#include "relay/console/visit.hpp"

namespace certrelay {
namespace {

constexpr std::chrono::hours kOrderLife{1};

ActionId fresh_id(Entropy& entropy) {
  return ActionId::from_bytes(uuid_v4_bytes(random_bytes<16>(entropy))).value();
}

bool is_grant(std::string_view code) { return code == "operator.add" || code == "operator.roles"; }

}  // namespace

// Nothing has happened yet: the person sees what the key will sign.
Console::Answering Console::prepare_order(ConsoleVisit& visit, const Form& form) {
  const auto& page = visit.known();
  auto code = ActionCode::parse(form.get("code"));
  auto reason = StatedReason::parse(form.get("reason"));
  auto parameters = parameters_in(form);
  if (!code) co_return co_await refused(visit, code.error());
  if (!reason) co_return co_await refused(visit, reason.error());
  if (!parameters) co_return co_await refused(visit, parameters.error());
  const auto until =
      UtcTime(std::chrono::floor<std::chrono::seconds>(clock_.utc_now() + kOrderLife));
  const OperatorAction action{fresh_id(entropy_),        page.session.name,
                              std::move(code).value(),   std::move(parameters).value(),
                              std::move(reason).value(), until};
  const auto checked = check(action);
  if (!checked) co_return co_await refused(visit, checked.error());
  Markup fields;
  put_fields(fields, action);
  const bool two = order_needs_two(action.code.text());
  const auto main =
      section(page.t({"内容", "What you sign"}), action_facts(page, action)) +
      element("p", two ? page.t({"署名すると申請され、別の人の承認を待ちます。",
                                 "Signed, it waits for another person's approval."})
                       : page.t({"署名すると直ちに実行されます。",
                                 "Signed, it takes effect at once."})) +
      sign_form(page, "/order/sign", sha256(action_bytes(municipality_, action)), fields,
                two ? page.t({"セキュリティキーで署名して申請する", "Sign and request"})
                    : page.t({"セキュリティキーで署名して実行する", "Sign and carry out"})) +
      element("p", {{"class", "back"}},
              link("/today", page.t({"署名せずに取りやめる", "Leave without signing"})));
  co_return page_answer(page, "", page.t({"内容の確認と署名", "Check and sign"}), main,
                        Scripts::kSecurityKey);
}

Console::Answering Console::send_order(ConsoleVisit& visit, const Form& form) {
  auto action = action_in(form, visit.known().session.name);
  if (!action) co_return co_await refused(visit, action.error());
  auto signature = signature_in(form);
  if (!signature) co_return co_await refused(visit, signature.error());
  const auto id = action.value().id;
  auto body = encode(ProposeRequest{std::move(action).value(), std::move(signature).value()});
  if (!body) co_return co_await refused(visit, body.error());
  const auto answer =
      co_await visit.calls.post("/v1/actions", form.get("csrf"), std::move(body).value());
  if (!answer) co_return co_await refused(visit, answer.error());
  co_return redirect("/order/" + id.text());
}

Console::Answering Console::show_report_of(ConsoleVisit& visit, ActionId id) {
  const auto& page = visit.known();
  const auto report = co_await visit.calls.report(id);
  if (!report) co_return co_await refused(visit, report.error());
  const auto state = report.value().state;
  const auto tone = state == ActionState::kDone      ? Tone::kGood
                    : state == ActionState::kPending ? Tone::kWarn
                                                     : Tone::kBad;
  auto inside = facts({{page.t({"状態", "State"}), badge(tone, page.t(words_of(state)))},
                       {page.t({"結果", "Result"}), text(report.value().detail)},
                       {page.t({"申請番号", "Number"}), element("code", id.text())}});
  if (state == ActionState::kPending) {
    inside += element("p", page.t({"別の人に、「承認待ち」の画面で内容を確認し、承認するよう依頼し"
                                   "てください。",
                                   "Ask another person to check and approve it under "
                                   "“Approvals”."}));
  }
  co_return page_answer(page, "", page.t({"操作の結果", "Outcome"}),
                        section(page.t({"操作の結果", "Outcome"}), inside));
}

Console::Answering Console::show_approval(ConsoleVisit& visit, ActionId id) {
  const auto& page = visit.known();
  const auto list = co_await visit.calls.pending();
  if (!list) co_return co_await refused(visit, list.error());
  const PendingAction* found = nullptr;
  for (const auto& one : list.value().pending) {
    if (one.action.id == id) found = &one;
  }
  if (found == nullptr) co_return redirect("/approvals");
  const auto& action = found->action;
  auto main = section(page.t({"申請の内容", "What was requested"}), action_facts(page, action));
  if (is_grant(action.code.text())) {  // R30: with the table before the eyes
    const auto accounts = co_await visit.calls.operators();
    if (!accounts) co_return co_await refused(visit, accounts.error());
    main += section(page.t({"現在の利用者", "Accounts as they are"}),
                    accounts_table(page, accounts.value()));
  }
  const bool own = action.proposer == page.session.name;
  if (own) {
    main += note(Tone::kPlain, page.t({"自分の申請は承認できません。取り下げることはできます。",
                                       "You cannot approve your own request. You can withdraw "
                                       "it."}));
  }
  if (page.may_approve(action.code.text())) {
    main += section(page.t({"承認", "Approve"}),
                    sign_form(page, "/approvals/" + id.text() + "/approval",
                              sha256(action_bytes(municipality_, action)), Markup(),
                              page.t({"セキュリティキーで署名して承認する", "Sign and approve"})));
  }
  if (own || page.may_approve(action.code.text())) {
    const auto inside =
        field({.name = "reason", .label = page.t({"処理事由", "Reason"}), .length_max = 160}) +
        element("button", {{"type", "submit"}},
                own ? page.t({"取り下げる", "Withdraw"}) : page.t({"否認する", "Deny"}));
    main += section(own ? page.t({"取下げ", "Withdraw"}) : page.t({"否認", "Deny"}),
                    post_form(page, "/approvals/" + id.text() + "/denial", inside));
  }
  co_return page_answer(page, "/approvals", page.t({"申請の確認", "A request"}), main,
                        Scripts::kSecurityKey);
}

Console::Answering Console::send_approval(ConsoleVisit& visit, const Form& form, ActionId id) {
  auto signature = signature_in(form);
  if (!signature) co_return co_await refused(visit, signature.error());
  auto body = encode(ApproveRequest{std::move(signature).value()});
  if (!body) co_return co_await refused(visit, body.error());
  const auto path = "/v1/actions/" + id.text() + "/approval";
  const auto answer = co_await visit.calls.post(path, form.get("csrf"), std::move(body).value());
  if (!answer) co_return co_await refused(visit, answer.error());
  co_return redirect("/order/" + id.text());
}

Console::Answering Console::prepare_denial(ConsoleVisit& visit, const Form& form, ActionId id) {
  const auto& page = visit.known();
  const auto reason = StatedReason::parse(form.get("reason"));
  if (!reason) co_return co_await refused(visit, reason.error());
  const auto said = std::string(reason.value().text());
  const auto main =
      section(page.t({"内容", "What you sign"}),
              facts({{page.t({"操作", "Action"}), text(page.t({"申請の否認・取下げ", "Denial"}))},
                     {page.t({"申請番号", "Number"}), element("code", id.text())},
                     {page.t({"処理事由", "Reason"}), text(said)}})) +
      sign_form(page, "/approvals/" + id.text() + "/denial/sign",
                sha256(denial_bytes(municipality_, id, reason.value())), hidden("reason", said),
                page.t({"セキュリティキーで署名して送信する", "Sign and send"}));
  co_return page_answer(page, "/approvals", page.t({"内容の確認と署名", "Check and sign"}), main,
                        Scripts::kSecurityKey);
}

Console::Answering Console::send_denial(ConsoleVisit& visit, const Form& form, ActionId id) {
  auto reason = StatedReason::parse(form.get("reason"));
  if (!reason) co_return co_await refused(visit, reason.error());
  auto signature = signature_in(form);
  if (!signature) co_return co_await refused(visit, signature.error());
  auto body = encode(DenyRequest{std::move(reason).value(), std::move(signature).value()});
  if (!body) co_return co_await refused(visit, body.error());
  const auto path = "/v1/actions/" + id.text() + "/denial";
  const auto answer = co_await visit.calls.post(path, form.get("csrf"), std::move(body).value());
  if (!answer) co_return co_await refused(visit, answer.error());
  co_return redirect("/order/" + id.text());
}

}  // namespace certrelay
