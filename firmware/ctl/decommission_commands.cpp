// certrelayctl decommission: the order on the operators' listener, the rest on the stopped machine.
#include "firmware/ctl/admin_session.hpp"
#include "firmware/ctl/commands.hpp"
#include "firmware/ctl/outcome.hpp"
#include "firmware/daemon/decommissioning.hpp"
#include "firmware/daemon/start_failure.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_clock.hpp"
#include "relay/env/system_entropy.hpp"

namespace certrelay {
namespace {

// On the machine itself: what `work` says, or why it is not done.
template <class Work>
Outcome on_the_machine(const std::string& config_path, const Work& work) {
  try {
    const auto config = load_config(config_path);
    SystemClock clock;
    SystemEntropy entropy;
    PosixFiles files;
    return {0,
            work(config, Vault::Seams{clock, entropy, files}),
            {{"record", config.state_dir + "/DECOMMISSIONED"}}};
  } catch (const StartFailure& failure) {
    return {1, std::string("certrelayctl: ") + failure.what()};
  }
}

void add_order(CLI::App& group, int& exit_code) {
  struct Call {
    AdminOptions admin;
    std::string reason;
  };
  auto call = std::make_shared<Call>();
  CLI::App* command =
      group.add_subcommand("order", "廃棄を申請する（別の人の承認で確定。以後は交付しません）");
  add_admin_options(*command, call->admin);
  command->add_option("--reason", call->reason, "処理事由（住民の氏名などは書かないでください）")
      ->required();
  command->callback([call, &exit_code] {
    exit_code = run_admin(call->admin, [&](AdminClient& admin) -> Result<Said> {
      CERTRELAY_TRY(const auto report, admin.propose("decommission.order", {}, call->reason));
      return say(report);
    });
  });
}

void add_sanitise(CLI::App& group, int& exit_code) {
  struct Call {
    std::string config;
    bool json = false;
  };
  auto call = std::make_shared<Call>();
  CLI::App* command = group.add_subcommand(
      "sanitise", "停止した機器で、住民のデータと鍵を破棄し、消去の記録を表示する");
  command->add_option("--config", call->config, "certrelayd の設定ファイル")->required();
  add_json_flag(*command, call->json);
  command->callback([call, &exit_code] {
    const auto work = [](const Config& site, const Vault::Seams& seams) {
      return sanitise_site(site, seams) +
             "\n住民のデータと鍵を破棄しました。記録は state_dir の DECOMMISSIONED にあります。\n"
             "空欄（媒体の種類、確認者の署名など）は手で記入してください。";
    };
    exit_code = tell(on_the_machine(call->config, work), call->json);
  });
}

void add_ledger(CLI::App& group, int& exit_code) {
  struct Call {
    std::string config, copy;
    bool json = false;
  };
  auto call = std::make_shared<Call>();
  CLI::App* command = group.add_subcommand(
      "ledger", "引継ぎの確認後（または5年の保存後）に、停止した機器の提供記録を破棄する");
  command->add_option("--config", call->config, "certrelayd の設定ファイル")->required();
  command->add_option("--copy", call->copy, "引き継いだ提供記録のある state_dir");
  add_json_flag(*command, call->json);
  command->callback([call, &exit_code] {
    const auto work = [&](const Config& site, const Vault::Seams& seams) -> std::string {
      destroy_site_ledger(site, seams, call->copy);
      return "提供記録を破棄しました。破棄の記録は state_dir の DECOMMISSIONED にあります。";
    };
    exit_code = tell(on_the_machine(call->config, work), call->json);
  });
}

}  // namespace

void add_decommission_commands(CLI::App& root, int& exit_code) {
  CLI::App* group = root.add_subcommand("decommission", "機器の廃棄");
  group->require_subcommand(1);
  add_order(*group, exit_code);
  add_sanitise(*group, exit_code);
  add_ledger(*group, exit_code);
}

}  // namespace certrelay
