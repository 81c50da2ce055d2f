// certrelayctl init plan | keys | take: from a plain machine to a site that can start.
#include <fmt/format.h>
#include <unistd.h>

#include <boost/json/array.hpp>

#include "firmware/ctl/commands.hpp"
#include "firmware/ctl/init/first_state.hpp"
#include "firmware/ctl/init/site_keys.hpp"
#include "firmware/ctl/outcome.hpp"
#include "firmware/ctl/say_failure.hpp"
#include "firmware/daemon/start_failure.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_clock.hpp"
#include "relay/env/system_entropy.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kPlanBytesMax = std::size_t{64} * 1024;

struct InitCall {
  std::string plan;
  std::string site;
  std::string from;
  std::string out;
  bool json = false;
};
using InitCallPtr = std::shared_ptr<InitCall>;

// Throws StartFailure.
std::string read_plan(Files& files, const std::string& path) {
  const auto bytes = files.read_all(path, kPlanBytesMax);
  if (!bytes) throw StartFailure(path + " を読めません", "init plan で作り、記入してください");
  return std::string(as_text(bytes.value()));
}

Outcome init_error(const Error& error) {
  std::string_view mend = "場所の空き容量と権限を確認し、もう一度実行してください";
  if (error.code == ErrorCode::kWrongOwner) {
    mend = "このコマンドを実行する利用者だけのフォルダー（chmod 700）にしてください";
  } else if (error.code == ErrorCode::kAlreadyExists) {
    mend = "ほかのファイルのない、新しいフォルダーを指定してください";
  } else if (error.code == ErrorCode::kLocked) {
    mend = "別の init が動いています。終わるのを待ってください";
  } else if (error.code == ErrorCode::kMalformed) {
    mend = "計画の名前（市区町村名・サーバ名）を確認してください";
  }
  return {kExitRefused,
          fmt::format("certrelayctl: init: できません（エラー {} {}）。{}。",
                      static_cast<unsigned>(error.code), error.where, mend),
          {{"reason", static_cast<unsigned>(error.code)}}};
}

Outcome wrong_stage(InitStage stage, const std::string& site) {
  const char* text =
      stage == InitStage::kFinished
          ? "初期設定は終わっています。やり直しはできません。利用者の登録は operator apply と "
            "operator add で、鍵の更新は docs/keys.md の手順で行ってください。"
      : stage == InitStage::kKeysMade
          ? "鍵は作成済みです。証明書がそろったら init take を実行してください。"
          : "鍵がまだそろっていません。先に init keys を実行してください。";
  return {kExitRefused, fmt::format("certrelayctl: init: {}: {}", site, text)};
}

Outcome write_plan(const InitCall& call) {
  PosixFiles files;
  if (files.info(call.out)) {
    return {
        kExitRefused,
        fmt::format("certrelayctl: init: {} があります。別の名前を指定してください。", call.out)};
  }
  const auto done = files.write_durably(call.out, as_bytes(init_plan_template()));
  if (!done) return init_error(done.error());
  return {kExitDone,
          fmt::format("計画のひな型を書きました: {}\n記入して、init keys --plan に渡してください。",
                      call.out),
          {{"file", call.out}}};
}

Outcome make_keys(const InitCall& call) {
  PosixFiles files;
  SystemEntropy entropy;
  const auto text = read_plan(files, call.plan);
  const auto plan = parse_init_plan(text, call.plan);
  const auto stage = init_stage(files, call.site, ::geteuid());
  if (!stage) return init_error(stage.error());
  if (stage.value() == InitStage::kKeysMade || stage.value() == InitStage::kFinished) {
    return wrong_stage(stage.value(), call.site);
  }
  if (stage.value() == InitStage::kBegun) {
    fmt::print(stderr, "前回の init keys は途中で終わっています。その鍵を破棄して作り直します。\n");
  }
  const auto done = make_site_keys(files, entropy, plan, text, call.site);
  if (!done) return init_error(done.error());
  auto text_of_keys = fmt::format(
      "すべての秘密鍵をこの機器で作成しました: {0}\n"
      "{0}/to-authorities の中身だけを、認証局と相手方に渡してください（指紋は "
      "fingerprints.txt）。\n{0}/keys は、この機器から持ち出さないでください。\n\n"
      "次のファイルを1つのフォルダーにそろえ、init take --from に渡してください:",
      call.site);
  boost::json::array expected;
  for (const auto& file : expected_files(plan)) {
    text_of_keys += "\n  " + file;
    expected.push_back(boost::json::string(file));
  }
  return {kExitDone,
          std::move(text_of_keys),
          {{"site", call.site}, {"expected_files", std::move(expected)}}};
}

Outcome findings_of(const std::vector<InitFinding>& findings) {
  auto text = fmt::format("certrelayctl: init take: {}件の問題があり、何も変更していません。",
                          findings.size());
  boost::json::array list;
  for (const auto& one : findings) {
    text += fmt::format("\n  {}: {}。\n    {}。", one.file, one.what, one.mend);
    list.push_back(boost::json::object{{"file", one.file}, {"what", one.what}, {"mend", one.mend}});
  }
  return {kExitRefused, std::move(text), {{"findings", std::move(list)}}};
}

Outcome take_certificates(const InitCall& call) {
  PosixFiles files;
  SystemEntropy entropy;
  const SystemClock clock;
  const auto stage = init_stage(files, call.site, ::geteuid());
  if (!stage) return init_error(stage.error());
  if (stage.value() != InitStage::kKeysMade) return wrong_stage(stage.value(), call.site);
  const auto plan_path = call.site + "/" + kPlanFile;
  const auto plan = parse_init_plan(read_plan(files, plan_path), plan_path);
  SiteReader reader(files, plan, call.site, call.from, clock.utc_now());
  const auto site = reader.read();
  if (!site) return init_error(site.error());
  if (!reader.findings().empty()) return findings_of(reader.findings());
  const auto done = finish_site(files, entropy, plan, site.value(), call.site, clock.utc_now());
  if (!done) return init_error(done.error());
  auto text = fmt::format(
      "設定を書きました: {0}/{1}\n"
      "利用者を2人登録し、初期登録を締め切りました（提供記録に記録済み）: "
      "{2}（センター長）、{3}（市の管理者）\n\n"
      "次の手順:\n"
      "  1. certrelayd --config {0}/{1} --check\n"
      "  2. 起動後、センター長の代理を登録する: 代理の人が operator apply、{3} が operator add、"
      "{2} が approve\n"
      "  3. certrelayctl doctor --config {0}/{1}",
      call.site, kSiteConfigFile, plan.center_head, plan.city_administrator);
  return {kExitDone, std::move(text), {{"configuration", call.site + "/" + kSiteConfigFile}}};
}

// A plan or a file that cannot be read is a usage error: nothing was touched.
int run_init(Outcome (*work)(const InitCall&), const InitCall& call) {
  try {
    return tell(work(call), call.json);
  } catch (const StartFailure& failure) {
    return tell({kExitUsage, fmt::format("certrelayctl: {}", failure.what())}, call.json);
  }
}

}  // namespace

void add_init_commands(CLI::App& root, int& exit_code) {
  CLI::App* group = root.add_subcommand(
      "init", "新しい機器の初期設定（鍵の作成、証明書の受取り、最初の2人の登録）");
  group->require_subcommand(1);
  auto call = std::make_shared<InitCall>();
  CLI::App* plan = group->add_subcommand("plan", "初期設定計画のひな型を書く");
  plan->add_option("--out", call->out, "書き出すファイル")->required();
  add_json_flag(*plan, call->json);
  plan->callback([call, &exit_code] { exit_code = run_init(write_plan, *call); });
  CLI::App* keys =
      group->add_subcommand("keys", "すべての秘密鍵をこの機器で作り、CSRと指紋を書き出す");
  keys->add_option("--plan", call->plan, "記入した初期設定計画")->required();
  keys->add_option("--site", call->site, "作成するフォルダー")->required();
  add_json_flag(*keys, call->json);
  keys->callback([call, &exit_code] { exit_code = run_init(make_keys, *call); });
  CLI::App* take = group->add_subcommand(
      "take", "証明書と最初の2人の申請を受け取って確かめ、設定を書いて初期登録を締め切る");
  take->add_option("--site", call->site, "init keys で作成したフォルダー")->required();
  take->add_option("--from", call->from, "受け取ったファイルのフォルダー")->required();
  add_json_flag(*take, call->json);
  take->callback([call, &exit_code] { exit_code = run_init(take_certificates, *call); });
}

}  // namespace certrelay
