#include "firmware/ctl/say_failure.hpp"

#include <fmt/core.h>

#include "firmware/client/signed_exchange.hpp"
#include "firmware/ctl/outcome.hpp"

namespace certrelay {
namespace {

std::string words_of_unusable(const Error& error) {
  switch (error.code) {
    case ErrorCode::kWrongPassphrase:
      return "パスフレーズが違います。";
    case ErrorCode::kNotFound:
      return "ファイルがありません。名前の綴りと置き場所を確かめてください。";
    case ErrorCode::kAlreadyExists:
      return "すでにあります。上書きはしませんので、別の名前を指定してください。";
    case ErrorCode::kIoError:
      return "読み書きできません。フォルダーの有無、権限、ディスクを確かめてください。";
    case ErrorCode::kDiskFull:
      return "ディスクの空きが足りません。空きを作ってから、もう一度行ってください。";
    case ErrorCode::kKeyUnusable:
      return "鍵として使えません。暗号化されたEd25519の鍵（公開鍵はその公開鍵）のPEMを"
             "指定してください。";
    case ErrorCode::kTokenUnusable:
    case ErrorCode::kTokenFailed:
      return "トークンを使用できません。接続、設定ファイルの名称、暗証番号を確認してください"
             "（暗証番号を繰り返し誤ると、ロックされることがあります）。";
    default:
      return fmt::format("{}（エラー {}）", error.where, static_cast<unsigned>(error.code));
  }
}

// What the sender can look at himself; the register tells nobody more.
std::string_view hint_of(ProblemCode code) {
  if (code != ProblemCode::kStatementRefused) return "";
  return "\n  連携元の署名鍵とmanifest.jsonの市区町村コードが中継サーバーの設定と同じか、"
         "この端末の時計が合っているか（ずれは60秒まで）を確かめてください。";
}

}  // namespace

SaidFailure unusable(std::string_view what, const Error& error) {
  return {std::string(what),
          {},
          words_of_unusable(error),
          error.code == ErrorCode::kCannotReach ? kExitCannotReach : kExitUsage};
}

SaidFailure failure(std::string_view step, const Error& error,
                    const std::optional<Problem>& problem) {
  SaidFailure out{std::string(step), {}, {}, kExitRefused};
  if (error.code == ErrorCode::kRefusedByServer && problem) {
    out.problem = to_text(problem->code);
    out.text = fmt::format("拒否されました: {}\n  {}{}", out.problem,
                           problem->detail.empty() ? problem->title : problem->detail,
                           hint_of(problem->code));
    return out;
  }
  const bool no_answer = is_no_answer(error.code) || error.code == ErrorCode::kTlsFailed;
  if (no_answer) out.exit_code = kExitCannotReach;
  out.text = fmt::format("{}: {}（エラー {}）", no_answer ? "応答がありません" : "失敗しました",
                         error.where, static_cast<unsigned>(error.code));
  return out;
}

int say(const SaidFailure& said, bool json) {
  Outcome out{said.exit_code, "certrelayctl: ", {}};
  if (!said.step.empty()) {
    out.text += said.step + ": ";
    out.json["step"] = said.step;
  }
  out.text += said.text;
  if (!said.problem.empty()) out.json["problem"] = said.problem;
  return tell(out, json);
}

}  // namespace certrelay
