// certrelayctl ledger verify: for auditors, on a stopped ledger or an export.
#include <iostream>
#include <memory>

#include "firmware/ctl/commands.hpp"
#include "firmware/ctl/ledger_report.hpp"
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

int verify(const VerifyArguments& arguments) {
  if (arguments.state.empty() == arguments.file.empty()) {
    std::cerr << "ledger verify: 対象は --state DIR か FILE のどちらか一つです\n";
    return kExitUsage;
  }
  PosixFiles files;
  SystemEntropy entropy;
  const SqliteVfs vfs(files, entropy);
  const auto key = read_verifier_key(files, arguments.key);
  if (!key) {
    std::cerr << "ledger verify: 検証鍵を読めません: " << arguments.key << "\n";
    return kExitRefused;
  }
  if (!arguments.checkpoints.empty() && !key.value()) {
    std::cerr << "ledger verify: --checkpoint には --key が必要です\n";
    return kExitUsage;
  }
  std::vector<Checkpoint> also;
  if (key.value()) {
    auto read = read_all_of(files, arguments.checkpoints, *key.value());
    if (!read) {
      std::cerr << "ledger verify: チェックポイントを読めないか、署名が正しくありません\n";
      return kExitRefused;
    }
    also = std::move(read).value();
  }
  const auto report = arguments.state.empty()
                          ? verify_export(files, arguments.file, key.value(), also)
                          : verify_state(files, vfs, arguments.state, key.value(), also);
  if (!report) {
    std::cerr << could_not_read(report.error()) << "\n";
    return kExitRefused;
  }
  (report.value().finding ? std::cerr : std::cout) << in_words(report.value()) << "\n";
  return report.value().finding ? kExitRefused : 0;
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
  command->callback([arguments, &exit_code] { exit_code = verify(*arguments); });
}

}  // namespace certrelay
