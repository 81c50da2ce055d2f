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
  PosixFiles files;
  std::unique_ptr<File> file;  // before the minutes: a name that is taken is told at once
  if (!call.out.empty()) {
    CERTRELAY_TRY(file, files.open(call.out, OpenMode::kCreateNew));
  }
  fmt::print(stderr,
             "自己検査を行います。終わるまでお待ちください（数分かかることがあります）。\n");
  const auto report = admin.propose_and_wait("self_test.storm", {}, call.reason);
  const bool done = report && report.value().state == ActionState::kDone;
  if (file != nullptr && !done) {
    CERTRELAY_TRY(files.remove(call.out));
  } else if (file != nullptr) {
    CERTRELAY_TRY(file->write_at(0, as_bytes(report.value().detail + "\n")));
    CERTRELAY_TRY(file->sync());
  }
  if (!report) return report.error();
  return say(report.value());
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
