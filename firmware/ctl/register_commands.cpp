// certrelayctl hold, release, erase.
#include "firmware/ctl/admin_session.hpp"
#include "firmware/ctl/admin_text.hpp"
#include "firmware/ctl/commands.hpp"
#include "firmware/ctl/say_failure.hpp"

namespace certrelay {
namespace {

struct RegisterCall {
  AdminOptions admin;
  std::string reason;
  std::string person;
};

struct Words {
  const char* word;
  const char* code;
  const char* text;
  bool person;
};

Result<Said> propose(AdminClient& admin, std::string_view code, const RegisterCall& call) {
  ActionParameters parameters;
  if (!call.person.empty()) parameters.push_back({"person", call.person});
  CERTRELAY_TRY(const auto report, admin.propose(code, std::move(parameters), call.reason));
  return say(report);
}

void add(CLI::App& group, const Words& words, int& exit_code) {
  auto call = std::make_shared<RegisterCall>();
  CLI::App* command = group.add_subcommand(words.word, words.text);
  add_admin_options(*command, call->admin);
  command->add_option("--reason", call->reason, "処理事由（住民の氏名などは書かないでください）")
      ->required();
  if (words.person) {
    command->add_option("PERSON", call->person, "対象者の番号（この連携のための11桁）")->required();
  }
  command->callback([call, code = std::string(words.code), &exit_code] {
    exit_code =
        run_admin(call->admin, [&](AdminClient& admin) { return propose(admin, code, *call); });
  });
}

// Exit code 1 when somebody must act, as of extract status.
Result<Said> show_erasure(AdminClient& admin) {
  CERTRELAY_TRY(const auto state, admin.state());
  CERTRELAY_TRY(auto json, encode(state));
  const auto& erasure = state.erasure;
  const bool act = erasure.overdue || erasure.unfinished || erasure.residue_overdue;
  return Said{to_japanese(erasure), std::move(json), act ? kExitRefused : kExitDone};
}

void add_status(CLI::App& erase, int& exit_code) {
  auto admin = std::make_shared<AdminOptions>();
  CLI::App* command =
      erase.add_subcommand("status", "消去待ちの人数・期限・残存データの除去を表示する");
  add_admin_options(*command, *admin);
  command->footer("終了コード: 0 正常、1 要対応（期限超過・中断）、2 使い方の誤り、3 接続不可");
  command->callback([admin, &exit_code] { exit_code = run_admin(*admin, show_erasure); });
}

}  // namespace

void add_register_commands(CLI::App& root, int& exit_code) {
  add(root,
      {"hold", "person.hold", "ある人の交付を止める（次の異動が届くまで。既存住基が止まった時に）",
       true},
      exit_code);
  add(root, {"release", "person.release", "hold で止めた交付を再開する", true}, exit_code);
  CLI::App* erase = root.add_subcommand("erase", "消除者の消去（別の人の承認で実行）");
  erase->require_subcommand(1);
  add(*erase, {"one", "erase.one", "一人の消去を申請する", true}, exit_code);
  add(*erase, {"due", "erase.due", "消去すべき全員の消去を申請する", false}, exit_code);
  add(*erase, {"standing", "erase.standing_order", "自動消去の開始を申請する", false}, exit_code);
  add_status(*erase, exit_code);
  add(*erase, {"standing-end", "erase.standing_order_end", "自動消去の終了を申請する", false},
      exit_code);
}

}  // namespace certrelay
