#include "relay/registry/registry_problem.hpp"

#include <algorithm>
#include <array>

namespace certrelay {
namespace {

struct Row {
  ErrorCode inner;
  ProblemCode outer;
  std::string_view detail;
};

constexpr std::array kRows{
    Row{ErrorCode::kNoSuchCall, ProblemCode::kNotFound, "この呼び出しはありません。"},
    Row{ErrorCode::kUnknownExtract, ProblemCode::kNotFound,
        "この番号の送信はありません。初めから送信してください。"},
    Row{ErrorCode::kStatementMissing, ProblemCode::kStatementRefused,
        "署名文（Certrelay-Statement）がありません。"},
    Row{ErrorCode::kUnknownSigner, ProblemCode::kStatementRefused,
        "登録されていない鍵による署名です。"},
    Row{ErrorCode::kBadSignature, ProblemCode::kStatementRefused, "署名が正しくありません。"},
    Row{ErrorCode::kStatementStale, ProblemCode::kStatementRefused,
        "署名の時刻が60秒以上ずれているか、前回より進んでいません。時計を確認してください。"},
    Row{ErrorCode::kWrongGeneration, ProblemCode::kStatementRefused,
        "署名文の世代番号が抽出データと違います。"},
    Row{ErrorCode::kForeignExtract, ProblemCode::kWrongMunicipality,
        "別の市区町村の抽出データです。"},
    Row{ErrorCode::kManifestMalformed, ProblemCode::kExtractRejected,
        "manifest.jsonの形式が正しくありません。extract inspectで確認してください。"},
    Row{ErrorCode::kSchemaVersion, ProblemCode::kExtractRejected,
        "schema_versionが違います。送信元のプログラムを更新してください。"},
    Row{ErrorCode::kOldGeneration, ProblemCode::kExtractRejected,
        "世代番号を現在より大きくしてください。"},
    Row{ErrorCode::kUnknownItem, ProblemCode::kExtractRejected, "定義にないファイルがあります。"},
    Row{ErrorCode::kForbiddenItem, ProblemCode::kExtractRejected,
        "個人番号を保有しない設定です。individual_numberのない抽出データを送信してください。"},
    Row{ErrorCode::kExtractIncomplete, ProblemCode::kExtractRejected,
        "manifest.jsonの長さより多く送信されました。"},
    Row{ErrorCode::kLimitExceeded, ProblemCode::kTooLarge, "上限を超えています。"},
    Row{ErrorCode::kWrongOffset, ProblemCode::kConflict, "Upload-Offsetの位置から続けてください。"},
    Row{ErrorCode::kExtractState, ProblemCode::kConflict,
        "今の状態ではできません。状態を確認してください。"},
    Row{ErrorCode::kImportKeyGone, ProblemCode::kAnswerGone,
        "受信用の鍵の期限が切れました。初めから送信してください。"},
    Row{ErrorCode::kChangeMalformed, ProblemCode::kChangeRejected,
        "異動の形式が正しくありません。直して、同じ番号で送信してください。それまで交付を停止します"
        "。"},
    Row{ErrorCode::kChangeConflict, ProblemCode::kConflict,
        "この番号の異動は、別の内容で受け付け済みです。"},
    Row{ErrorCode::kAnswerGone, ProblemCode::kConflict,
        "この番号の異動は受け付け済みです。消去した人の内容を含むため、照合はできません。次の番号か"
        "ら続"
        "け、確かめるには照合（reconciliations）をしてください。"},
    Row{ErrorCode::kChangeKeyUnknown, ProblemCode::kAnswerGone,
        "封緘の鍵が古いか、送信内容が壊れています。GET /v1/registerの鍵で送信してください。"},
    Row{ErrorCode::kChangesNotContained, ProblemCode::kExtractRejected,
        "適用済みの異動がこの抽出データに含まれていません。base_generationとlast_changeを確認し、"
        "抽出し直してください。"},
    Row{ErrorCode::kHeartbeatBehind, ProblemCode::kConflict,
        "受け付け済みの番号より小さい番号です。送信元の通番を確認してください。"},
    Row{ErrorCode::kPromiseInvalid, ProblemCode::kBadRequest,
        "complete_untilは送信時刻より後、8日以内にしてください。"},
    Row{ErrorCode::kOverlayFull, ProblemCode::kOverloaded,
        "異動の件数が上限に達しました。全件の抽出データを送信してください。"},
    Row{ErrorCode::kOverlayFailed, ProblemCode::kOverloaded,
        "異動を書き込めません。サーバーを再起動してください。"},
    Row{ErrorCode::kChangeInProgress, ProblemCode::kOverloaded,
        "この異動は処理中です。少し待って、もう一度送信してください。"},
    Row{ErrorCode::kRegisterNotReady, ProblemCode::kOverloaded,
        "適用中の抽出データがありません。先に全件の抽出データを送信してください。"},
    Row{ErrorCode::kBaseChanged, ProblemCode::kConflict,
        "検査の後に別の世代が適用されました。もう一度送信してください。"},
    Row{ErrorCode::kDiskFull, ProblemCode::kOverloaded, "サーバーの空き容量を確認してください。"},
};

constexpr std::array kMalformedCodes{
    ErrorCode::kMalformed,      ErrorCode::kTrailingBytes, ErrorCode::kInvalidUtf8,
    ErrorCode::kDuplicateName,  ErrorCode::kUnknownMember, ErrorCode::kMissingMember,
    ErrorCode::kWrongType,      ErrorCode::kDigestMissing, ErrorCode::kDigestMismatch,
    ErrorCode::kDuplicateValue,
};

Row row_of(ErrorCode reason) {
  const auto* row = std::find_if(kRows.begin(), kRows.end(),
                                 [&](const Row& known) { return known.inner == reason; });
  if (row != kRows.end()) return *row;
  const bool malformed =
      std::find(kMalformedCodes.begin(), kMalformedCodes.end(), reason) != kMalformedCodes.end();
  if (malformed) return {reason, ProblemCode::kBadRequest, "要求の形式が正しくありません。"};
  return {reason, ProblemCode::kOverloaded, "時間をおいてもう一度送信してください。"};
}

}  // namespace

HttpAnswer gap_problem(std::uint64_t expected) {
  return problem_answer({ProblemCode::kSequenceGap, problem_text(ProblemCode::kSequenceGap, ""),
                         std::nullopt,
                         "次に必要な異動の番号は" + std::to_string(expected) + "です。"});
}

HttpAnswer registry_problem(ErrorCode reason) {
  const auto row = row_of(reason);
  auto answer = problem_answer(
      {row.outer, problem_text(row.outer, ""), std::nullopt, std::string(row.detail)});
  if (retry_of(row.outer) == Retry::kSameRequest) {
    answer.headers.push_back({"retry-after", "10"});
  }
  return answer;
}

}  // namespace certrelay
