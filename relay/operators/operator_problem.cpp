#include "relay/operators/operator_problem.hpp"

#include <algorithm>
#include <array>

namespace certrelay {
namespace {

struct Row {
  ErrorCode inner;
  ProblemCode outer;
  std::string_view mend;
};

using enum ProblemCode;

// One sentence for every way not to be let in: whoever guesses learns nothing of what was right.
constexpr std::string_view kNotLetIn =
    "利用者ID、パスワードまたは確認コードが正しくないか、失敗が続いたため一時的に停止しています。";

constexpr std::string_view kNoSession = "ログインし直してください。";

constexpr auto kRows = std::to_array<Row>({
    // Who
    {ErrorCode::kOperatorUnknown, kNotAllowed, "この証明書の利用者は登録されていません。"},
    {ErrorCode::kTerminalMissing, kNotAllowed, "管理端末として登録されていない接続です。"},
    {ErrorCode::kOperatorRevoked, kNotAllowed, "この利用者の権限は失効しています。"},
    {ErrorCode::kOperatorEnded, kNotAllowed, "この利用者の有効期限が過ぎています。"},
    {ErrorCode::kRoleNotAllowed, kNotAllowed, "この操作に必要な権限がありません。"},
    // Logging in
    {ErrorCode::kPasswordWrong, kNotAllowed, kNotLetIn},
    {ErrorCode::kPasswordMissing, kNotAllowed, kNotLetIn},
    {ErrorCode::kCodeWrong, kNotAllowed, kNotLetIn},
    {ErrorCode::kCodeReplayed, kNotAllowed, kNotLetIn},
    {ErrorCode::kLoginNameDiffers, kNotAllowed, kNotLetIn},
    {ErrorCode::kLoginLocked, kNotAllowed, kNotLetIn},
    {ErrorCode::kPasswordUnfit, kConflict,
     "新しいパスワードは12文字以上・5種類以上の文字で、利用者IDと現在のパスワードを含まないものに"
     "してください。"},
    {ErrorCode::kStatementStale, kConflict,
     "署名の時刻が正しくありません。端末の時計を確認し、改めて実行してください。"},
    {ErrorCode::kNoEnrolment, kConflict, "確認コードの登録が始まっていません。"},
    {ErrorCode::kSessionMissing, kNotAllowed, kNoSession},
    {ErrorCode::kSessionUnknown, kNotAllowed, kNoSession},
    {ErrorCode::kSessionIdle, kNotAllowed, kNoSession},
    {ErrorCode::kSessionOver, kNotAllowed, kNoSession},
    {ErrorCode::kSessionStale, kNotAllowed, kNoSession},
    {ErrorCode::kSessionForeign, kNotAllowed, kNoSession},
    {ErrorCode::kCsrfTokenWrong, kNotAllowed, "この画面からの操作と確認できません。"},
    // What was signed
    {ErrorCode::kForeignSignature, kNotAllowed, "操作者本人の承認鍵による署名ではありません。"},
    {ErrorCode::kBadSignature, kNotAllowed, "署名が正しくありません。内容が変わっています。"},
    {ErrorCode::kActionExpired, kNotAllowed, "申請の期限が過ぎています。改めて申請してください。"},
    {ErrorCode::kActionLifetime, kNotAllowed, "申請の期限が長すぎます。24時間以内にしてください。"},
    {ErrorCode::kActionUsed, kConflict, "この申請番号は使用済みです。改めて申請してください。"},
    {ErrorCode::kClockDoubted, kConflict,
     "サーバーの時計を確認できません。時刻を確認してください。"},
    // The second person
    {ErrorCode::kSamePerson, kNotAllowed, "申請者本人は承認できません。別の人が承認してください。"},
    {ErrorCode::kOwnAccount, kNotAllowed, "自分自身の権限に関する申請は承認できません。"},
    {ErrorCode::kProposerGone, kConflict, "申請者の権限が失効しています。改めて申請してください。"},
    {ErrorCode::kActionNotPending, kConflict,
     "承認待ちの申請ではありません。一覧を確認してください。"},
    {ErrorCode::kActionsFull, kConflict, "申請が上限に達しています。承認待ちを処理してください。"},
    // What was asked for
    {ErrorCode::kActionUnknown, kBadRequest, "その操作はないか、指定する項目が違います。"},
    {ErrorCode::kNoSuchCall, kNotFound, "この呼び出しはありません。"},
    {ErrorCode::kAlarmDiffers, kConflict, "現在の警報と違います。警報を確認し直してください。"},
    {ErrorCode::kNothingToDo, kConflict,
     "すでにその状態か、対象がありません。状態を確認してください。"},
    {ErrorCode::kKindNotOffered, kConflict, "その証明書は取り扱っていません。"},
    {ErrorCode::kUnknownPerson, kConflict, "その番号の人は登録がないか、消去済みです。"},
    {ErrorCode::kPersonOnRegister, kConflict, "消除されていない人は消去できません。"},
    {ErrorCode::kPersonInUse, kConflict,
     "この人の手続きが進行中です。数分後に改めて申請してください。"},
    {ErrorCode::kErasureBusy, kConflict,
     "抽出の取込みか別の消去が進行中です。終わってから改めて申請してください。"},
    {ErrorCode::kErasureUnfinished, kConflict,
     "前の消去が終わっていません。サーバーの状態を確認してください。"},
    {ErrorCode::kNoErasureOrder, kConflict, "自動消去は設定されていません。"},
    {ErrorCode::kNotHeld, kConflict, "この人の交付は止められていません。"},
    {ErrorCode::kRegisterNotReady, kConflict, "住民記録の抽出がまだ取り込まれていません。"},
    {ErrorCode::kUnknownExtract, kConflict,
     "その受付番号の抽出データはありません。extract push の表示を確認してください。"},
    {ErrorCode::kNotPending, kConflict,
     "承認待ちの抽出データではありません。状態を確認してください。"},
    {ErrorCode::kOldGeneration, kConflict,
     "現在の登録より新しい世代ではありません。抽出データを作り直してください。"},
    {ErrorCode::kBaseChanged, kConflict,
     "比較した登録が置き換わっています。抽出データを送り直してください。"},
    {ErrorCode::kChangesNotContained, kConflict,
     "反映済みの変更が含まれていません。抽出データを作り直してください。"},
    {ErrorCode::kPeriodInvalid, kBadRequest,
     "期間の指定が正しくないか、その期間の記録がありません。"},
    {ErrorCode::kUnknownTransaction, kConflict,
     "その取引番号は記録にありません。ledger query の表示を確認してください。"},
    {ErrorCode::kReportUnknown, kBadRequest, "その報告書はないか、確認済みにできない報告書です。"},
    {ErrorCode::kStatementInvalid, kConflict,
     "提供記録の内容と一致しません。最新の内容を確認し直してください。"},
    {ErrorCode::kRetentionNotOver, kConflict,
     "廃棄できる記録がありません。保存期間が過ぎていないか、効力の残る記録が含まれています。"},
    {ErrorCode::kEntryPruned, kConflict, "保存期間を過ぎて廃棄された記録です。"},
    {ErrorCode::kNotFound, kConflict,
     "結果は保持されていません（1時間で消えます）。改めて申請してください。"},
    {ErrorCode::kOperatorExists, kConflict, "その利用者IDまたは鍵は登録されたことがあります。"},
    {ErrorCode::kOperatorsFull, kConflict,
     "利用者数の上限です。先に不要な利用者を失効させてください。"},
    {ErrorCode::kOperatorInvalid, kConflict,
     "所属、役割または有効期限の組合せが規則に合いません。"},
    {ErrorCode::kLastCenterHead, kConflict,
     "最後のセンター長は失効できません。後任を先に登録してください。"},
    {ErrorCode::kKeyUnusable, kBadRequest, "承認鍵が正しくありません（Ed25519の公開鍵）。"},
    {ErrorCode::kLimitExceeded, kTooLarge, "上限を超えています。"},
    {ErrorCode::kSelfTestFailed, kConflict,
     "自己検査で取り違えを検知しました。警報が発生し、交付は停止しています。"},
    {ErrorCode::kStepInProgress, kConflict,
     "自己検査が進行中です。終わってから改めて実行してください（数分かかることがあります）。"},
    {ErrorCode::kVaultNotServing, kOverloaded,
     "終わる前にサーバーが停止しました。起動してから改めて実行してください。"},
    {ErrorCode::kOperatorTooFast, kOverloaded, "呼び出しが多すぎます。1分後にお試しください。"},
});

constexpr std::array kMalformedCodes{
    ErrorCode::kMalformed,      ErrorCode::kTrailingBytes, ErrorCode::kInvalidUtf8,
    ErrorCode::kDuplicateName,  ErrorCode::kUnknownMember, ErrorCode::kMissingMember,
    ErrorCode::kWrongType,      ErrorCode::kDigestMissing, ErrorCode::kDigestMismatch,
    ErrorCode::kDuplicateValue,
};

Row row_of(ErrorCode reason) {
  const auto* row =
      std::ranges::find_if(kRows, [&](const Row& known) { return known.inner == reason; });
  if (row != kRows.end()) return *row;
  if (std::ranges::find(kMalformedCodes, reason) != kMalformedCodes.end()) {
    return {reason, kBadRequest, "要求の形式が正しくありません。"};
  }
  return {reason, kOverloaded, "記録または保存ができません。サーバーの状態を確認してください。"};
}

}  // namespace

HttpAnswer operator_problem(ErrorCode reason) {
  const auto row = row_of(reason);
  auto answer =
      problem_answer({row.outer, problem_text(row.outer, ""), std::nullopt, std::string(row.mend)});
  // Longer than what a client waits for by itself: a person decides.
  if (retry_of(row.outer) == Retry::kSameRequest) answer.headers.push_back({"retry-after", "60"});
  return answer;
}

std::string_view operator_mend(ErrorCode reason) { return row_of(reason).mend; }

}  // namespace certrelay
