// certrelayctl state, alarm, issuing, kind, calendar; extract approve and deny.
#include <fmt/core.h>

#include "firmware/ctl/admin_session.hpp"
#include "firmware/ctl/admin_text.hpp"
#include "firmware/ctl/commands.hpp"

namespace certrelay {
namespace {

struct ServiceCall {
  AdminOptions admin;
  std::string reason;
  std::string kind;
  std::string extract;
};

CLI::App& add_reason(CLI::App& command, ServiceCall& call) {
  command.add_option("--reason", call.reason, "処理事由（住民の氏名などは書かないでください）")
      ->required();
  return command;
}

Result<Said> show_state(AdminClient& admin) {
  CERTRELAY_TRY(const auto state, admin.state());
  CERTRELAY_TRY(auto json, encode(state));
  return Said{to_japanese(state), std::move(json)};
}

Result<Said> show_calendar(AdminClient& admin) {
  CERTRELAY_TRY(const auto overview, admin.overview());
  CERTRELAY_TRY(auto json, encode(overview));
  return Said{to_japanese(overview.kinds), std::move(json)};
}

// The alarm as it is now: what the two persons sign names this one and no later one.
Result<Said> clear_alarm(AdminClient& admin, const std::string& reason) {
  CERTRELAY_TRY(const auto state, admin.state());
  const auto label = state.alarm ? state.alarm->label : std::string("0-0");
  CERTRELAY_TRY(const auto report, admin.propose("alarm.clear", {{"alarm", label}}, reason));
  return say(report);
}

Result<Said> order(AdminClient& admin, std::string_view code, const ServiceCall& call) {
  ActionParameters parameters;
  if (!call.kind.empty()) parameters.push_back({"kind", call.kind});
  CERTRELAY_TRY(const auto report, admin.propose(code, std::move(parameters), call.reason));
  return say(report);
}

// Whoever named another extract, or a wrong one, learns which ones wait.
Result<Said> decide_extract(AdminClient& admin, std::string_view code, const ServiceCall& call) {
  const auto report = admin.propose(code, {{"extract", call.extract}}, call.reason);
  if (report) return say(report.value());
  if (report.error().code == ErrorCode::kRefusedByServer) {
    const auto state = admin.state();
    if (state) fmt::print(stderr, "{}", waiting_extracts_text(state.value()));
  }
  return report.error();
}

void add_order(CLI::App& group, const std::string& word, const std::string& code,
               const std::string& text, int& exit_code) {
  auto call = std::make_shared<ServiceCall>();
  CLI::App* command = group.add_subcommand(word, text);
  add_admin_options(*command, call->admin);
  add_reason(*command, *call);
  if (code.starts_with("kind.")) {
    command->add_option("KIND", call->kind, "証明書の種類")
        ->required()
        ->check(CLI::IsMember({"juminhyo", "kisai_jiko"}));
  }
  if (code.starts_with("extract.")) {
    command->add_option("EXTRACT", call->extract, "受付番号（extract push と state の表示）")
        ->required();
  }
  command->callback([call, code, &exit_code] {
    exit_code = run_admin(call->admin, [&](AdminClient& admin) {
      return call->extract.empty() ? order(admin, code, *call) : decide_extract(admin, code, *call);
    });
  });
}

void add_show(CLI::App& group, const std::string& word, const std::string& text, int& exit_code,
              Result<Said> (*show)(AdminClient&) = show_state) {
  auto call = std::make_shared<ServiceCall>();
  CLI::App* command = group.add_subcommand(word, text);
  add_admin_options(*command, call->admin);
  command->callback([call, show, &exit_code] { exit_code = run_admin(call->admin, show); });
}

}  // namespace

void add_service_commands(CLI::App& root, int& exit_code) {
  add_show(root, "state", "サーバーの状態（警報、停止、休止、承認待ち）を表示する", exit_code);
  CLI::App* alarm = root.add_subcommand("alarm", "警報（取り違え検知による交付停止）");
  alarm->require_subcommand(1);
  add_show(*alarm, "show", "警報の有無を表示する", exit_code);
  auto call = std::make_shared<ServiceCall>();
  CLI::App* clear = alarm->add_subcommand("clear", "警報の解除を申請する（別の人の承認で解除）");
  add_admin_options(*clear, call->admin);
  add_reason(*clear, *call);
  clear->callback([call, &exit_code] {
    exit_code = run_admin(call->admin,
                          [&](AdminClient& admin) { return clear_alarm(admin, call->reason); });
  });
  CLI::App* issuing = root.add_subcommand("issuing", "交付全体の停止と再開");
  issuing->require_subcommand(1);
  add_order(*issuing, "stop", "issuing.stop", "交付を直ちに停止する", exit_code);
  add_order(*issuing, "resume", "issuing.resume", "停止した交付を再開する", exit_code);
  CLI::App* kind = root.add_subcommand("kind", "証明書の種類ごとの休止と再開");
  kind->require_subcommand(1);
  add_order(*kind, "suspend", "kind.suspend", "新たな受付を休止する（受付済みは続ける）",
            exit_code);
  add_order(*kind, "resume", "kind.resume", "休止した受付を再開する", exit_code);
  CLI::App* calendar = root.add_subcommand("calendar", "証明書ごとの提供時間と休止日");
  calendar->require_subcommand(1);
  add_show(*calendar, "show", "動いているサーバーの提供時間、休止日、休止の事由を表示する",
           exit_code, show_calendar);
  CLI::App* extract = root.get_subcommand("extract");
  add_order(*extract, "approve", "extract.approve",
            "承認待ちの抽出データの承認を申請する（別の人の承認で承認済みになる）", exit_code);
  add_order(*extract, "deny", "extract.deny", "承認待ちの抽出データを却下する", exit_code);
}

}  // namespace certrelay
