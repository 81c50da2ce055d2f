#include "protocol/record/reason_words.hpp"

#include <algorithm>

#include "protocol/base/words_table.hpp"

namespace certrelay {
namespace {

using ReasonRow = WordsRow<ErrorCode>;

constexpr auto kReasonRows = std::to_array<ReasonRow>({
    // the card
    {ErrorCode::kCertificateExpired, "電子証明書の有効期間の満了", "Card expired"},
    {ErrorCode::kCertificateNotYetValid, "有効期間が始まっていない電子証明書",
     "Card not yet valid"},
    {ErrorCode::kIssuerUnknown, "発行者を確認できない電子証明書", "Issuer unknown"},
    {ErrorCode::kIssuerKeyDiffers, "発行者の鍵の不一致", "Issuer's key differs"},
    {ErrorCode::kIssuerOfOtherPurpose, "署名用電子証明書の発行者による証明書",
     "Issuer of signing certificates"},
    {ErrorCode::kCardOfOtherPurpose, "署名用電子証明書の使用", "Signing certificate used"},
    {ErrorCode::kCardGeneration, "認められない証明書ポリシーと暗号方式の組合せ",
     "Policy and algorithm of two generations"},
    {ErrorCode::kCardRevoked, "電子証明書の失効", "Card revoked"},
    {ErrorCode::kCardOnHold, "電子証明書の一時保留", "Card on hold"},
    {ErrorCode::kCardStatusUnknown, "失効情報を確認できない電子証明書", "Card's status unknown"},
    {ErrorCode::kCrlExpired, "失効情報の期限切れ", "Revocation list expired"},
    {ErrorCode::kCrlTooOld, "古い失効情報", "Revocation list too old"},
    {ErrorCode::kCrlRollBack, "失効情報の巻き戻し", "Revocation list rolled back"},
    {ErrorCode::kCardSignature, "カードの電子署名の不一致", "Card's signature differs"},
    {ErrorCode::kCardSignatureForm, "カードの電子署名の形式の誤り", "Form of the card's signature"},
    {ErrorCode::kCardSignedChallenge, "チャレンジだけへの電子署名", "Challenge alone was signed"},
    {ErrorCode::kSignedOtherTransaction, "別の取引への電子署名", "Signed for another transaction"},
    {ErrorCode::kSignedOtherKiosk, "別の端末の取引への電子署名", "Signed for another kiosk"},
    {ErrorCode::kSignedOtherPeer, "別の接続相手の取引への電子署名", "Signed for another peer"},
    {ErrorCode::kIssuerRevoked, "失効した発行者の電子証明書", "Issuer revoked"},
    {ErrorCode::kOcspStatusUnknown, "有効性が不明な電子証明書", "Responder does not know the card"},
    {ErrorCode::kOcspNoAnswer, "OCSPレスポンダの無応答", "Responder did not answer"},
    // the source system's data
    {ErrorCode::kManifestMalformed, "抽出データの目録の形式の誤り", "Manifest malformed"},
    {ErrorCode::kForeignExtract, "他の市区町村の抽出データ", "Extract of another municipality"},
    {ErrorCode::kSchemaVersion, "対応していない版の抽出データ", "Extract of another version"},
    {ErrorCode::kOldGeneration, "適用中より新しくない世代の抽出データ", "Extract not newer"},
    {ErrorCode::kForbiddenItem, "受け取ってはならない項目の検出", "Forbidden item"},
    {ErrorCode::kUnknownItem, "定義にない項目の検出", "Unknown item"},
    {ErrorCode::kExtractInvalid, "抽出データの規則違反", "Extract breaks a rule"},
    {ErrorCode::kExtractIncomplete, "目録と異なる長さの抽出データ", "Extract incomplete"},
    {ErrorCode::kChangeMalformed, "異動の内容の読取り不能", "Change malformed"},
    {ErrorCode::kChangeGap, "異動の欠番", "Change missing"},
    {ErrorCode::kChangeConflict, "反映済みの通番での異なる異動", "Change conflicts"},
    {ErrorCode::kChangeQuarantined, "反映できない異動の隔離", "Change put aside"},
    {ErrorCode::kChangeKeyUnknown, "現在の鍵で暗号化されていない異動",
     "Change sealed to another key"},
    {ErrorCode::kOverlayFull, "異動の件数の上限", "Too many changes"},
    {ErrorCode::kOverlayFailed, "異動の書込みの失敗", "Change not written"},
    {ErrorCode::kChangesNotContained, "反映済みの異動を含まない抽出データ",
     "Extract lacks changes in force"},
    {ErrorCode::kHeartbeatBehind, "死活通知の通番の後退", "Heartbeat behind"},
    {ErrorCode::kPromiseInvalid, "異動なしの宣言の期間の誤り", "Promise invalid"},
    {ErrorCode::kNotHeld, "停止していない方の停止解除", "No hold to release"},
    {ErrorCode::kErasureBusy, "取込み中などで行えない消去", "Erasure must wait"},
    {ErrorCode::kPersonInUse, "手続中の方の消去", "Person in a transaction"},
    {ErrorCode::kPersonOnRegister, "消除されていない方の消去", "Person still on the register"},
    {ErrorCode::kErasureUnfinished, "前の消去の未完了", "Earlier erasure unfinished"},
    {ErrorCode::kNoErasureOrder, "自動消去の指示がない消去", "No standing order"},
    {ErrorCode::kUnknownExtract, "受付のない抽出データ", "Unknown extract"},
    {ErrorCode::kExtractState, "抽出データの状態に合わない操作",
     "Not in that state of the extract"},
    {ErrorCode::kWrongOffset, "抽出データの送信位置の不一致", "Upload continues elsewhere"},
    {ErrorCode::kImportKeyGone, "受付の期限が過ぎた抽出データ", "Extract's key is gone"},
    {ErrorCode::kWrongGeneration, "適用中の世代との不一致", "Another generation"},
    {ErrorCode::kStatementStale, "送信時刻の誤り", "Time of sending"},
    {ErrorCode::kRegisterBusy, "受付中の抽出データの上限", "Too many extracts at once"},
    {ErrorCode::kDeletionsAboveShare, "消除の割合の上限超過", "Too many deletions"},
    {ErrorCode::kExtractShrank, "著しく小さくなったファイル", "Extract shrank"},
    {ErrorCode::kOlderGeneration, "適用中より古い世代の抽出データ", "Older generation"},
    {ErrorCode::kSameApprover, "申請者本人による承認", "Approved by the proposer"},
    {ErrorCode::kApprovalDenied, "否認された抽出データ", "Extract denied"},
    {ErrorCode::kExtractDiscarded, "送信元が取り下げた抽出データ", "Extract taken back"},
    {ErrorCode::kCardOfAnother, "カードの持ち主の相違", "Card of another person"},
    {ErrorCode::kNotPending, "承認待ちでない抽出データ", "No decision waited for"},
    {ErrorCode::kBaseChanged, "比較した世代の置換え", "Base changed meanwhile"},
    {ErrorCode::kChangeInProgress, "処理中の異動の重複送信", "Change in progress"},
    {ErrorCode::kDecommissioned, "廃棄した機器の使用", "Decommissioned"},
    {ErrorCode::kTakeOverMissing, "引継ぎの済んでいない提供記録の消去", "Ledger not taken over"},
    {ErrorCode::kNotYetSanitised, "住民情報の消去前の提供記録の消去",
     "Residents' part comes first"},
    // who asks, and what
    {ErrorCode::kRegisterNotReady, "証明書情報が使用できない状態", "Register not ready"},
    {ErrorCode::kUnknownCard, "証明書情報に登録のないカード", "Unknown card"},
    {ErrorCode::kSerialOfAnotherIssuer, "別の発行者と同じ証明書番号のカード",
     "Serial of another issuer"},
    {ErrorCode::kUnknownPerson, "証明書情報に登録のない方", "Unknown or erased person"},
    {ErrorCode::kRegisterChanged, "手続中の異動", "Household changed meanwhile"},
    {ErrorCode::kHouseholdChanged, "手続中の世帯の変更", "Household differs from the inquiry"},
    {ErrorCode::kUnknownTransaction, "受付のない取引", "Unknown transaction"},
    {ErrorCode::kForeignTransaction, "別の接続相手の取引", "Another peer's transaction"},
    {ErrorCode::kStepInProgress, "処理中の手続への重複した要求", "Step in progress"},
    {ErrorCode::kStepConflict, "手続の順序または内容の不一致", "Step out of order"},
    {ErrorCode::kAnswerGone, "保持していない回答への要求", "Answer gone"},
    {ErrorCode::kStepExpired, "手続の制限時間の超過", "Step expired"},
    {ErrorCode::kAnswerTooLate, "回答の制限時間の超過", "Answer too late"},
    {ErrorCode::kTransactionsFull, "混雑による受付の制限", "Too many transactions"},
    {ErrorCode::kOutsideHours, "提供時間外", "Outside hours"},
    {ErrorCode::kKindNotOffered, "取り扱っていない証明書", "Kind not offered"},
    {ErrorCode::kKindSuspended, "証明書の休止中", "Kind suspended"},
    {ErrorCode::kIssuingStopped, "警報による交付停止中", "Stopped by the alarm"},
    {ErrorCode::kStoppedByOperator, "操作による交付停止中", "Stopped by an operator"},
    {ErrorCode::kWrongMunicipality, "他の市区町村あての要求", "Another municipality"},
    {ErrorCode::kNoSuchCall, "定義のない要求", "No such call"},
    {ErrorCode::kClockDoubted, "サーバーの時計を確認できない状態", "Clock doubted"},
    {ErrorCode::kKnownTransaction, "使用済みの取引番号", "Transaction used before"},
    {ErrorCode::kChallengeUsed, "使用済みのチャレンジ", "Challenge used before"},
    {ErrorCode::kUnderFifteen, "15歳未満の方の申請", "Applicant under fifteen"},
    {ErrorCode::kLinkNotYetValid, "カードの利用開始日前", "Card of today"},
    {ErrorCode::kApplicantGateClosed, "窓口での案内（申請者）", "Applicant's gate closed"},
    {ErrorCode::kHouseholdGateClosed, "窓口での案内（世帯）", "Household's gate closed"},
    {ErrorCode::kTooManyMembers, "窓口での案内（世帯員数）", "Too many members"},
    {ErrorCode::kAllMembersClosed, "窓口での案内（世帯員）", "All members closed"},
    {ErrorCode::kUnknownHandle, "一覧にない世帯員の選択", "Unknown member chosen"},
    {ErrorCode::kClosedHandle, "交付できない世帯員の選択", "Closed member chosen"},
    {ErrorCode::kWrongEntries, "記載事項の指定の誤り", "Wrong entries"},
    {ErrorCode::kWrongPurpose, "用途の指定の誤り", "Wrong purpose"},
    {ErrorCode::kInquiryDigestDiffers, "問合せの回答と合わない選択", "Made on another inquiry"},
    {ErrorCode::kNotSelectable, "選択できない項目の選択", "Not selectable"},
    {ErrorCode::kEventNotAllowed, "順序に合わない結果通知", "Event out of order"},
    {ErrorCode::kEventConflict, "使用済みの番号による結果通知", "Event id used before"},
    {ErrorCode::kEventTooLate, "受付期間を過ぎた結果通知", "Event too late"},
    {ErrorCode::kDocumentNotAsked, "請求と異なる内容の検知", "Document not asked for"},
    {ErrorCode::kSelfTestFailed, "自己検査の不合格", "Self-test failed"},
    // the page
    {ErrorCode::kGlyphMissing, "印字できない文字", "Glyph missing"},
    {ErrorCode::kTextTooLong, "様式に収まらない文字数", "Text too long"},
    {ErrorCode::kDateNotPrintable, "和暦で表せない日付", "Date not printable"},
    {ErrorCode::kReadbackMismatch, "読み戻し照合の不一致", "Readback mismatch"},
    {ErrorCode::kPdfUnreadable, "読み戻せない紙面", "Page not readable"},
    {ErrorCode::kDocumentSealFailed, "証明書への電子署名の失敗", "Document not signed"},
    {ErrorCode::kDocumentAltered, "署名後に変更された証明書", "Document altered"},
    {ErrorCode::kDocumentUnsigned, "電子署名のない証明書", "Document unsigned"},
    // the machine and the ledger
    {ErrorCode::kIoError, "ファイルの読み書きの失敗", "Read or write failed"},
    {ErrorCode::kDiskFull, "ディスクの空き不足", "Disk full"},
    {ErrorCode::kStoreCorrupt, "保存された情報の破損", "Stored bytes are damaged"},
    {ErrorCode::kSealBroken, "保存された情報の破損", "Stored bytes are damaged"},
    {ErrorCode::kStoreFailed, "保存の失敗", "Store failed"},
    {ErrorCode::kLedgerFull, "提供記録の書込みの滞り", "Ledger's queue full"},
    {ErrorCode::kLedgerNotWritable, "提供記録への書込みの停止", "Ledger not writable"},
    {ErrorCode::kLedgerReserve, "ディスクの空き不足（予備のみ）", "Only the reserve is left"},
    {ErrorCode::kChainBroken, "提供記録の連鎖の不一致", "Ledger's chain broken"},
    {ErrorCode::kSequenceGap, "提供記録の番号の欠落", "Ledger's number missing"},
    {ErrorCode::kTreeMismatch, "提供記録の照合値の不一致", "Ledger's tree differs"},
    {ErrorCode::kCheckpointMismatch, "署名付き照合値との不一致", "Checkpoint contradicts"},
    {ErrorCode::kLedgerRolledBack, "提供記録の古い写しへの差替え", "Ledger rolled back"},
    {ErrorCode::kRetentionNotOver, "保存期間中の記録の廃棄", "Retention not over"},
    {ErrorCode::kPeriodInvalid, "期間の指定の誤り", "Period invalid"},
    {ErrorCode::kReportUnknown, "定義のない報告書", "Report unknown"},
    {ErrorCode::kNotFound, "対象が見つからない操作", "Not found"},
    {ErrorCode::kLedgerClosed, "提供記録の終了処理中", "Ledger is closing"},
    {ErrorCode::kUnknownKey, "別の鍵による署名付き照合値", "Checkpoint of another key"},
    {ErrorCode::kEntryPruned, "保存期間満了により廃棄済みの記録", "Entry pruned"},
    {ErrorCode::kStatementInvalid, "提供記録と合わない証明", "Statement does not fit"},
    // connections
    {ErrorCode::kBadSignature, "署名の不一致", "Signature differs"},
    {ErrorCode::kHandshakeFailed, "確認できない接続相手", "Peer not authenticated"},
    {ErrorCode::kPeerUnknown, "登録のない接続相手", "Peer unknown"},
    {ErrorCode::kConnectionLimit, "接続数の上限", "Too many connections"},
    {ErrorCode::kVaultOverloaded, "混雑による要求の制限", "Overloaded"},
    {ErrorCode::kGateHeadTimeout, "要求の受信の時間切れ", "Request's head did not come"},
    {ErrorCode::kGateBodyTimeout, "要求の本文の受信の時間切れ", "Request's body did not come"},
    {ErrorCode::kHandshakeTimeout, "接続の確立の時間切れ", "Handshake did not end"},
    {ErrorCode::kVaultNotServing, "サーバーの起動中または停止中", "Not serving"},
    {ErrorCode::kVaultSilent, "サーバー内部の応答の時間切れ", "No answer from inside"},
    {ErrorCode::kConnectionEnded, "通信の切断または時間切れ", "Connection ended or too slow"},
    {ErrorCode::kTlsNotYetValid, "有効期間が始まっていないサーバー証明書",
     "Server certificate not yet valid"},
    {ErrorCode::kTlsExpired, "サーバー証明書の有効期間の満了", "Server certificate expired"},
    // keys
    {ErrorCode::kTokenUnusable, "トークンの使用不能", "Token not usable"},
    {ErrorCode::kTokenFailed, "トークンの処理の失敗", "Token failed"},
    // people
    {ErrorCode::kOperatorUnknown, "登録のない利用者", "Account unknown"},
    {ErrorCode::kOperatorRevoked, "失効した利用者", "Account revoked"},
    {ErrorCode::kOperatorEnded, "有効期限が過ぎた利用者", "Account ended"},
    {ErrorCode::kRoleNotAllowed, "権限のない操作", "Not of this role"},
    {ErrorCode::kActionUnknown, "定義のない操作", "Action unknown"},
    {ErrorCode::kActionExpired, "期限が過ぎた申請", "Action expired"},
    {ErrorCode::kActionLifetime, "期限が長すぎる申請", "Action's expiry too far"},
    {ErrorCode::kActionUsed, "使用済みの申請番号", "Action used before"},
    {ErrorCode::kActionsFull, "申請の件数の上限", "Too many actions"},
    {ErrorCode::kSamePerson, "申請者本人による承認", "Approved by the proposer"},
    {ErrorCode::kProposerGone, "申請者の失効または権限の喪失", "Proposer gone"},
    {ErrorCode::kForeignSignature, "本人の鍵でない署名", "Another's signature"},
    {ErrorCode::kActionNotPending, "承認待ちでない申請", "Action not pending"},
    {ErrorCode::kOperatorExists, "登録済みの利用者IDまたは鍵", "Account exists"},
    {ErrorCode::kOperatorsFull, "利用者数の上限", "Too many accounts"},
    {ErrorCode::kOperatorInvalid, "登録の規則に合わない利用者", "Account breaks a rule"},
    {ErrorCode::kLastCenterHead, "最後のセンター長の失効", "Last center head"},
    {ErrorCode::kOwnAccount, "自分自身の権限の承認", "Own account"},
    {ErrorCode::kAlarmDiffers, "現在の警報と異なる解除", "Another alarm"},
    {ErrorCode::kNothingToDo, "対象となる状態にない操作", "Nothing to do"},
    {ErrorCode::kTerminalMissing, "登録のない管理端末", "Terminal unknown"},
    {ErrorCode::kOperatorsRolledBack, "利用者の情報の巻き戻し", "Accounts rolled back"},
    {ErrorCode::kOperatorTooFast, "短時間での多数の操作", "Too many calls"},
    {ErrorCode::kPasswordWrong, "パスワードの誤り", "Wrong password"},
    {ErrorCode::kPasswordMissing, "パスワードの未設定", "No password yet"},
    {ErrorCode::kPasswordUnfit, "規則に合わないパスワード", "Password unfit"},
    {ErrorCode::kCodeWrong, "確認コードまたはキーの不足・誤り", "Code or key missing or wrong"},
    {ErrorCode::kCodeReplayed, "使用済みの確認コード", "Code used before"},
    {ErrorCode::kLoginNameDiffers, "接続者と異なる利用者ID", "Another account's name"},
    {ErrorCode::kLoginLocked, "ログインの一時停止中", "Locked out"},
    {ErrorCode::kSessionMissing, "ログインのない操作", "No session"},
    {ErrorCode::kSessionUnknown, "終了したセッション", "Session unknown"},
    {ErrorCode::kSessionIdle, "操作がないまま終了したセッション", "Session idle"},
    {ErrorCode::kSessionOver, "上限の時間を過ぎたセッション", "Session over"},
    {ErrorCode::kSessionStale, "権限等の変更により終了したセッション", "Session stale"},
    {ErrorCode::kSessionForeign, "別の利用者または端末のセッション", "Another's session"},
    {ErrorCode::kSessionReplaced, "再度のログインにより終了したセッション", "Session replaced"},
    {ErrorCode::kCsrfTokenWrong, "管理画面からの操作と確認できない要求", "Forged form"},
    {ErrorCode::kNoEnrolment, "登録手続のない確認コード", "No enrolment"},
});

// The last block that begins at or below a code is its own.
struct ReasonBlock {
  unsigned first;
  std::string_view japanese;
  std::string_view english;
};
constexpr auto kReasonBlocks = std::to_array<ReasonBlock>({
    {0, "その他", "Other"},
    {1, "要求または保存された情報の形式の誤り", "Malformed"},
    {100, "電子証明書の検証の不合格", "Card's verification failed"},
    {200, "証明書情報の受入れの不合格", "Register's rules"},
    {300, "手続の不整合", "Step refused"},
    {400, "保存または提供記録の障害", "Storage or ledger"},
    {500, "紙面の作成の不合格", "Page not made"},
    {600, "通信の形式の誤り", "Connection's rules"},
    {700, "鍵の障害", "Key not usable"},
    {740, "利用者の確認の不合格", "Operator refused"},
    {800, "その他", "Other"},
});

// The codes that only an engineer tells apart: these numbers and no others have their block's
// words.
struct ReasonSpan {
  unsigned first;
  unsigned last;
};
constexpr auto kEngineersReasons = std::to_array<ReasonSpan>({
    {1, 9},     {99, 108},  {111, 112}, {114, 126}, {130, 137}, {139, 139}, {142, 143},
    {145, 147}, {149, 152}, {156, 157}, {160, 169}, {171, 171}, {180, 182}, {193, 193},
    {381, 381}, {401, 401}, {404, 405}, {407, 407}, {409, 409}, {503, 506}, {600, 605},
    {640, 665}, {680, 682}, {685, 685}, {694, 694}, {700, 702}, {721, 723},
});

ReasonRow reason_row_of(ErrorCode reason) {
  if (const auto* own = words_row(kReasonRows, reason)) return *own;
  const auto* const next = std::ranges::upper_bound(kReasonBlocks, static_cast<unsigned>(reason),
                                                    {}, &ReasonBlock::first);
  const auto& block = *std::prev(next);
  return {reason, block.japanese, block.english};
}

}  // namespace

std::string_view reason_words(ErrorCode reason) { return reason_row_of(reason).japanese; }
std::string_view english_reason_words(ErrorCode reason) { return reason_row_of(reason).english; }

ReasonWording reason_wording(ErrorCode reason) {
  if (words_row(kReasonRows, reason) != nullptr) return ReasonWording::kOwn;
  const auto number = static_cast<unsigned>(reason);
  const bool shared = std::ranges::any_of(kEngineersReasons, [&](const ReasonSpan& span) {
    return span.first <= number && number <= span.last;
  });
  return shared ? ReasonWording::kOfItsBlock : ReasonWording::kNone;
}

std::string numbered_reason_words(ErrorCode reason) {
  return std::string(reason_words(reason)) + "（" + std::to_string(static_cast<unsigned>(reason)) +
         "）";
}

}  // namespace certrelay
