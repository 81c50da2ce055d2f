// certrelayctl extract push
#include <fmt/core.h>

#include <thread>

#include "firmware/ctl/extract_folder.hpp"
#include "firmware/ctl/extract_push.hpp"
#include "firmware/ctl/fault_report.hpp"
#include "firmware/ctl/progress_line.hpp"
#include "firmware/ctl/push_config.hpp"
#include "firmware/ctl/push_report.hpp"
#include "firmware/ctl/say_failure.hpp"
#include "protocol/base/check.hpp"
#include "protocol/base/japanese_time.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_clock.hpp"

namespace certrelay {
namespace {

struct PushOptions {
  std::string config;
  std::string city;
  std::string extract;
  std::string activate_at;
  bool no_activate = false;
  bool dry_run = false;
  bool json = false;
  int build_wait_s = 3600;
};

// The report once the vault has checked and built the generation, or what it is after the wait.
Result<ExtractReport> wait_until_built(ExtractPush& push, const ExtractId& id, const Clock& clock,
                                       std::chrono::seconds longest) {
  const SteadyTime end = clock.steady_now() + longest;
  while (true) {
    CERTRELAY_TRY(ExtractReport report, push.report(id));
    if (report.state != ExtractState::kBuilding || clock.steady_now() >= end) return report;
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
  }
}

int exit_code_of(ExtractState state) {
  switch (state) {
    case ExtractState::kReady:
    case ExtractState::kActive:
      return kExitDone;
    case ExtractState::kPendingApproval:
    case ExtractState::kScheduled:
    case ExtractState::kBuilding:
      return kExitPending;
    default:
      return kExitRefused;
  }
}

// The last word: the report, in Japanese or as the register sent it.
int show(const ExtractReport& report, bool json) {
  if (json) {
    const auto text = encode(report);
    if (!text) return say(failure("報告", text.error(), {}), json);
    fmt::print("{}\n", as_text(text.value()));
  } else {
    fmt::print("{}", to_japanese(report));
  }
  return exit_code_of(report.state);
}

int activate(ExtractPush& push, const PushOptions& options, const ExtractId& id,
             std::optional<UtcTime> at) {
  const auto activation = push.activate(id, at);
  if (!activation) return say(failure("適用", activation.error(), push.problem()), options.json);
  if (activation.value().in_force && !options.json) {
    fmt::print("{}", to_japanese(*activation.value().in_force));
  }
  const auto report = push.report(id);
  if (!report) return say(failure("報告", report.error(), push.problem()), options.json);
  return show(report.value(), options.json);
}

// What would change, and nothing of it stays: 0 nothing to do, 4 changes, 1 errors.
int end_dry_run(ExtractPush& push, const ExtractReport& report, bool json) {
  const auto gone = push.discard(report.extract_id);
  if (!gone) return say(failure("取消", gone.error(), push.problem()), json);
  const int shown = show(report, json);
  const bool built =
      report.state == ExtractState::kReady || report.state == ExtractState::kPendingApproval;
  if (!built) return shown == kExitDone ? kExitRefused : shown;
  return report.plan.nothing_to_do() ? kExitDone : kExitPending;
}

SaidFailure sending_failed(const Error& error, const std::optional<Problem>& problem) {
  auto out = failure("送信", error, problem);
  if (error.code == ErrorCode::kDigestMismatch) {
    out.text = "検査の後で抽出データのファイルが変わりました。作り直してから送ってください。";
  }
  return out;
}

int push_all(ExtractPush& push, const PushOptions& options, const Clock& clock,
             std::optional<UtcTime> at) {
  std::FILE* const talk = options.json ? stderr : stdout;
  const auto announced = push.announce();
  if (!announced) return say(failure("目録", announced.error(), push.problem()), options.json);
  const auto& id = announced.value().extract_id;
  fmt::print(talk, "受付番号 {}（取込鍵は{}まで有効）\n", id.text(),
             japanese_time(announced.value().expires_at));
  const auto sent = [&] {
    ProgressLine progress(talk, "送信", bytes_bar);
    return push.send(announced.value(), std::ref(progress));
  }();
  if (!sent) return say(sending_failed(sent.error(), push.problem()), options.json);
  const auto built = wait_until_built(push, id, clock, std::chrono::seconds(options.build_wait_s));
  if (!built) return say(failure("報告", built.error(), push.problem()), options.json);
  const ExtractReport& report = built.value();
  if (options.dry_run && report.state != ExtractState::kBuilding) {
    return end_dry_run(push, report, options.json);
  }
  // A guard rail's decision may take hours; the wish to activate is kept for it.
  const bool can_activate =
      report.state == ExtractState::kReady || report.state == ExtractState::kPendingApproval;
  if (can_activate && !options.no_activate) return activate(push, options, id, at);
  return show(report, options.json);
}

// Before anything is signed: what lies there is what `extract build` signed with the same key.
void check_extract(Files& files, const std::string& folder, const PushSource& source,
                   const PushConfig& config, const FeederKey& key, Diagnostics& found) {
  const auto own = FeederVerifier::from_pems({public_key_pem(key.spki())});
  CERTRELAY_CHECK(own.has_value());
  check_municipality(source.manifest(), config.municipality, found);
  check_statement(files, folder, source, own.value(), found);
  check_names(files, folder, source.manifest(), found);
  source.check(found);
}

int run(const PushOptions& options) {
  PosixFiles files;
  const SystemClock clock;
  std::optional<UtcTime> at;
  if (!options.activate_at.empty()) {
    const auto parsed = parse_rfc3339(options.activate_at);
    if (!parsed) return say(unusable("--activate-at", parsed.error()), options.json);
    at = std::chrono::floor<std::chrono::seconds>(parsed.value());
  }
  std::string folder;
  const auto config = options.city.empty() ? load_push_config(files, options.config)
                                           : load_city_push_config(files, options.city, folder);
  if (!config) return say(unusable("設定", config.error()), options.json);
  if (!options.extract.empty()) folder = options.extract;
  const auto key = load_feeder_key(files, config.value());
  if (!key) return say(unusable("連携元の署名鍵", key.error()), options.json);
  Diagnostics found;
  auto source = open_extract(files, folder, found);
  if (source) check_extract(files, folder, *source, config.value(), key.value(), found);
  if (!found.clean()) return say_faults("何も送信していません", found, options.json);
  const auto peer = load_peer(files, config.value().registry);
  if (!peer) return say(unusable("接続先", peer.error()), options.json);
  HttpsClient client(peer.value().tls, peer.value().address, clock);
  if (const auto ready = client.connect(); !ready)
    return say(failure("接続", ready.error(), {}), options.json);
  SignedExchange exchange(client, peer.value().verifier, clock);
  ExtractPush push(exchange, key.value(), *source, clock);
  return push_all(push, options, clock, at);
}

}  // namespace

void add_push_command(CLI::App& extract, int& exit_code) {
  auto options = std::make_shared<PushOptions>();
  CLI::App* push = extract.add_subcommand(
      "push",
      "抽出ファイルを中継サーバへ送り、検査のうえ適用する（署名・封緘して送信、切断後は続きから）");
  auto* config = push->add_option("--config", options->config, "連携元の設定（feeder.json）");
  auto* city = push->add_option("--city", options->city, "見本の市のフォルダ（kiosk.json）");
  config->excludes(city);
  push->add_option("--extract", options->extract,
                   "抽出フォルダ（manifest.json のある所。--city では省略できる）");
  push->add_option("--activate-at", options->activate_at,
                   "適用時刻（RFC 3339、例 2027-01-01T00:00:00+09:00。省略時は直ちに）");
  auto* keep =
      push->add_flag("--no-activate", options->no_activate, "検査・構築までとし、適用しない");
  auto* dry_run =
      push->add_flag("--dry-run", options->dry_run, "検査して変更計画を表示し、適用せずに取り消す");
  dry_run->excludes(keep);
  push->add_flag("--json", options->json, "結果をJSONで出力する（経過は標準エラー出力）");
  push->add_option("--build-wait", options->build_wait_s, "構築を待つ秒数")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  push->footer(
      "終了コード: 0 完了、1 拒否・検査不合格、2 使い方の誤り、3 接続不可、4 承認待ち・予約済み。"
      "--dry-run では 0 変更なし、4 変更あり、1 誤りあり");
  push->callback([options, &exit_code] {
    if (options->config.empty() == options->city.empty()) {
      throw CLI::ValidationError("push", "--config か --city のどちらか一つを指定してください");
    }
    if (options->city.empty() && options->extract.empty()) {
      throw CLI::RequiredError("--extract");
    }
    exit_code = run(*options);
  });
}

}  // namespace certrelay
