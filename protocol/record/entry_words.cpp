#include "protocol/record/entry_words.hpp"

#include "protocol/base/words_table.hpp"

namespace certrelay {
namespace {

constexpr auto kEntryRows = std::to_array<WordsRow<EntryKind>>({
    {EntryKind::kLedgerCreated, "提供記録の開始", "Ledger created"},
    {EntryKind::kBoot, "サーバーの起動", "Start"},
    {EntryKind::kShutdown, "サーバーの停止", "Shutdown"},
    {EntryKind::kCheckpoint, "署名付き照合値の交付", "Checkpoint handed out"},
    {EntryKind::kPruned, "保存期間満了による廃棄", "Pruned after retention"},
    {EntryKind::kClockAccepted, "時計の確認", "Clock accepted"},
    {EntryKind::kLedgerRecovered, "提供記録の復旧", "Ledger recovered"},
    {EntryKind::kUpdate, "プログラムの更新", "Program updated"},
    {EntryKind::kBackup, "バックアップ", "Backup"},
    {EntryKind::kRestored, "提供記録の復元", "Restored"},
    {EntryKind::kSelfTested, "自己検査の合格", "Self-test passed"},
    {EntryKind::kOpened, "受付", "Transaction opened"},
    {EntryKind::kProvisionInquiry, "証明書情報問合せへの回答（提供）", "Inquiry answered"},
    {EntryKind::kProvisionIntent, "証明書の交付（提供）", "Certificate issued"},
    {EntryKind::kRefusal, "不提供", "Refused"},
    {EntryKind::kExpired, "期限切れによる終了", "Expired"},
    {EntryKind::kEvent, "結果通知", "Result reported"},
    {EntryKind::kDeliveryUnknown, "結果不明（再起動）", "Delivery unknown"},
    {EntryKind::kResultMissing, "結果不明（通知なし）", "Result missing"},
    {EntryKind::kAbandoned, "停止または再起動による終了", "Abandoned"},
    {EntryKind::kGateRefusals, "手続の開始前の拒否", "Refused before a transaction"},
    {EntryKind::kIncident, "事故の通報", "Incident reported"},
    {EntryKind::kAlarmLatched, "警報の発生", "Alarm latched"},
    {EntryKind::kAlarmCleared, "警報の解除", "Alarm cleared"},
    {EntryKind::kExtractOffered, "抽出データの受付", "Extract offered"},
    {EntryKind::kExtractRefused, "抽出データの拒否", "Extract refused"},
    {EntryKind::kRegisterActivated, "抽出データの反映", "Register activated"},
    {EntryKind::kChangeAcknowledged, "異動の反映", "Change applied"},
    {EntryKind::kChangeRefused, "異動の拒否", "Change refused"},
    {EntryKind::kChangeQuarantined, "異動の隔離", "Change quarantined"},
    {EntryKind::kSequenceGap, "異動の欠番", "Sequence gap"},
    {EntryKind::kPromiseGiven, "異動なしの宣言", "No-change promise"},
    {EntryKind::kReconciled, "突合", "Reconciled"},
    {EntryKind::kErasure, "消去の指示", "Erasure"},
    {EntryKind::kKeysDestroyed, "鍵の破棄（第1段階）", "Erasure: keys destroyed"},
    {EntryKind::kResidueDropped, "残存データの除去（第2段階・完了）", "Erasure: residue dropped"},
    {EntryKind::kErasureInterrupted, "消去の中断（消去されていません）", "Erasure interrupted"},
    {EntryKind::kStandingOrderGiven, "自動消去の開始", "Standing order given"},
    {EntryKind::kStandingOrderWithdrawn, "自動消去の終了", "Standing order withdrawn"},
    {EntryKind::kDecommissionOrdered, "廃棄の決定", "Decommissioning ordered"},
    {EntryKind::kResidentsDestroyed, "住民情報の全消去", "Residents' data destroyed"},
    {EntryKind::kLedgerTakenOver, "提供記録の引継ぎ", "Ledger taken over"},
    {EntryKind::kExtractPending, "抽出データの承認待ち", "Extract waits for approval"},
    {EntryKind::kExtractApproved, "抽出データの承認", "Extract approved"},
    {EntryKind::kExtractDenied, "抽出データの却下", "Extract denied"},
    {EntryKind::kExtractDiscarded, "抽出データの取下げ", "Extract discarded"},
    {EntryKind::kActivationScheduled, "適用の予約", "Activation scheduled"},
    {EntryKind::kOperatorAction, "申請・操作", "Action proposed"},
    {EntryKind::kOperatorRefused, "拒否された操作", "Call refused"},
    {EntryKind::kOperatorSignedIn, "ログイン", "Signed in"},
    {EntryKind::kOperatorSignedOut, "ログアウト", "Signed out"},
    {EntryKind::kApproval, "承認", "Approved"},
    {EntryKind::kExport, "出力", "Export"},
    {EntryKind::kIssuingStopped, "交付の停止", "Issuing stopped"},
    {EntryKind::kIssuingResumed, "交付の再開", "Issuing resumed"},
    {EntryKind::kKindSuspended, "証明書の休止", "Kind suspended"},
    {EntryKind::kKindResumed, "証明書の再開", "Kind resumed"},
    {EntryKind::kOperatorsChanged, "利用者の変更", "Accounts changed"},
    {EntryKind::kApprovalDenied, "否認・取下げ", "Denied"},
    {EntryKind::kOperatorViewed, "閲覧", "Viewed"},
    {EntryKind::kApprovalExpired, "承認の期限切れ", "Approval expired"},
    {EntryKind::kReportSignedOff, "報告書の確認", "Report signed off"},
    {EntryKind::kSubjectQueried, "開示請求に係る照会", "Subject queried"},
    {EntryKind::kOperatorLockedOut, "ログインの一時停止", "Locked out"},
    {EntryKind::kLogInChanged, "パスワード等の変更", "Log-in changed"},
    {EntryKind::kConfigurationLoaded, "設定の読込み", "Configuration loaded"},
    {EntryKind::kCrlLoaded, "失効情報の読込み", "Revocation list loaded"},
    {EntryKind::kConsoleSignedIn, "機器へのログイン", "Machine log-in"},
    {EntryKind::kMediumMounted, "媒体の接続", "Medium mounted"},
});

}  // namespace

std::string_view happening_words(EntryKind kind) {
  const auto* row = words_row(kEntryRows, kind);
  return row == nullptr ? to_text(kind) : row->japanese;
}

std::string_view english_happening_words(EntryKind kind) {
  const auto* row = words_row(kEntryRows, kind);
  return row == nullptr ? to_text(kind) : row->english;
}

}  // namespace certrelay
