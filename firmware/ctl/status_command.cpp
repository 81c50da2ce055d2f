// certrelayctl extract status
#include <fmt/core.h>

#include "firmware/ctl/push_config.hpp"
#include "firmware/ctl/push_report.hpp"
#include "firmware/ctl/register_status.hpp"
#include "firmware/ctl/say_failure.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_clock.hpp"

namespace certrelay {
namespace {

struct StatusOptions {
  std::string config;
  std::string city;
  bool json = false;
};

int show(const RegisterStatus& status, bool json) {
  if (json) {
    const auto text = encode(status);
    if (!text) return say(failure("状態", text.error(), {}), json);
    fmt::print("{}\n", as_text(text.value()));
  } else {
    fmt::print("{}", to_japanese(status));
  }
  return needs_attention(status) ? kExitRefused : kExitDone;
}

int run(const StatusOptions& options) {
  PosixFiles files;
  const SystemClock clock;
  std::string folder;
  const auto config = options.city.empty() ? load_push_config(files, options.config)
                                           : load_city_push_config(files, options.city, folder);
  if (!config) return say(unusable("設定", config.error()), options.json);
  const auto peer = load_peer(files, config.value().registry);
  if (!peer) return say(unusable("接続先", peer.error()), options.json);
  HttpsClient client(peer.value().tls, peer.value().address, clock);
  if (const auto ready = client.connect(); !ready) {
    return say(failure("接続", ready.error(), {}), options.json);
  }
  SignedExchange exchange(client, peer.value().verifier, clock);
  std::optional<Problem> problem;
  const auto status = fetch_register_status(exchange, problem);
  if (!status) return say(failure("状態", status.error(), problem), options.json);
  return show(status.value(), options.json);
}

}  // namespace

Result<RegisterStatus> fetch_register_status(SignedExchange& exchange,
                                             std::optional<Problem>& problem) {
  CERTRELAY_TRY(const auto answer, exchange.exchange({HttpMethod::kGet, "/v1/register", {}, {}}));
  if (answer.status == 200) return decode_register_status(answer.body);
  CERTRELAY_TRY(problem, decode_problem(answer.body));
  return Error{ErrorCode::kRefusedByServer, "refused"};
}

void add_status_command(CLI::App& extract, int& exit_code) {
  auto options = std::make_shared<StatusOptions>();
  CLI::App* status = extract.add_subcommand(
      "status",
      "適用中の登録の世代・最終連絡・異動なしの宣言・交付停止までの残り時間・承認待ち・欠番・"
      "隔離を表示する");
  auto* config = status->add_option("--config", options->config, "連携元の設定（feeder.json）");
  auto* city = status->add_option("--city", options->city, "見本の市のフォルダ（kiosk.json）");
  config->excludes(city);
  status->add_flag("--json", options->json, "JSONで出力する（GET /v1/register の本文）");
  status->footer(
      "終了コード: 0 正常、1 要対応（登録なし・交付停止・上限の75%超過・隔離）、2 使い方の誤り、"
      "3 接続不可");
  status->callback([options, &exit_code] {
    if (options->config.empty() == options->city.empty()) {
      throw CLI::ValidationError("status", "--config か --city のどちらか一つを指定してください");
    }
    exit_code = run(*options);
  });
}

}  // namespace certrelay
