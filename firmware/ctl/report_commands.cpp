// certrelayctl report: shows and signs off the reports.
#include <fmt/core.h>
#include <unistd.h>

#include <iostream>

#include "firmware/ctl/admin_session.hpp"
#include "firmware/ctl/commands.hpp"
#include "protocol/base/utf8.hpp"
#include "relay/env/posix_files.hpp"

namespace certrelay {
namespace {

struct ReportCall {
  AdminOptions admin;
  std::string reason;
  std::string report;
  std::string period;
  std::string format = "text";
  std::string out;
  bool yes = false;
};

Result<Bytes> fetch(AdminClient& admin, const ReportCall& call, std::string format) {
  CERTRELAY_TRY(auto reason, StatedReason::parse(call.reason));
  return admin.report({std::move(reason), call.report, call.period, std::move(format)});
}

Result<Said> show(AdminClient& admin, const ReportCall& call) {
  CERTRELAY_TRY(auto bytes, fetch(admin, call, call.format));
  if (call.out.empty()) {
    if (call.format == "pdf") return Said{"PDFは --out で書き出し先を指定してください。\n", {}, 2};
    return Said{std::string(as_text(bytes)), bytes};
  }
  PosixFiles files;
  CERTRELAY_TRY(files.write_durably(call.out, bytes));
  return Said{call.out + " を書き出しました。\n", {}};
}

// The last line of the text names what is confirmed: "照合値: " and 64 digits.
Result<std::string> digest_in(std::string_view text) {
  constexpr std::string_view kLabel = "照合値: ";
  constexpr std::size_t kDigits = 64;
  const auto at = text.rfind(kLabel);
  if (at == std::string_view::npos || text.size() < at + kLabel.size() + kDigits) {
    return Error{ErrorCode::kReportUnknown, "report: not signed off"};
  }
  return std::string(text.substr(at + kLabel.size(), kDigits));
}

bool is_confirmed(bool yes) {
  if (yes) return true;
  if (::isatty(STDIN_FILENO) != 1) {
    fmt::print(stderr, "certrelayctl: 内容を確認のうえ --yes を付けて実行してください。\n");
    return false;
  }
  fmt::print(stderr, "この報告書の内容を確認しましたか（yes と入力）: ");
  std::string line;
  std::getline(std::cin, line);
  return line == "yes";
}

// What is signed is what was shown.
Result<Said> sign_off(AdminClient& admin, const ReportCall& call) {
  CERTRELAY_TRY(const auto bytes, fetch(admin, call, "text"));
  CERTRELAY_TRY(auto digest, digest_in(as_text(bytes)));
  fmt::print(stderr, "{}", as_text(bytes));
  if (!is_confirmed(call.yes)) return Said{"確認済みにしませんでした。\n", {}, 1};
  CERTRELAY_TRY(const auto report, admin.propose("report.sign_off",
                                                 {{"digest", std::move(digest)},
                                                  {"period", call.period},
                                                  {"report", call.report}},
                                                 call.reason));
  return say(report);
}

template <class Act>
CLI::App* add(CLI::App& group, const std::string& word, const std::string& text,
              const std::shared_ptr<ReportCall>& call, Act act, int& exit_code) {
  CLI::App* command = group.add_subcommand(word, text);
  add_admin_options(*command, call->admin);
  command->add_option("REPORT", call->report, "報告書の種類")
      ->required()
      ->check(CLI::IsMember({"daily", "monthly", "quarterly", "access", "annual"}));
  command
      ->add_option("PERIOD", call->period,
                   "対象期間: daily 2026-11-25、monthly 2026-10、quarterly と access "
                   "2026-Q3（年度と四半期）、annual 2026（年度）")
      ->required();
  command->add_option("--reason", call->reason, "処理事由（住民の氏名などは書かないでください）")
      ->required();
  command->callback([call, act, &exit_code] {
    exit_code = run_admin(call->admin, [&](AdminClient& admin) { return act(admin, *call); });
  });
  return command;
}

}  // namespace

void add_report_commands(CLI::App& root, int& exit_code) {
  CLI::App* report =
      root.add_subcommand("report", "報告書（未解決一覧、月次、四半期、利用者、年次）");
  report->require_subcommand(1);
  auto showing = std::make_shared<ReportCall>();
  CLI::App* command = add(*report, "show", "報告書を作成する", showing, show, exit_code);
  command->add_option("--format", showing->format, "形式")
      ->check(CLI::IsMember({"text", "csv", "pdf"}));
  command->add_option("--out", showing->out, "書き出し先のファイル");
  auto signing = std::make_shared<ReportCall>();
  CLI::App* sign =
      add(*report, "sign-off", "報告書を確認済みとして記録する", signing, sign_off, exit_code);
  sign->add_flag("--yes", signing->yes, "表示された内容を確認済みとする");
}

}  // namespace certrelay
