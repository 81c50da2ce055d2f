#include "relay/ledger/reports/report_words.hpp"

#include <algorithm>
#include <array>

namespace certrelay {
namespace {

template <class Key, std::size_t N>
std::string_view word_of(const std::array<std::pair<Key, std::string_view>, N>& table,
                         const Key& key) {
  const auto* found = std::ranges::find(table, key, &std::pair<Key, std::string_view>::first);
  return found == table.end() ? std::string_view() : found->second;
}

using Reason = std::pair<ErrorCode, std::string_view>;
constexpr auto kReasons = std::to_array<Reason>({
    {ErrorCode::kCertificateExpired, "電子証明書の有効期間が満了しているもの"},
    {ErrorCode::kCertificateNotYetValid, "電子証明書の有効期間が始まっていないもの"},
    {ErrorCode::kCardRevoked, "電子証明書が失効しているもの"},
    {ErrorCode::kCardOnHold, "電子証明書が一時保留中のもの"},
    {ErrorCode::kCardStatusUnknown, "失効情報を確認できないもの"},
    {ErrorCode::kCrlExpired, "失効情報の期限が過ぎているもの"},
    {ErrorCode::kCardSignature, "電子署名が一致しないもの"},
    {ErrorCode::kCardSignatureForm, "電子署名の形式が正しくないもの"},
    {ErrorCode::kCardSignedChallenge, "チャレンジだけに署名したもの"},
    {ErrorCode::kSignedOtherTransaction, "別の取引への電子署名によるもの"},
    {ErrorCode::kSignedOtherKiosk, "別の端末での取引への電子署名によるもの"},
    {ErrorCode::kSignedOtherPeer, "別の接続相手の取引への電子署名によるもの"},
    {ErrorCode::kIssuerUnknown, "発行者を確認できないもの"},
    {ErrorCode::kIssuerKeyDiffers, "発行者の鍵が一致しないもの"},
    {ErrorCode::kIssuerOfOtherPurpose, "署名用電子証明書の発行者によるもの"},
    {ErrorCode::kCardOfOtherPurpose, "署名用電子証明書によるもの"},
    {ErrorCode::kCardGeneration, "証明書ポリシーと暗号方式の組合せが認められないもの"},
    {ErrorCode::kRegisterNotReady, "証明書情報が使用できない状態のもの"},
    {ErrorCode::kUnknownCard, "証明書情報に登録のないカード"},
    {ErrorCode::kSerialOfAnotherIssuer, "別の発行者の証明書番号と同じ番号のもの"},
    {ErrorCode::kUnknownPerson, "証明書情報に登録のない方"},
    {ErrorCode::kRegisterChanged, "手続中に異動があったもの"},
    {ErrorCode::kStepExpired, "手続の制限時間を過ぎたもの"},
    {ErrorCode::kAnswerTooLate, "回答の制限時間に間に合わなかったもの"},
    {ErrorCode::kTransactionsFull, "混雑のため受け付けなかったもの"},
    {ErrorCode::kOutsideHours, "取扱時間外のもの"},
    {ErrorCode::kKindNotOffered, "取り扱っていない証明書"},
    {ErrorCode::kIssuingStopped, "警報または操作による交付停止中のもの"},
    {ErrorCode::kWrongMunicipality, "他の市区町村あてのもの"},
    {ErrorCode::kClockDoubted, "サーバーの時計を確認できない間のもの"},
    {ErrorCode::kKnownTransaction, "使用済みの取引番号によるもの"},
    {ErrorCode::kChallengeUsed, "使用済みのチャレンジによるもの"},
    {ErrorCode::kUnderFifteen, "15歳未満の方からのもの"},
    {ErrorCode::kLinkNotYetValid, "カードの利用開始日前のもの"},
    {ErrorCode::kApplicantGateClosed, "窓口でのご案内となるもの（申請者）"},
    {ErrorCode::kHouseholdGateClosed, "窓口でのご案内となるもの（世帯）"},
    {ErrorCode::kTooManyMembers, "窓口でのご案内となるもの（世帯員数）"},
    {ErrorCode::kAllMembersClosed, "窓口でのご案内となるもの（世帯員）"},
    {ErrorCode::kHouseholdChanged, "手続中に世帯の内容が変わったもの"},
    {ErrorCode::kGlyphMissing, "印字できない文字があるもの"},
    {ErrorCode::kTextTooLong, "文字数が様式を超えるもの"},
    {ErrorCode::kReadbackMismatch, "読み戻し照合が一致しないもの"},
    {ErrorCode::kDocumentNotAsked, "請求と異なる内容を検知したもの"},
    {ErrorCode::kHandshakeFailed, "接続相手を確認できないもの"},
    {ErrorCode::kBadSignature, "署名が正しくないもの"},
    {ErrorCode::kManifestMalformed, "目録の形式が正しくない抽出データ"},
    {ErrorCode::kForeignExtract, "他の市区町村の抽出データ"},
    {ErrorCode::kSchemaVersion, "対応していない版の抽出データ"},
    {ErrorCode::kOldGeneration, "適用中より新しくない世代の抽出データ"},
    {ErrorCode::kForbiddenItem, "受け取ってはならない項目を含むもの"},
    {ErrorCode::kUnknownItem, "定義にない項目を含むもの"},
    {ErrorCode::kExtractInvalid, "抽出データの規則に反するもの"},
    {ErrorCode::kExtractIncomplete, "長さが目録と合わない抽出データ"},
    {ErrorCode::kChangeMalformed, "内容を読み取れない異動"},
    {ErrorCode::kChangeGap, "異動の欠番"},
    {ErrorCode::kChangeConflict, "反映済みの通番に別の内容を送った異動"},
    {ErrorCode::kChangeQuarantined, "反映できず隔離した異動"},
    {ErrorCode::kChangeKeyUnknown, "現在の鍵で暗号化されていない異動"},
    {ErrorCode::kOverlayFull, "異動の件数が上限に達したもの"},
    {ErrorCode::kOverlayFailed, "異動の書込みに失敗したもの"},
    {ErrorCode::kChangesNotContained, "反映済みの異動を含まない抽出データ"},
    {ErrorCode::kHeartbeatBehind, "通番が戻っている死活通知"},
    {ErrorCode::kPromiseInvalid, "期間が正しくない異動なしの宣言"},
    {ErrorCode::kNotHeld, "停止していない方の停止解除"},
    {ErrorCode::kStepInProgress, "同じ処理の進行中に重ねて行われたもの"},
    {ErrorCode::kErasureBusy, "取込み中などで行えない消去"},
    {ErrorCode::kPersonInUse, "手続中の方の消去"},
    {ErrorCode::kPersonOnRegister, "消除されていない方の消去"},
    {ErrorCode::kErasureUnfinished, "前の消去が終わっていないもの"},
    {ErrorCode::kUnknownExtract, "受付のない抽出データ"},
    {ErrorCode::kExtractState, "抽出データの状態に合わない操作"},
    {ErrorCode::kImportKeyGone, "受付の期限が過ぎた抽出データ"},
    {ErrorCode::kWrongGeneration, "適用中の世代と異なるもの"},
    {ErrorCode::kStatementStale, "送信時刻が正しくないもの"},
    {ErrorCode::kRegisterBusy, "受付中の抽出データが上限に達したもの"},
    {ErrorCode::kDeletionsAboveShare, "消除の割合が上限を超えるもの"},
    {ErrorCode::kExtractShrank, "ファイルが著しく小さくなったもの"},
    {ErrorCode::kOlderGeneration, "適用中より古い世代の抽出データ"},
    {ErrorCode::kApprovalDenied, "否認された抽出データ"},
    {ErrorCode::kExtractDiscarded, "送信元が取り下げた抽出データ"},
    {ErrorCode::kNotPending, "承認待ちでない抽出データ"},
    {ErrorCode::kBaseChanged, "比較した世代が置き換わった抽出データ"},
    {ErrorCode::kStepConflict, "手続の順序または内容が合わないもの"},
    {ErrorCode::kUnknownHandle, "一覧にない世帯員を選んだもの"},
    {ErrorCode::kClosedHandle, "交付できない世帯員を選んだもの"},
    {ErrorCode::kWrongEntries, "記載事項の指定が正しくないもの"},
    {ErrorCode::kWrongPurpose, "用途の指定が正しくないもの"},
    {ErrorCode::kInquiryDigestDiffers, "問合せの回答と合わない選択"},
    {ErrorCode::kNotSelectable, "選択できない項目を選んだもの"},
    {ErrorCode::kLedgerFull, "提供記録の書込みが滞っている間のもの"},
    {ErrorCode::kLedgerNotWritable, "提供記録に書き込めない間のもの"},
    {ErrorCode::kLedgerReserve, "ディスクの空きが不足している間のもの"},
    {ErrorCode::kPeriodInvalid, "期間の指定が正しくないもの"},
    {ErrorCode::kReportUnknown, "定義のない報告書"},
    {ErrorCode::kDateNotPrintable, "和暦で表せない日付があるもの"},
    {ErrorCode::kPeerUnknown, "登録のない接続相手"},
    {ErrorCode::kKindSuspended, "休止中の証明書"},
    {ErrorCode::kStoppedByOperator, "操作による交付停止中のもの"},
    {ErrorCode::kOperatorUnknown, "登録のない利用者"},
    {ErrorCode::kOperatorRevoked, "権限が失効した利用者"},
    {ErrorCode::kOperatorEnded, "有効期限が過ぎた利用者"},
    {ErrorCode::kRoleNotAllowed, "権限のない操作"},
    {ErrorCode::kActionUnknown, "定義のない操作"},
    {ErrorCode::kActionExpired, "期限が過ぎた申請"},
    {ErrorCode::kActionUsed, "使用済みの申請番号"},
    {ErrorCode::kSamePerson, "申請者本人による承認"},
    {ErrorCode::kForeignSignature, "本人の承認鍵によらない署名"},
    {ErrorCode::kActionNotPending, "承認待ちでない申請"},
    {ErrorCode::kOwnAccount, "自分自身の権限の承認"},
    {ErrorCode::kAlarmDiffers, "現在の警報と異なる解除"},
    {ErrorCode::kNothingToDo, "すでにその状態にあるもの"},
    {ErrorCode::kTerminalMissing, "登録のない管理端末"},
    {ErrorCode::kOperatorTooFast, "呼出しが多すぎるもの"},
    {ErrorCode::kPasswordWrong, "パスワードが異なるログイン"},
    {ErrorCode::kCodeWrong, "確認コードが異なるログイン"},
    {ErrorCode::kLoginLocked, "一時停止中のログイン"},
});

std::string two_digits(std::int64_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

}  // namespace

std::string_view words(CertificateKind kind) {
  return kind == CertificateKind::kJuminhyo ? "住民票の写し" : "住民票記載事項証明書";
}

std::string_view words(RecordedEvent event) {
  switch (event) {
    case RecordedEvent::kPrinted:
      return "印刷完了";
    case RecordedEvent::kCancelled:
      return "取消し";
    case RecordedEvent::kJammed:
      return "紙詰まり";
    case RecordedEvent::kTimedOut:
      return "時間切れ";
    case RecordedEvent::kLeftBehind:
      return "取り忘れ";
    case RecordedEvent::kRefunded:
      return "返金済み";
  }
  return "不明";
}

std::string_view words(Affiliation affiliation) {
  switch (affiliation) {
    case Affiliation::kStaff:
      return "職員";
    case Affiliation::kDispatched:
      return "派遣";
    case Affiliation::kContractor:
      return "委託";
    case Affiliation::kSubcontract:
      return "再委託";
  }
  return "不明";
}

std::string_view words(OperatorRole role) {
  switch (role) {
    case OperatorRole::kClerk:
      return "担当者";
    case OperatorRole::kCityAdministrator:
      return "市の管理者";
    case OperatorRole::kCenterHead:
      return "センター長";
    case OperatorRole::kAuditor:
      return "監査人";
    case OperatorRole::kVendor:
      return "委託事業者";
  }
  return "不明";
}

std::string_view words(AccountStatus status) {
  switch (status) {
    case AccountStatus::kActive:
      return "有効";
    case AccountStatus::kRevoked:
      return "失効";
    case AccountStatus::kEnded:
      return "期限終了";
  }
  return "不明";
}

std::string refusal_words(ErrorCode reason) {
  auto known = word_of(kReasons, reason);
  const auto number = static_cast<unsigned>(reason);
  if (known.empty())
    known = number >= 100 && number < 200 ? "電子証明書の検証によるもの" : "その他";
  return std::string(known) + "（" + std::to_string(number) + "）";
}

std::string japanese_time(UtcTime time) {
  const std::chrono::year_month_day day(jst_day(time));
  const auto minutes = std::chrono::floor<std::chrono::minutes>(jst_time_of_day(time)).count();
  return std::to_string(static_cast<int>(day.year())) + "年" +
         std::to_string(static_cast<unsigned>(day.month())) + "月" +
         std::to_string(static_cast<unsigned>(day.day())) + "日 " + two_digits(minutes / 60) +
         "時" + two_digits(minutes % 60) + "分";
}

std::string grouped(std::uint64_t number) {
  auto out = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(out.size()) - 3; at > 0; at -= 3) {
    out.insert(static_cast<std::size_t>(at), ",");
  }
  return out;
}

}  // namespace certrelay
