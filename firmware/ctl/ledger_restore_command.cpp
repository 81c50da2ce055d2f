// certrelayctl ledger restore: on the state folder of a stopped relay whose ledger was lost.
#include <memory>

#include "firmware/ctl/commands.hpp"
#include "firmware/ctl/ledger_report.hpp"
#include "firmware/ctl/outcome.hpp"
#include "firmware/ctl/say_failure.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_clock.hpp"
#include "relay/env/system_entropy.hpp"
#include "relay/ledger/restore.hpp"

namespace certrelay {
namespace {

struct RestoreCall {
  std::string state;
  std::string backup;
  std::string key;
  std::string as;
  std::string reason;
  std::string approver;
  std::vector<std::string> checkpoints;
  bool json = false;
};

std::string mend_for(ErrorCode code) {
  switch (code) {
    case ErrorCode::kLocked:
      return "certrelayd を停止してください";
    case ErrorCode::kAlreadyExists:
      return "提供記録がすでにあります。調査用に保全してから、別の場所へ移してください";
    case ErrorCode::kLedgerRolledBack:
      return "持ち出し済みのチェックポイントより古いバックアップです。新しいものを使うか、"
             "失われる記録を承知した別の人を --approved-by で指定してください";
    case ErrorCode::kSamePerson:
      return "--approved-by は別の人でなければなりません";
    case ErrorCode::kEntryPruned:
      return "最初の記録からの書き出し（ledger "
             "backup）ではないか、照合できない古いチェックポイントです";
    default:
      return "ledger verify でバックアップを確認してください";
  }
}

Result<Restored> restore_into(const RestoreCall& call) {
  PosixFiles files;
  SystemEntropy entropy;
  const SystemClock clock;
  const SqliteVfs vfs(files, entropy);
  CERTRELAY_TRY(const auto key, read_verifier_key(files, call.key));
  CERTRELAY_TRY(auto name, OperatorName::parse(call.as));
  CERTRELAY_TRY(auto reason, StatedReason::parse(call.reason));
  RestoreWish wish{.backup = call.backup,
                   .path = ledger_file(call.state),
                   .checkpoint_folder = call.state + "/checkpoints",
                   .verifier = *key,
                   .also = {},
                   .operator_name = std::move(name),
                   .reason = std::move(reason),
                   .approver = std::nullopt};
  if (!call.approver.empty()) {
    CERTRELAY_TRY(wish.approver, OperatorName::parse(call.approver));
  }
  for (const auto& path : call.checkpoints) {
    CERTRELAY_TRY(auto one, read_checkpoint(files, path, *key));
    wish.also.push_back(std::move(one.checkpoint));
  }
  // As the relay itself holds it (INV-8): it must not run meanwhile.
  CERTRELAY_TRY(const auto lock, files.open(call.state + "/lock", OpenMode::kCreate));
  CERTRELAY_TRY(lock->lock());
  const auto folder = files.make_folder(call.state + "/ledger");
  if (!folder && folder.error().code != ErrorCode::kAlreadyExists) return folder.error();
  return restore_ledger(vfs, files, wish, clock.utc_now());
}

Outcome restore(const RestoreCall& call) {
  const auto restored = restore_into(call);
  if (!restored) {
    const auto& error = restored.error();
    const auto reason = static_cast<unsigned>(error.code);
    return {kExitRefused,
            "ledger restore: できません。" + mend_for(error.code) + " (" + std::to_string(reason) +
                " " + std::string(error.where) + ")",
            {{"reason", reason}}};
  }
  const auto& done = restored.value();
  auto text = "ledger restore: ok, entries to " + std::to_string(done.last.value()) +
              " — 記録を戻し、復元を記録しました";
  if (done.lost != 0) text += "（少なくとも" + std::to_string(done.lost) + "件が失われています）";
  return {kExitDone,
          text + "。certrelayd を起動できます。",
          {{"last", done.last.value()}, {"lost", done.lost}}};
}

}  // namespace

void add_ledger_restore_command(CLI::App& root, int& exit_code) {
  CLI::App* ledger = root.get_subcommand("ledger");
  const auto call = std::make_shared<RestoreCall>();
  auto* command = ledger->add_subcommand(
      "restore", "失われた提供記録をバックアップから戻す（停止中のサーバで実行）");
  command->add_option("--state", call->state, "サーバの state_dir")->required();
  command->add_option("--backup", call->backup, "ledger backup が書き出した .jsonl")->required();
  command->add_option("--key", call->key, "チェックポイントの検証鍵（.vkey）")->required();
  command->add_option("--checkpoint", call->checkpoints,
                      "持ち出したチェックポイント（何度でも。最も新しいものを必ず）");
  command->add_option("--as", call->as, "作業する人の利用者ID")->required();
  command->add_option("--reason", call->reason, "処理事由")->required();
  command->add_option("--approved-by", call->approver,
                      "失われる記録があることを承知した別の人の利用者ID");
  add_json_flag(*command, call->json);
  command->callback([call, &exit_code] { exit_code = tell(restore(*call), call->json); });
}

}  // namespace certrelay
