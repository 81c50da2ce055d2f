// certrelayctl approvals, approve, deny, operator.
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "firmware/ctl/admin_session.hpp"
#include "firmware/ctl/admin_text.hpp"
#include "firmware/ctl/commands.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/operators/account.hpp"
#include "relay/operators/operator_verbs.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kApplicationBytesMax = std::size_t{16} * 1024;

struct OperatorCall {
  AdminOptions admin;
  std::string reason;
  std::string id;
  std::string name;
  std::string application;
  std::string roles;
  bool yes = false;
};
using CallPtr = std::shared_ptr<OperatorCall>;

void add_reason(CLI::App& command, const CallPtr& call) {
  command.add_option("--reason", call->reason, "処理事由")->required();
}

Result<Said> list_pending(AdminClient& admin) {
  CERTRELAY_TRY(const auto list, admin.pending());
  CERTRELAY_TRY(auto json, encode(list));
  return Said{to_japanese(list), std::move(json)};
}

Result<Said> list_operators(AdminClient& admin) {
  CERTRELAY_TRY(const auto list, admin.operators());
  CERTRELAY_TRY(auto json, encode(list));
  return Said{to_japanese(list), std::move(json)};
}

// A person decides, on what is shown: typed on a terminal, or said by --yes.
bool is_confirmed(bool yes) {
  if (yes) return true;
  if (::isatty(STDIN_FILENO) != 1) {
    fmt::print(stderr, "certrelayctl: 内容を確認のうえ --yes を付けて実行してください。\n");
    return false;
  }
  fmt::print(stderr, "この申請を承認しますか（yes と入力）: ");
  std::string line;
  std::getline(std::cin, line);
  return line == "yes";
}

Result<Said> approve(AdminClient& admin, const OperatorCall& call) {
  CERTRELAY_TRY(const auto id, ActionId::parse(call.id));
  CERTRELAY_TRY(const auto list, admin.pending());
  const auto found = std::ranges::find_if(
      list.pending, [&](const PendingAction& one) { return one.action.id == id; });
  if (found == list.pending.end()) {
    return Said{"承認待ちの申請ではありません。approvals list で確認してください。\n", {}, 1};
  }
  fmt::print(stderr, "{}", to_japanese(*found));
  const auto code = found->action.code.text();
  if (code == "operator.add" || code == "operator.roles") {  // R30: with the table before the eyes
    CERTRELAY_TRY(const auto accounts, admin.operators());
    fmt::print(stderr, "{}", to_japanese(accounts));
  }
  if (!is_confirmed(call.yes)) return Said{"承認しませんでした。\n", {}, 1};
  CERTRELAY_TRY(const auto report, admin.approve(found->action));
  return say(report);
}

Result<Said> deny(AdminClient& admin, const OperatorCall& call) {
  CERTRELAY_TRY(const auto id, ActionId::parse(call.id));
  CERTRELAY_TRY(const auto report, admin.deny(id, call.reason));
  return say(report);
}

Result<Said> add_account(AdminClient& admin, const OperatorCall& call) {
  PosixFiles files;
  CERTRELAY_TRY(const auto bytes, files.read_all(call.application, kApplicationBytesMax));
  CERTRELAY_TRY(const auto application, decode_signed_application(bytes));
  CERTRELAY_TRY(const auto report,
                admin.propose("operator.add", parameters_of(application), call.reason));
  return say(report);
}

Result<Said> review(AdminClient& admin, const OperatorCall& call) {
  CERTRELAY_TRY(const auto accounts, admin.operators());  // R30: with the table before the eyes
  fmt::print(stderr, "{}", to_japanese(accounts));
  CERTRELAY_TRY(const auto report,
                admin.propose("operator.review", {{"name", call.name}}, call.reason));
  return say(report);
}

Result<Said> change_roles(AdminClient& admin, const OperatorCall& call) {
  CERTRELAY_TRY(const auto report,
                admin.propose("operator.roles", {{"name", call.admin.as}, {"roles", call.roles}},
                              call.reason));
  return say(report);
}

Result<Said> revoke(AdminClient& admin, const OperatorCall& call) {
  CERTRELAY_TRY(const auto report,
                admin.propose("operator.revoke", {{"name", call.name}}, call.reason));
  return say(report);
}

// Signed with the approval key: what a front showed of a new security key is not believed.
Result<Said> add_key(AdminClient& admin, const OperatorCall& call) {
  CERTRELAY_TRY(const auto report, admin.propose(kAddKeyAction, {{"key", call.id}}, call.reason));
  return say(report);
}

Result<Said> remove_key(AdminClient& admin, const OperatorCall& call) {
  CERTRELAY_TRY(const auto report,
                admin.propose(kRemoveKeyAction, {{"key", call.id}}, call.reason));
  return say(report);
}

template <class Act>
CLI::App* add_call(CLI::App& group, const std::string& word, const std::string& text,
                   const CallPtr& call, Act act, int& exit_code) {
  CLI::App* command = group.add_subcommand(word, text);
  add_admin_options(*command, call->admin);
  command->callback([call, act, &exit_code] {
    exit_code = run_admin(call->admin, [&](AdminClient& admin) { return act(admin, *call); });
  });
  return command;
}

void add_approvals(CLI::App& root, int& exit_code) {
  CLI::App* approvals = root.add_subcommand("approvals", "承認待ちの申請");
  approvals->require_subcommand(1);
  const auto listing = [](AdminClient& admin, const OperatorCall&) { return list_pending(admin); };
  add_call(*approvals, "list", "承認待ちの申請を一覧する", std::make_shared<OperatorCall>(),
           listing, exit_code);
  auto yes = std::make_shared<OperatorCall>();
  CLI::App* approving =
      add_call(root, "approve", "申請を承認する（申請者とは別の人）", yes, approve, exit_code);
  approving->add_option("ID", yes->id, "申請番号")->required();
  approving->add_flag("--yes", yes->yes, "表示された内容を確認済みとして承認する");
  auto no = std::make_shared<OperatorCall>();
  CLI::App* denying =
      add_call(root, "deny", "申請を否認する、または自分の申請を取り下げる", no, deny, exit_code);
  denying->add_option("ID", no->id, "申請番号")->required();
  add_reason(*denying, no);
}

void add_key_commands(CLI::App& group, int& exit_code) {
  auto adding = std::make_shared<OperatorCall>();
  CLI::App* add =
      add_call(group, "key-add", "管理画面に表示されたセキュリティキーを自分のものとして登録する",
               adding, add_key, exit_code);
  add->add_option("KEY", adding->id, "管理画面に表示された鍵番号")->required();
  add_reason(*add, adding);
  auto removing = std::make_shared<OperatorCall>();
  CLI::App* remove = add_call(group, "key-remove", "自分のセキュリティキーの登録を取り消す",
                              removing, remove_key, exit_code);
  remove->add_option("KEY", removing->id, "鍵番号")->required();
  add_reason(*remove, removing);
}

}  // namespace

void add_operator_commands(CLI::App& root, int& exit_code) {
  add_approvals(root, exit_code);
  CLI::App* group = root.add_subcommand("operator", "利用者（操作者）の登録と失効");
  group->require_subcommand(1);
  const auto listing = [](AdminClient& admin, const OperatorCall&) {
    return list_operators(admin);
  };
  add_call(*group, "list", "利用者を一覧する", std::make_shared<OperatorCall>(), listing,
           exit_code);
  add_apply_command(*group, exit_code);
  add_password_command(*group, exit_code);
  add_key_commands(*group, exit_code);
  auto adding = std::make_shared<OperatorCall>();
  CLI::App* add = add_call(*group, "add", "利用申請書による登録を申請する（センター長が承認）",
                           adding, add_account, exit_code);
  add->add_option("APPLICATION", adding->application, "本人が署名した利用申請書（JSON）")
      ->required();
  add_reason(*add, adding);
  auto changing = std::make_shared<OperatorCall>();
  CLI::App* change = add_call(*group, "roles", "自分の役割の変更を申請する（センター長が承認）",
                              changing, change_roles, exit_code);
  change->add_option("--roles", changing->roles, "clerk,city_administrator など")->required();
  add_reason(*change, changing);
  auto reviewing = std::make_shared<OperatorCall>();
  CLI::App* reviewed = add_call(*group, "review", "利用者の権限が今も必要と確認したことを記録する",
                                reviewing, review, exit_code);
  reviewed->add_option("NAME", reviewing->name, "利用者ID")->required();
  add_reason(*reviewed, reviewing);
  auto revoking = std::make_shared<OperatorCall>();
  CLI::App* ending =
      add_call(*group, "revoke", "利用者を直ちに失効させる", revoking, revoke, exit_code);
  ending->add_option("NAME", revoking->name, "利用者ID")->required();
  add_reason(*ending, revoking);
}

}  // namespace certrelay
