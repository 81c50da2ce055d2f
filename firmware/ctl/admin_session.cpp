#include "firmware/ctl/admin_session.hpp"

#include <fmt/format.h>

#include "firmware/ctl/admin_text.hpp"
#include "firmware/ctl/say_failure.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_clock.hpp"
#include "relay/env/system_entropy.hpp"

namespace certrelay {
void add_admin_options(CLI::App& command, AdminOptions& options) {
  command.add_option("--config", options.config, "接続先の設定（admin.json）")->required();
  command.add_option("--as", options.as, "操作者の利用者ID")->required();
  command.add_option("--pass-phrase-file", options.pass_phrase_file,
                     "パスフレーズのファイル（省略時は端末で入力）");
  command.add_flag("--json", options.json, "サーバーの応答をJSONのまま出力する");
  command.footer("終了コード: 0 完了、1 拒否、2 使い方の誤り、3 接続不可、4 承認待ち");
}

Result<Said> say(const ActionReport& report) {
  CERTRELAY_TRY(auto json, encode(report));
  const int code = report.state == ActionState::kDone || report.state == ActionState::kDenied ? 0
                   : report.state == ActionState::kPending ? kExitPending
                                                           : kExitRefused;
  return Said{to_japanese(report), std::move(json), code};
}

int run_admin(const AdminOptions& options, const AdminCommand& command) {
  PosixFiles files;
  const SystemClock clock;
  SystemEntropy entropy;
  const auto config = load_admin_config(files, options.config);
  if (!config) return say(unusable("設定 " + options.config, config.error()), options.json);
  auto phrase = read_pass_phrase(files, options.pass_phrase_file, options.as + " のパスフレーズ: ");
  if (!phrase) return say(unusable("パスフレーズ", phrase.error()), options.json);
  const auto identity = load_identity(files, config.value(), options.as, phrase.value());
  wipe(std::span(reinterpret_cast<std::uint8_t*>(phrase.value().data()), phrase.value().size()));
  if (!identity) return say(unusable("操作者 " + options.as, identity.error()), options.json);
  HttpsClient client(identity.value().peer.tls, identity.value().peer.address, clock);
  if (const auto ready = client.connect(); !ready)
    return say(failure("接続", ready.error(), {}), options.json);
  // A person waits in front of it: no minutes of repeating.
  SignedExchange exchange(client, identity.value().peer.verifier, clock,
                          {.window_ms = std::chrono::seconds(20)});
  AdminClient admin(exchange, config.value(), identity.value(), clock, entropy);
  const auto said = command(admin);
  if (!said) return say(failure("", said.error(), admin.problem()), options.json);
  if (options.json) {
    fmt::print("{}\n", as_text(said.value().json));
  } else {
    fmt::print("{}", said.value().text);
  }
  return said.value().exit_code;
}

}  // namespace certrelay
