#include "firmware/ctl/ledger_report.hpp"

namespace certrelay {
namespace {

std::string number_and_place(const Error& error) {
  return "(" + std::to_string(static_cast<unsigned>(error.code)) + " " + std::string(error.where) +
         ")";
}

}  // namespace

std::string ledger_file(const std::string& state_dir) { return state_dir + "/ledger/ledger.db"; }

Result<std::optional<NoteVerifier>> read_verifier_key(Files& files, const std::string& path) {
  constexpr std::size_t kKeyBytesMax = 1024;
  if (path.empty()) return std::optional<NoteVerifier>();
  CERTRELAY_TRY(const auto bytes, files.read_all(path, kKeyBytesMax));
  auto text = as_text(bytes);
  if (text.ends_with('\n')) text.remove_suffix(1);
  CERTRELAY_TRY(auto key, NoteVerifier::parse(text));
  return std::optional(std::move(key));
}

Result<HandedOut> read_checkpoint(Files& files, const std::string& path,
                                  const NoteVerifier& verifier) {
  CERTRELAY_TRY(const auto bytes, files.read_all(path, kNoteBytesMax));
  HandedOut out{std::string(as_text(bytes)), {}};
  CERTRELAY_TRY(out.checkpoint, verify_checkpoint(out.note, verifier));
  return out;
}

Result<VerifyReport> verify_state(Files& files, const SqliteVfs& vfs, const std::string& state_dir,
                                  const std::optional<NoteVerifier>& verifier,
                                  const std::vector<Checkpoint>& also,
                                  const VerifyProgress& progress) {
  // Where certrelayd keeps them (firmware/daemon/vault_open.hpp).
  CheckpointFolder checkpoints(files, state_dir + "/checkpoints");
  return verify_ledger(vfs, ledger_file(state_dir), checkpoints, verifier, also, progress);
}

std::string in_words(const VerifyReport& report) {
  if (report.finding) {
    return "ledger verify: first bad entry " + std::to_string(report.finding->at.value()) +
           " — 最初の不正な記録です " + number_and_place(report.finding->error);
  }
  if (report.pruned != LedgerSequence()) {
    return "ledger verify: ok, entries " + std::to_string(report.pruned.value() + 1) + "-" +
           std::to_string(report.last.value()) + ", " + std::to_string(report.checkpoints) +
           " checkpoints, root " + to_hex(report.root) + " — " + report.origin + "（" +
           std::to_string(report.pruned.value()) + "までは保存期間の満了により廃棄済み）";
  }
  return "ledger verify: ok, " + std::to_string(report.last.value()) + " entries, " +
         std::to_string(report.checkpoints) + " checkpoints, root " + to_hex(report.root) + " — " +
         report.origin;
}

boost::json::object as_object(const VerifyReport& report) {
  boost::json::object out{{"origin", report.origin},
                          {"first", report.before.value() + 1},
                          {"last", report.last.value()},
                          {"checkpoints", report.checkpoints},
                          {"root", to_hex(report.root)}};
  if (report.finding) {
    out["bad_entry"] = report.finding->at.value();
    out["reason"] = static_cast<unsigned>(report.finding->error.code);
  }
  return out;
}

std::string could_not_read(const Error& error) {
  std::string mend = "パスと読み取り権限を確認してください";
  if (error.code == ErrorCode::kLocked) mend = "certrelayd を停止してからやり直してください";
  if (error.code == ErrorCode::kEntryPruned) {
    mend = "そのチェックポイントの時点の記録はここにありません（廃棄済み、または書き出しの範囲外）";
  }
  if (error.code == ErrorCode::kUnknownKey)
    mend = "検証鍵またはチェックポイントが別の提供記録のものです";
  if (error.code == ErrorCode::kStoreVersion) mend = "この版の提供記録ではありません";
  return "ledger verify: 読めません。" + mend + " " + number_and_place(error);
}

}  // namespace certrelay
