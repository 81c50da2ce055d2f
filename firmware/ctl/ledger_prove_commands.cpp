// certrelayctl ledger prove, check-proof: for auditors, on files. A proof shows one entry, or that
// the ledger only grew, to somebody who pins its key and sees nothing else of it.
#include <memory>

#include "firmware/ctl/commands.hpp"
#include "firmware/ctl/ledger_report.hpp"
#include "firmware/ctl/outcome.hpp"
#include "firmware/ctl/say_failure.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_entropy.hpp"
#include "relay/ledger/prove.hpp"

namespace certrelay {
namespace {

struct ProveArguments {
  std::string state;
  std::string file;
  std::string key;
  std::string checkpoint;
  std::string older;
  std::uint64_t entry = 0;
  bool json = false;
};

Outcome refuse(std::string_view command, const Error& error) {
  const auto reason = static_cast<unsigned>(error.code);
  return {kExitRefused,
          "ledger " + std::string(command) + ": できません (" + std::to_string(reason) + " " +
              std::string(error.where) + ")",
          {{"reason", reason}}};
}

Result<std::string> proof_of(Files& files, const NoteVerifier& key, const ProveArguments& wish,
                             const EntryWalk& walk) {
  CERTRELAY_TRY(const auto newer, read_checkpoint(files, wish.checkpoint, key));
  if (wish.older.empty()) {
    CERTRELAY_TRY(const auto proof,
                  prove_entry(walk, LedgerSequence(wish.entry), newer.checkpoint, newer.note));
    return encode_entry_proof(proof);
  }
  CERTRELAY_TRY(const auto older, read_checkpoint(files, wish.older, key));
  CERTRELAY_TRY(const auto proof,
                prove_growth(walk, older.checkpoint, newer.checkpoint, newer.note));
  return encode_growth_proof(proof);
}

Result<std::string> prove_with(const ProveArguments& wish) {
  PosixFiles files;
  SystemEntropy entropy;
  const SqliteVfs vfs(files, entropy);
  CERTRELAY_TRY(const auto key, read_verifier_key(files, wish.key));
  if (wish.state.empty()) return proof_of(files, *key, wish, walk_of_export(files, wish.file));
  CERTRELAY_TRY(auto store, LedgerStore::open_read_only(vfs, ledger_file(wish.state)));
  return proof_of(files, *key, wish, walk_of_store(store));
}

Outcome prove(const ProveArguments& wish) {
  if (wish.state.empty() == wish.file.empty() || (wish.entry == 0) == wish.older.empty()) {
    return {kExitUsage,
            "ledger prove: 対象は --state DIR か FILE のどちらか一つ、"
            "内容は --entry N か --older FILE のどちらか一つです"};
  }
  auto proof = prove_with(wish);
  if (!proof) return refuse("prove", proof.error());
  const auto whole = std::move(proof).value();
  // The text is the proof itself: its last line feed is the output's.
  const auto text = whole.substr(0, whole.size() - (whole.ends_with('\n') ? 1 : 0));
  return {kExitDone, text, {{"proof", whole}}};
}

// What was proved; its text follows "ok, ".
Result<Outcome> check(const ProveArguments& given) {
  PosixFiles files;
  CERTRELAY_TRY(const auto key, read_verifier_key(files, given.key));
  CERTRELAY_TRY(const auto bytes, files.read_all(given.file, kProofBytesMax));
  if (given.older.empty()) {
    CERTRELAY_TRY(const auto proof, parse_entry_proof(as_text(bytes)));
    CERTRELAY_TRY(const auto checkpoint, verify_checkpoint(proof.checkpoint, *key));
    CERTRELAY_TRY(const auto entry, verify(proof));
    return Outcome{kExitDone,
                   "entry " + std::to_string(entry.sequence.value()) +
                       " is under the checkpoint of " + std::to_string(checkpoint.size) +
                       " entries — 記録は証明されました",
                   {{"entry", entry.sequence.value()}, {"size", checkpoint.size}}};
  }
  CERTRELAY_TRY(const auto older, read_checkpoint(files, given.older, *key));
  CERTRELAY_TRY(const auto proof, parse_growth_proof(as_text(bytes)));
  CERTRELAY_TRY(const auto checkpoint, verify_checkpoint(proof.checkpoint, *key));
  CERTRELAY_TRY(verify(proof, older.checkpoint));
  return Outcome{kExitDone,
                 std::to_string(checkpoint.size) + " entries continue " +
                     std::to_string(older.checkpoint.size) +
                     " — 追記のみであることが証明されました",
                 {{"older_size", older.checkpoint.size}, {"size", checkpoint.size}}};
}

Outcome check_proof(const ProveArguments& given) {
  auto said = check(given);
  if (!said) return refuse("check-proof", said.error());
  said.value().text = "ledger check-proof: ok, " + said.value().text;
  return std::move(said).value();
}

}  // namespace

void add_ledger_prove_commands(CLI::App& root, int& exit_code) {
  CLI::App* ledger = root.get_subcommand("ledger");
  const auto wish = std::make_shared<ProveArguments>();
  auto* command = ledger->add_subcommand(
      "prove",
      "一つの記録、または追記のみであることの証明を作る（C2SP tlog-proof / tlog-witness）");
  command->add_option("--state", wish->state, "サーバの state_dir（停止中であること）");
  command->add_option("file", wish->file, "書き出した JSON Lines ファイル");
  command->add_option("--key", wish->key, "チェックポイントの検証鍵（.vkey）")->required();
  command->add_option("--checkpoint", wish->checkpoint, "証明の基になるチェックポイント")
      ->required();
  command->add_option("--entry", wish->entry, "証明する記録の番号");
  command->add_option("--older", wish->older, "以前に持ち出したチェックポイント");
  add_json_flag(*command, wish->json);
  command->callback([wish, &exit_code] { exit_code = tell(prove(*wish), wish->json); });

  const auto given = std::make_shared<ProveArguments>();
  auto* checking = ledger->add_subcommand("check-proof", "証明を検証鍵だけで確かめる");
  checking->add_option("file", given->file, "ledger prove の出力")->required();
  checking->add_option("--key", given->key, "チェックポイントの検証鍵（.vkey）")->required();
  checking->add_option("--older", given->older,
                       "追記のみであることの証明の場合: 以前に持ち出したチェックポイント");
  add_json_flag(*checking, given->json);
  checking->callback([given, &exit_code] { exit_code = tell(check_proof(*given), given->json); });
}

}  // namespace certrelay
