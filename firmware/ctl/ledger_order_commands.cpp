// certrelayctl ledger export, incident, backup, result, close, take-over.
#include <fmt/core.h>

#include <boost/json/object.hpp>
#include <thread>

#include "firmware/ctl/admin_session.hpp"
#include "firmware/ctl/admin_text.hpp"
#include "firmware/ctl/commands.hpp"
#include "firmware/ctl/ledger_report.hpp"
#include "firmware/ctl/ledger_text.hpp"
#include "firmware/ctl/progress_line.hpp"
#include "protocol/base/json.hpp"
#include "protocol/record/export.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_entropy.hpp"

namespace certrelay {
namespace {

constexpr std::uint32_t kPagesWithoutPause = 60;  // the server takes 120 calls a minute
constexpr std::chrono::milliseconds kPause{600};

struct OrderCall {
  AdminOptions admin;
  std::string reason;
  std::string from;
  std::string until;
  std::string out;
  std::string id;
  std::string copy;
  std::string key;
};

// A new file beside the others, never over an old one.
class NewFile {
 public:
  static Result<NewFile> create(Files& files, const std::string& path) {
    CERTRELAY_TRY(auto file, files.open(path, OpenMode::kCreateNew));
    return NewFile(std::move(file));
  }
  Result<void> append(std::string_view text) {
    CERTRELAY_TRY(file_->write_at(size_, as_bytes(text)));
    size_ += text.size();
    return ok();
  }
  Result<void> finish() { return file_->sync(); }

 private:
  explicit NewFile(std::unique_ptr<File> file) : file_(std::move(file)) {}
  std::unique_ptr<File> file_;
  std::uint64_t size_ = 0;
};

// Verifies each line as it comes and writes it as it is, and as a row of the CSV.
class ExportWriter {
 public:
  ExportWriter(NewFile lines, NewFile table) : lines_(std::move(lines)), table_(std::move(table)) {}
  Result<void> take(std::string_view page) {
    CERTRELAY_TRY(lines_.append(page));
    while (!page.empty()) {
      const auto end = page.find('\n');
      if (end == std::string_view::npos) return Error{ErrorCode::kMalformed, "export: page"};
      CERTRELAY_TRY(take_line(page.substr(0, end)));
      page.remove_prefix(end + 1);
    }
    return ok();
  }
  LedgerSequence reached() const { return verifier_.state().last; }
  bool complete() const { return verifier_.expect_end().has_value(); }
  Result<void> finish() {
    CERTRELAY_TRY(verifier_.expect_end());
    CERTRELAY_TRY(lines_.finish());
    return table_.finish();
  }

 private:
  Result<void> take_line(std::string_view line) {
    CERTRELAY_TRY(verifier_.take(line));
    CERTRELAY_TRY(const auto parsed, parse_export_line(line));
    if (std::holds_alternative<ExportHead>(parsed)) {
      return table_.append("\xEF\xBB\xBF" + heading_of(EntryFormat::kCsv));
    }
    const auto* stored = std::get_if<ExportEntry>(&parsed);
    if (stored == nullptr) return ok();
    CERTRELAY_TRY(const auto entry, decode_entry(stored->entry));
    return table_.append(line_of(entry, EntryFormat::kCsv));
  }
  NewFile lines_;
  NewFile table_;
  ExportVerifier verifier_;
};

Result<Said> fetch_export(AdminClient& admin, const ActionId& id, ByteView first,
                          const std::string& out) {
  CERTRELAY_TRY(const auto manifest, decode_export_manifest(first));
  if (out.empty()) {
    return Said{to_japanese(manifest) + "--out で書き出し先を指定してください。\n", {}, 1};
  }
  PosixFiles files;
  CERTRELAY_TRY(auto lines, NewFile::create(files, out + ".jsonl"));
  CERTRELAY_TRY(auto table, NewFile::create(files, out + ".csv"));
  CERTRELAY_TRY(auto about, NewFile::create(files, out + ".json"));
  ExportWriter writer(std::move(lines), std::move(table));
  ProgressLine progress(stderr, "書き出し", entries_bar, kManyEntries);
  const auto before = manifest.first.value() - 1;
  for (std::uint32_t page = 1; !writer.complete(); ++page) {
    if (page > kPagesWithoutPause) std::this_thread::sleep_for(kPause);
    CERTRELAY_TRY(const auto bytes, admin.result(id, page));
    CERTRELAY_TRY(writer.take(as_text(bytes)));
    progress(writer.reached().value() - before, manifest.last.value() - before);
  }
  CERTRELAY_TRY(writer.finish());
  CERTRELAY_TRY(about.append(as_text(first)));
  CERTRELAY_TRY(about.finish());
  return Said{to_japanese(manifest) + out + ".jsonl（署名付き、ledger verify で検証できます）、" +
                  out + ".csv、" + out + ".json を書き出しました。\n",
              Bytes(first.begin(), first.end())};
}

Result<Said> fetch(AdminClient& admin, const OrderCall& call) {
  CERTRELAY_TRY(const auto id, ActionId::parse(call.id));
  CERTRELAY_TRY(auto first, admin.result(id, 0));
  if (const auto history = decode_subject_history(first)) {
    return Said{to_japanese(history.value()), std::move(first)};
  }
  return fetch_export(admin, id, first, call.out);
}

Result<Said> export_window(AdminClient& admin, std::string_view code, const OrderCall& call) {
  CERTRELAY_TRY(const auto from, parse_from(call.from));
  CERTRELAY_TRY(const auto until, parse_until(call.until));
  CERTRELAY_TRY(
      const auto report,
      admin.propose(code, {{"from", to_rfc3339_jst(from)}, {"until", to_rfc3339_jst(until)}},
                    call.reason));
  if (report.state != ActionState::kDone) return say(report);
  CERTRELAY_TRY(const auto first, admin.result(report.id, 0));
  return fetch_export(admin, report.id, first, call.out);
}

Result<Said> back_up(AdminClient& admin, const OrderCall& call) {
  CERTRELAY_TRY(const auto report, admin.propose("ledger.backup", {}, call.reason));
  if (report.state != ActionState::kDone) return say(report);
  CERTRELAY_TRY(const auto first, admin.result(report.id, 0));
  return fetch_export(admin, report.id, first, call.out);
}

// A signed note (C2SP): to a file where one is named, else to the terminal. Its bytes are the
// signed ones, so that --json has it as a text.
Result<Said> check_point(AdminClient& admin, const OrderCall& call) {
  CERTRELAY_TRY(const auto report, admin.propose("ledger.checkpoint", {}, call.reason));
  if (report.state != ActionState::kDone) return say(report);
  CERTRELAY_TRY(const auto note, admin.result(report.id, 0));
  const auto object = to_json_text(boost::json::object{{"checkpoint", as_text(note)}});
  const Bytes json(object.begin(), object.end());
  if (call.out.empty()) return Said{std::string(as_text(note)), json};
  PosixFiles files;
  CERTRELAY_TRY(auto file, NewFile::create(files, call.out));
  CERTRELAY_TRY(file.append(as_text(note)));
  CERTRELAY_TRY(file.finish());
  return Said{report.detail + "\n" + call.out +
                  " に書き出しました（ledger verify --checkpoint で照合できます）。\n",
              json};
}

Result<Said> close_result(AdminClient& admin, const OrderCall& call) {
  CERTRELAY_TRY(const auto report,
                admin.propose("result.close", {{"transaction", call.id}}, call.reason));
  return say(report);
}

Result<Said> prune(AdminClient& admin, const OrderCall& call) {
  CERTRELAY_TRY(const auto report, admin.propose("ledger.prune", {}, call.reason));
  return say(report);
}

// The copy is verified here, from its first entry on, before anybody is asked.
Result<Said> take_over(AdminClient& admin, const OrderCall& call) {
  PosixFiles files;
  CERTRELAY_TRY(const auto key, read_verifier_key(files, call.key));
  CERTRELAY_TRY(const auto copy, verify_export(files, call.copy, key));
  if (copy.finding) return Said{in_words(copy) + "\n", {}, 1};
  CERTRELAY_TRY(const auto report, admin.propose("ledger.take_over",
                                                 {{"root", to_hex(copy.root)},
                                                  {"size", std::to_string(copy.last.value())}},
                                                 call.reason));
  return say(report);
}

template <class Act>
CLI::App* add(CLI::App& group, const std::string& word, const std::string& text,
              const std::shared_ptr<OrderCall>& call, bool reason, Act act, int& exit_code) {
  CLI::App* command = group.add_subcommand(word, text);
  add_admin_options(*command, call->admin);
  if (reason) {
    command->add_option("--reason", call->reason, "処理事由（住民の氏名などは書かないでください）")
        ->required();
  }
  command->callback([call, act, &exit_code] {
    exit_code = run_admin(call->admin, [&](AdminClient& admin) { return act(admin, *call); });
  });
  return command;
}

void add_export(CLI::App& ledger, const std::string& word, const std::string& text,
                const std::string& code, int& exit_code) {
  auto call = std::make_shared<OrderCall>();
  const auto act = [code](AdminClient& admin, const OrderCall& one) {
    return export_window(admin, code, one);
  };
  CLI::App* command = add(ledger, word, text, call, true, act, exit_code);
  command->add_option("--from", call->from, "この日（YYYY-MM-DD）または日時から")->required();
  command->add_option("--until", call->until, "この日まで（その日を含む）、または日時の前まで")
      ->required();
  command->add_option("--out", call->out, "書き出し先（拡張子なし。.jsonl、.csv、.json を作る）")
      ->required();
}

}  // namespace

void add_ledger_order_commands(CLI::App& root, int& exit_code) {
  CLI::App* ledger = root.get_subcommand("ledger");
  add_export(*ledger, "export", "期間の提供記録を書き出す（出力の記録を先に残す）", "ledger.export",
             exit_code);
  add_export(*ledger, "incident",
             "事故対応のため期間の記録、チェックポイント、設定の照合値を書き出す",
             "ledger.incident", exit_code);
  auto saving = std::make_shared<OrderCall>();
  CLI::App* backup =
      add(*ledger, "backup", "すべての提供記録のバックアップを取る（ledger restore で戻せる）",
          saving, true, back_up, exit_code);
  backup->add_option("--out", saving->out, "書き出し先（拡張子なし）")->required();
  auto handing = std::make_shared<OrderCall>();
  CLI::App* note = add(*ledger, "checkpoint", "署名付き照合値（チェックポイント）を今すぐ取得する",
                       handing, true, check_point, exit_code);
  note->add_option("--out", handing->out, "書き出すファイル（省略時は表示）");
  auto fetching = std::make_shared<OrderCall>();
  CLI::App* result = add(*ledger, "result", "照会・書き出しの結果を取得する（申請から1時間以内）",
                         fetching, false, fetch, exit_code);
  result->add_option("ID", fetching->id, "申請番号")->required();
  result->add_option("--out", fetching->out, "書き出し先（拡張子なし）");
  auto closing = std::make_shared<OrderCall>();
  CLI::App* close = add(*ledger, "close", "未解決の結果を処理済みとして登録する", closing, true,
                        close_result, exit_code);
  close->add_option("TRANSACTION", closing->id, "取引番号")->required();
  auto pruning = std::make_shared<OrderCall>();
  add(*ledger, "prune", "保存期間（5年）を過ぎた記録の廃棄を申請する（別の人の承認で実行）",
      pruning, true, prune, exit_code);
  auto taking = std::make_shared<OrderCall>();
  CLI::App* over =
      add(*ledger, "take-over", "検証済みの写しへの引継ぎを申請する（別の人の承認で記録）", taking,
          true, take_over, exit_code);
  over->add_option("--copy", taking->copy, "最初の記録からの書き出し（.jsonl）")->required();
  over->add_option("--key", taking->key, "チェックポイントの検証鍵（.vkey）")->required();
}

}  // namespace certrelay
