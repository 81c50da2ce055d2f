// certrelayctl ledger query: on a running relay through the operators' listener, or on the state of
// a stopped one.
#include <fmt/core.h>

#include "firmware/ctl/admin_session.hpp"
#include "firmware/ctl/admin_text.hpp"
#include "firmware/ctl/commands.hpp"
#include "firmware/ctl/ledger_report.hpp"
#include "firmware/ctl/ledger_text.hpp"
#include "firmware/ctl/say_failure.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_entropy.hpp"

namespace certrelay {
namespace {

struct QueryCall {
  AdminOptions admin;
  std::string state;
  std::string reason;
  std::string subject;
  std::string transaction;
  std::string document;
  std::string kiosk;
  std::string from;
  std::string until;
  std::string outcome;
  std::string format = "text";
};

// An option that is absent stays none; `parse` reads what is there.
template <class Parse>
auto given(const std::string& text, Parse parse)
    -> Result<std::optional<std::decay_t<decltype(parse(std::string_view()).value())>>> {
  using Value = std::decay_t<decltype(parse(std::string_view()).value())>;
  if (text.empty()) return std::optional<Value>();
  CERTRELAY_TRY(auto value, parse(text));
  return std::optional<Value>(std::move(value));
}

Result<LedgerQuery> query_of(const QueryCall& call) {
  LedgerQuery out;
  CERTRELAY_TRY(out.transaction, given(call.transaction, TransactionId::parse));
  CERTRELAY_TRY(out.document, given(call.document, DocumentId::parse));
  CERTRELAY_TRY(out.kiosk, given(call.kiosk, KioskId::parse));
  CERTRELAY_TRY(out.from, given(call.from, parse_from));
  CERTRELAY_TRY(out.until, given(call.until, parse_until));
  CERTRELAY_TRY(out.outcome, given(call.outcome, parse_entry_outcome));
  CERTRELAY_TRY(check(out));
  return out;
}

// Printed as they come, so that a long answer needs no memory.
Result<Said> ask(AdminClient& admin, const QueryCall& call, const LedgerQuery& query,
                 EntryFormat format) {
  CERTRELAY_TRY(auto reason, StatedReason::parse(call.reason));
  LedgerQueryRequest request{std::move(reason), query, LedgerSequence()};
  fmt::print("{}", heading_of(format));
  while (true) {
    CERTRELAY_TRY(const auto page, admin.query(request));
    for (const auto& entry : page.entries) fmt::print("{}", line_of(entry, format));
    if (!page.next) return Said{};
    request.after = *page.next;
  }
}

// R56: two persons; the answer is fetched with `ledger result` once the second one approved.
Result<Said> ask_for_subject(AdminClient& admin, const QueryCall& call) {
  CERTRELAY_TRY(const auto report,
                admin.propose("ledger.subject", {{"person", call.subject}}, call.reason));
  return say(report);
}

int read_stopped(const QueryCall& call, const LedgerQuery& query, EntryFormat format) {
  PosixFiles files;
  SystemEntropy entropy;
  const SqliteVfs vfs(files, entropy);
  auto store = LedgerStore::open_read_only(vfs, ledger_file(call.state));
  if (!store) {
    fmt::print(stderr, "{}\n", could_not_read(store.error()));
    return kExitRefused;
  }
  fmt::print("{}", heading_of(format));
  const auto finding =
      store.value().walk([&](const Entry& entry, ByteView, const ChainState&) -> Result<void> {
        if (matches(query, entry)) fmt::print("{}", line_of(entry, format));
        return ok();
      });
  if (!finding) {
    fmt::print(stderr, "{}\n", could_not_read(finding.error()));
    return kExitRefused;
  }
  if (!finding.value()) return 0;
  fmt::print(stderr,
             "certrelayctl: 記録 {} で検証に失敗しました。ledger verify で確認してください。\n",
             finding.value()->at.value());
  return kExitRefused;
}

int usage(std::string_view what) {
  fmt::print(stderr, "certrelayctl ledger query: {}\n", what);
  return kExitUsage;
}

int run_query(const QueryCall& call) {
  const bool stopped = !call.state.empty();
  if (stopped == !call.admin.config.empty()) {
    return usage(
        "停止中の記録は --state DIR、稼働中のサーバーは --config FILE "
        "のどちらか一つを指定します。");
  }
  if (stopped && !call.subject.empty()) {
    return usage("--subject は稼働中のサーバーにのみ指定できます（本人の鍵が必要です）。");
  }
  if (!stopped && (call.admin.as.empty() || call.reason.empty())) {
    return usage("--as と --reason が必要です。");
  }
  if (!call.subject.empty()) {
    return run_admin(call.admin, [&](AdminClient& admin) { return ask_for_subject(admin, call); });
  }
  const auto query = query_of(call);
  const auto format = parse_entry_format(call.format);
  if (!query || !format) return usage("検索の条件が正しくありません。--help を確認してください。");
  if (stopped) return read_stopped(call, query.value(), format.value());
  return run_admin(call.admin, [&](AdminClient& admin) {
    return ask(admin, call, query.value(), format.value());
  });
}

}  // namespace

void add_ledger_query_command(CLI::App& root, int& exit_code) {
  CLI::App* ledger = root.get_subcommand("ledger");
  CLI::App* command = ledger->add_subcommand("query", "提供記録を検索する");
  auto call = std::make_shared<QueryCall>();
  add_admin_options(*command, call->admin);
  for (const auto* name : {"--config", "--as"}) command->get_option(name)->required(false);
  command->add_option("--state", call->state, "サーバの state_dir（停止中であること）");
  command->add_option("--reason", call->reason, "処理事由（住民の氏名などは書かないでください）");
  command->add_option("--subject", call->subject,
                      "開示請求をした本人の番号（この連携のための11桁）。別の人の承認が必要です");
  command->add_option("--transaction", call->transaction, "取引番号");
  command->add_option("--document", call->document, "文書番号");
  command->add_option("--kiosk", call->kiosk, "端末の番号");
  command->add_option("--from", call->from, "この日（YYYY-MM-DD）または日時から");
  command->add_option("--until", call->until, "この日まで（その日を含む）、または日時の前まで");
  command->add_option("--outcome", call->outcome, "結果")
      ->check(CLI::IsMember({"provided", "refused", "printed", "not_printed", "unresolved"}));
  command->add_option("--format", call->format, "出力の形式")
      ->check(CLI::IsMember({"text", "csv", "jsonl"}));
  command->callback([call, &exit_code] { exit_code = run_query(*call); });
}

}  // namespace certrelay
