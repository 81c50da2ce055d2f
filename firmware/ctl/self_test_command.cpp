// certrelayctl selftest --storm
#include <fmt/core.h>

#include "firmware/ctl/admin_session.hpp"
#include "firmware/ctl/admin_text.hpp"
#include "firmware/ctl/commands.hpp"
#include "relay/env/posix_files.hpp"

namespace certrelay {
namespace {

struct SelfTestCall {
  AdminOptions admin;
  std::string reason;
  std::string out;
  bool storm = false;
};

// The answer that carried it was verified under the pinned key; the report carries a signature of
// its own, so that it can be laid into a file and shown to others.
Result<Said> storm(AdminClient& admin, const SelfTestCall& call) {
  fmt::print(stderr,
             "自己検査を行います。終わるまでお待ちください（数分かかることがあります）。\n");
  CERTRELAY_TRY(const auto report, admin.propose_and_wait("self_test.storm", {}, call.reason));
  if (report.state == ActionState::kDone && !call.out.empty()) {
    PosixFiles files;
    CERTRELAY_TRY(auto file, files.open(call.out, OpenMode::kCreateNew));
    CERTRELAY_TRY(file->write_at(0, as_bytes(report.detail + "\n")));
    CERTRELAY_TRY(file->sync());
  }
  return say(report);
}

}  // namespace

void add_self_test_command(CLI::App& root, int& exit_code) {
  auto call = std::make_shared<SelfTestCall>();
  CLI::App* command = root.add_subcommand(
      "selftest", "架空の住民への同時交付で取り違えがないことを検査し、署名付きの報告を得る");
  add_admin_options(*command, call->admin);
  command->add_flag("--storm", call->storm, "稼働中のサーバーで、起動時より長い検査をする")
      ->required();
  command->add_option("--reason", call->reason, "処理事由（住民の氏名などは書かないでください）")
      ->required();
  command->add_option("--out", call->out, "報告の書き出し先（新しいファイル）");
  command->callback([call, &exit_code] {
    exit_code = run_admin(call->admin, [&](AdminClient& admin) { return storm(admin, *call); });
  });
}

}  // namespace certrelay
