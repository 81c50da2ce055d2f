// certrelayctl certificate check: a scanned seal or a file, offline; with the ledger, running or
// stopped, also whether the document was voided.
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

#include "firmware/ctl/admin_session.hpp"
#include "firmware/ctl/commands.hpp"
#include "firmware/ctl/document_check.hpp"
#include "firmware/ctl/document_state.hpp"
#include "firmware/ctl/ledger_report.hpp"
#include "firmware/ctl/say_failure.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_clock.hpp"
#include "relay/env/system_entropy.hpp"
#include "relay/ledger/ledger_store.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kPdfBytesMax = std::size_t{16} * 1024 * 1024;

struct CheckCall {
  AdminOptions admin;
  std::string certificate;
  std::string seal;
  std::string file;
  std::string state;
  std::string reason;
};

// What was shown: its id, and the file's digest where it is a file.
struct Shown {
  DocumentId document;
  std::optional<Digest> file;
};

std::string_view in_words(ErrorCode code) {
  switch (code) {
    case ErrorCode::kDocumentAltered:
      return "無効: 署名された内容と一致しません（改ざんされています）";
    case ErrorCode::kDocumentUnsigned:
      return "無効: この証明書の鍵による署名がありません";
    case ErrorCode::kPdfUnreadable:
      return "無効: この市区町村の証明書の形ではありません";
    default:
      return "無効: 印字された証明印として読めません";
  }
}

// What stands in the way says nothing of the paper, and must not read as if it did.
void say_unread(std::string_view what, std::string_view mend) {
  fmt::print("確認できません: {}。{}\n", what, mend);
}

std::optional<DocumentVerifier> verifier_of(const CheckCall& call) {
  PosixFiles files;
  const auto pem = files.read_all(call.certificate, 64 * 1024);
  if (pem) {
    auto verifier = DocumentVerifier::from_pem(as_text(pem.value()));
    if (verifier) return std::move(verifier).value();
  }
  say_unread("署名用証明書 " + call.certificate + " を読めません",
             "--certificate に市区町村の署名用証明書（PEM）を指定してください");
  return std::nullopt;
}

std::optional<Bytes> pdf_of(const CheckCall& call) {
  PosixFiles files;
  auto pdf = files.read_all(call.file, kPdfBytesMax);
  if (pdf) return std::move(pdf).value();
  say_unread("ファイル " + call.file + " を読めません",
             "名前と大きさ（16MiBまで）を確かめてください");
  return std::nullopt;
}

std::optional<std::string> seal_of(const CheckCall& call) {
  std::string text = call.seal;
  if (text == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  }
  if (text.find_first_not_of(" \t\r\n") != std::string::npos) return text;
  say_unread("証明印の文字列がありません",
             "QRコードを読み取れているかを確かめてください（CRS1: で始まります）");
  return std::nullopt;
}

// None: what to say has been said.
std::optional<Shown> judged(const CheckCall& call) {
  const auto verifier = verifier_of(call);
  if (!verifier) return std::nullopt;
  if (!call.file.empty()) {
    const auto pdf = pdf_of(call);
    if (!pdf) return std::nullopt;
    auto document = check_signed_pdf(*pdf, *verifier);
    if (document) {
      fmt::print("署名は正しく、内容は変更されていません。\n文書番号　{}\n",
                 document.value().text());
      return Shown{std::move(document).value(), sha256(*pdf)};
    }
    fmt::print("{}\n", in_words(document.error().code));
    return std::nullopt;
  }
  const auto text = seal_of(call);
  if (!text) return std::nullopt;
  auto seal = check_printed_seal(*text, *verifier);
  if (seal) {
    fmt::print("証明印は正しい印です。紙面の記載と見比べてください。\n{}",
               to_japanese(seal.value()));
    return Shown{std::move(seal).value().document, std::nullopt};
  }
  fmt::print("{}\n", in_words(seal.error().code));
  return std::nullopt;
}

int say_state(DocumentState state) {
  fmt::print("{}\n", to_japanese(state));
  return state == DocumentState::kPrinted ? kExitDone : kExitRefused;
}

// The entries of the document's transaction out of a stopped relay's ledger.
int ask_stopped(const CheckCall& call, const Shown& shown) {
  PosixFiles files;
  SystemEntropy entropy;
  const SqliteVfs vfs(files, entropy);
  const auto entries = [&]() -> Result<std::vector<Entry>> {
    CERTRELAY_TRY(auto store, LedgerStore::open_read_only(vfs, ledger_file(call.state)));
    std::optional<TransactionId> transaction;
    CERTRELAY_TRY(const auto finding,
                  store.walk([&](const Entry& entry, ByteView, const ChainState&) -> Result<void> {
                    if (issues(entry, shown.document)) transaction = entry.transaction;
                    return ok();
                  }));
    if (finding) return finding->error;
    if (!transaction) return std::vector<Entry>();
    return store.entries_of(*transaction);
  }();
  if (!entries) {
    fmt::print(stderr, "{}\n", could_not_read(entries.error()));
    return kExitRefused;
  }
  return say_state(state_of(entries.value(), shown.document, shown.file, SystemClock().utc_now()));
}

Result<std::vector<Entry>> query_all(AdminClient& admin, const CheckCall& call,
                                     const LedgerQuery& query) {
  CERTRELAY_TRY(auto reason, StatedReason::parse(call.reason));
  LedgerQueryRequest request{std::move(reason), query, LedgerSequence()};
  std::vector<Entry> out;
  while (true) {
    CERTRELAY_TRY(auto page, admin.query(request));
    out.insert(out.end(), page.entries.begin(), page.entries.end());
    if (!page.next) return out;
    request.after = *page.next;
  }
}

int ask_running(const CheckCall& call, const Shown& shown) {
  return run_admin(call.admin, [&](AdminClient& admin) -> Result<Said> {
    LedgerQuery query;
    query.document = shown.document;
    CERTRELAY_TRY(const auto named, query_all(admin, call, query));
    const auto intent = std::ranges::find_if(
        named, [&](const Entry& entry) { return issues(entry, shown.document); });
    std::vector<Entry> entries;
    if (intent != named.end()) {
      LedgerQuery whole;
      whole.transaction = intent->transaction;
      CERTRELAY_TRY(entries, query_all(admin, call, whole));
    }
    const auto state = state_of(entries, shown.document, shown.file, SystemClock().utc_now());
    Said out;
    out.text = std::string(to_japanese(state)) + "\n";
    out.exit_code = state == DocumentState::kPrinted ? kExitDone : kExitRefused;
    return out;
  });
}

int run_check(const CheckCall& call) {
  if (call.seal.empty() == call.file.empty()) {
    fmt::print(stderr, "certificate check: --seal か PDFファイルのどちらか一つを指定します\n");
    return kExitUsage;
  }
  if (!call.state.empty() && !call.admin.config.empty()) {
    fmt::print(stderr, "certificate check: --state か --config のどちらか一つを指定します\n");
    return kExitUsage;
  }
  if (!call.admin.config.empty() && (call.admin.as.empty() || call.reason.empty())) {
    fmt::print(stderr, "certificate check: --as と --reason が必要です\n");
    return kExitUsage;
  }
  const auto shown = judged(call);
  if (!shown) return kExitRefused;
  if (!call.state.empty()) return ask_stopped(call, *shown);
  if (!call.admin.config.empty()) return ask_running(call, *shown);
  fmt::print(
      "取り消された文書でないかは、提供記録（--config または --state）に尋ねると分かります。\n");
  return kExitDone;
}

}  // namespace

void add_document_check_command(CLI::App& root, int& exit_code) {
  auto* certificate = root.get_subcommand("certificate");
  auto* command = certificate->add_subcommand(
      "check", "印字された証明印（QRコードの文字列）または署名されたPDFを確かめる");
  auto call = std::make_shared<CheckCall>();
  add_admin_options(*command, call->admin);
  for (const auto* name : {"--config", "--as"}) command->get_option(name)->required(false);
  command->add_option("file", call->file, "署名されたPDF");
  command->add_option("--seal", call->seal, "読み取った文字列（CRS1:…）。- は標準入力から");
  command->add_option("--certificate", call->certificate, "市区町村の署名用証明書（PEM）")
      ->required();
  command->add_option("--state", call->state,
                      "停止中のサーバの state_dir（取消しの有無も確かめる）");
  command->add_option("--reason", call->reason, "処理事由（--config で提供記録に尋ねるとき）");
  command->callback([call, &exit_code] { exit_code = run_check(*call); });
}

}  // namespace certrelay
