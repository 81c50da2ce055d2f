// certrelayctl ledger verify: for auditors, on a stopped ledger or an export.
#include <memory>

#include "firmware/ctl/commands.hpp"
#include "firmware/ctl/ledger_report.hpp"
#include "firmware/ctl/outcome.hpp"
#include "firmware/ctl/progress_line.hpp"
#include "firmware/ctl/say_failure.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_entropy.hpp"

namespace certrelay {
namespace {

struct VerifyArguments {
  std::string state;
  std::string file;
  std::string key;
  std::vector<std::string> checkpoints;
  bool json = false;
};

// What the city has copied away, to be held against what is here.
Result<std::vector<Checkpoint>> read_all_of(Files& files, const std::vector<std::string>& paths,
                                            const NoteVerifier& key) {
  std::vector<Checkpoint> out;
  for (const auto& path : paths) {
    CERTRELAY_TRY(auto one, read_checkpoint(files, path, key));
    out.push_back(std::move(one.checkpoint));
  }
  return out;
}

Outcome verify(const VerifyArguments& arguments) {
  if (arguments.state.empty() == arguments.file.empty()) {
    return {kExitUsage, "ledger verify: 対象は --state DIR か FILE のどちらか一つです"};
  }
  PosixFiles files;
  SystemEntropy entropy;
  const SqliteVfs vfs(files, entropy);
  const auto key = read_verifier_key(files, arguments.key);
  if (!key) {
    return {kExitRefused, "ledger verify: 検証鍵を読めません: " + arguments.key};
  }
  if (!arguments.checkpoints.empty() && !key.value()) {
    return {kExitUsage, "ledger verify: --checkpoint には --key が必要です"};
  }
  std::vector<Checkpoint> also;
  if (key.value()) {
    auto read = read_all_of(files, arguments.checkpoints, *key.value());
    if (!read) {
      return {kExitRefused, "ledger verify: チェックポイントを読めないか、署名が正しくありません"};
    }
    also = std::move(read).value();
  }
  // The outcome alone is standard output's.
  constexpr std::uint64_t kManyBytes = 64'000'000;
  ProgressLine entries(stderr, "検証", entries_bar, kManyEntries);
  ProgressLine bytes(stderr, "検証", bytes_bar, kManyBytes);
  const auto report =
      arguments.state.empty()
          ? verify_export(files, arguments.file, key.value(), also, std::ref(bytes))
          : verify_state(files, vfs, arguments.state, key.value(), also, std::ref(entries));
  if (!report) return {kExitRefused, could_not_read(report.error())};
  return {report.value().finding ? kExitRefused : kExitDone, in_words(report.value()),
          as_object(report.value())};
}

}  // namespace

void add_ledger_commands(CLI::App& root, int& exit_code) {
  auto* ledger = root.add_subcommand("ledger", "提供記録の検証、検索、書き出し、報告書");
  ledger->require_subcommand(1);
  auto* command = ledger->add_subcommand(
      "verify", "停止中の提供記録または書き出しを検証し、最初の不正な記録を示す");
  const auto arguments = std::make_shared<VerifyArguments>();
  command->add_option("--state", arguments->state, "サーバの state_dir（停止中であること）");
  command->add_option("file", arguments->file, "書き出した JSON Lines ファイル");
  command->add_option("--key", arguments->key,
                      "チェックポイントの検証鍵（.vkey）。省くと署名を検証しない");
  command->add_option("--checkpoint", arguments->checkpoints,
                      "持ち出したチェックポイント（何度でも）。古い写しへの差替えと分岐を見つける");
  add_json_flag(*command, arguments->json);
  command->callback(
      [arguments, &exit_code] { exit_code = tell(verify(*arguments), arguments->json); });
}

}  // namespace certrelay
