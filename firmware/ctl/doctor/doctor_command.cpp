// certrelayctl doctor: on the machine itself, as the relay's user.
#include <fmt/core.h>
#include <unistd.h>

#include "firmware/ctl/commands.hpp"
#include "firmware/ctl/doctor/doctor.hpp"
#include "firmware/ctl/doctor/monitoring_address.hpp"
#include "firmware/ctl/say_failure.hpp"
#include "firmware/daemon/start_failure.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_clock.hpp"

namespace certrelay {
namespace {

struct DoctorCall {
  std::string config;
  std::string until;
  bool json = false;
};

int examine(const DoctorCall& call) {
  DoctorQuestion question{SystemClock().utc_now(), std::nullopt, ::geteuid()};
  if (!call.until.empty()) {
    const auto until = parse_rfc3339(call.until);
    if (!until) {
      fmt::print(stderr,
                 "certrelayctl: --until は 2027-01-04T06:30:00+09:00 の形で書いてください。\n");
      return kExitUsage;
    }
    question.until = until.value();
  }
  PosixFiles files;
  std::vector<DoctorLine> lines;
  try {
    const auto config = load_config(call.config);
    lines.push_back({"configuration", DoctorState::kFine, "設定ファイルを読めました", {}, {}});
    for (auto& one : examine_files(config, files, question)) lines.push_back(std::move(one));
    for (auto& one : examine_running(ask_over_loopback(config, files), question)) {
      lines.push_back(std::move(one));
    }
  } catch (const StartFailure& failure) {
    lines.push_back({"configuration", DoctorState::kFailed, failure.what(), std::nullopt,
                     "設定ファイルの記載を直してください（docs/configuration.md）"});
  }
  fmt::print("{}", call.json ? doctor_json(lines) : doctor_text(lines));
  return exit_code_of(lines);
}

}  // namespace

void add_doctor_command(CLI::App& root, int& exit_code) {
  auto call = std::make_shared<DoctorCall>();
  CLI::App* command = root.add_subcommand(
      "doctor", "機器を点検し、異常と近く起きる異常について、いつから・どう直すかを示す");
  command->add_option("--config", call->config, "certrelayd の設定ファイル")->required();
  command->add_option("--until", call->until,
                      "この時刻まで使えるかを点検する（例 2027-01-04T06:30:00+09:00）");
  command->add_flag("--json", call->json, "結果をJSONで出力する");
  command->callback([call, &exit_code] { exit_code = examine(*call); });
}

}  // namespace certrelay
