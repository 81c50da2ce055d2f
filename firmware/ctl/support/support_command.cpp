// certrelayctl support-bundle: on the machine itself, as the relay's user.
#include <fmt/core.h>
#include <openssl/crypto.h>
#include <sodium.h>
#include <sqlite3.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "firmware/ctl/commands.hpp"
#include "firmware/ctl/doctor/monitoring_address.hpp"
#include "firmware/ctl/outcome.hpp"
#include "firmware/ctl/say_failure.hpp"
#include "firmware/ctl/support/redacted_config.hpp"
#include "firmware/ctl/support/support_bundle.hpp"
#include "firmware/daemon/start_failure.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_clock.hpp"

namespace certrelay {
namespace {

struct SupportCall {
  std::string config;
  std::string out;
  bool json = false;
};

std::string versions_text() {
  utsname machine{};
  (void)::uname(&machine);
  return fmt::format("OpenSSL {}\nSQLite {}\nlibsodium {}\nkernel {} {} {}\n",
                     OpenSSL_version(OPENSSL_VERSION_STRING), sqlite3_libversion(),
                     sodium_version_string(), machine.sysname, machine.release, machine.machine);
}

int write_bundle(const SupportCall& call) {
  PosixFiles files;
  const auto now = SystemClock().utc_now();
  BundleParts parts{versions_text(), {}, {}, {}, {}};
  try {
    const auto config = load_config(call.config);
    const auto text = files.read_all(config.file, std::size_t{1} << 20);
    if (!text) return say(unusable(config.file, text.error()), call.json);
    parts.configuration = redacted_configuration(std::string(as_text(text.value())), config.file);
    const auto ask = ask_over_loopback(config, files);
    const DoctorQuestion question{now, std::nullopt, ::geteuid()};
    parts.lines = examine_files(config, files, question);
    for (auto& one : examine_running(ask, question)) parts.lines.push_back(std::move(one));
    const auto answer = [&](const std::string& path) {
      const auto body = ask(path);
      return body ? body.value() : std::string();
    };
    parts.readyz = answer("/readyz");
    parts.metrics = answer("/metrics");
  } catch (const StartFailure& failure) {
    return tell({kExitUsage, std::string("certrelayctl: support-bundle: ") + failure.what()},
                call.json);
  }
  const auto done = files.write_durably(call.out, support_bundle(parts, now));
  if (!done) return say(unusable(call.out, done.error()), call.json);
  const bool running = !parts.readyz.empty();
  auto text = "調査用資料を書き出しました: " + call.out;
  if (!running) text += "\ncertrelayd が応答しないため、稼働状況は入っていません。";
  return tell({running ? kExitDone : kExitCannotReach,
               std::move(text),
               {{"file", call.out}, {"running", running}}},
              call.json);
}

}  // namespace

void add_support_command(CLI::App& root, int& exit_code) {
  auto call = std::make_shared<SupportCall>();
  CLI::App* command = root.add_subcommand(
      "support-bundle", "保守業者に渡す調査用資料を作る（住民の情報・鍵・パスフレーズは含まない）");
  command->add_option("--config", call->config, "certrelayd の設定ファイル")->required();
  command->add_option("--out", call->out, "書き出すファイル（.tar）")->required();
  add_json_flag(*command, call->json);
  command->callback([call, &exit_code] { exit_code = write_bundle(*call); });
}

}  // namespace certrelay
