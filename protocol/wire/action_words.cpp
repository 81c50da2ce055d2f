#include "protocol/wire/action_words.hpp"

#include "protocol/base/words_table.hpp"

namespace certrelay {
namespace {

using Row = WordsRow<std::string_view>;

constexpr auto kActionRows = std::to_array<Row>({
    {"alarm.clear", "警報の解除", "Clear the alarm"},
    {"issuing.stop", "交付の停止", "Stop issuing"},
    {"issuing.resume", "交付の再開", "Resume issuing"},
    {"kind.suspend", "証明書の交付の休止", "Suspend a certificate"},
    {"kind.resume", "証明書の交付の再開", "Resume a certificate"},
    {"operator.add", "利用者の登録", "Add an account"},
    {"operator.first", "最初の利用者の登録", "First account"},
    {"enrolment.close", "最初の利用者の登録の締切り", "End of the first enrolment"},
    {"operator.revoke", "利用者の失効", "Revoke an account"},
    {"operator.review", "利用者の権限の確認", "Review an account"},
    {"operator.roles", "役割の変更", "Change of roles"},
    {"extract.approve", "抽出データの承認", "Approve an extract"},
    {"extract.deny", "抽出データの却下", "Deny an extract"},
    {"self_test.storm", "自己検査の実施", "Run the self-test"},
    {"person.hold", "職員による交付停止", "Hold a person"},
    {"person.release", "職員による交付停止の解除", "Release a person"},
    {"erase.one", "一人の情報の消去", "Erase one person"},
    {"erase.due", "消除者の情報の消去", "Erase all who are due"},
    {"erase.standing_order", "自動消去の開始", "Standing order to erase"},
    {"erase.standing_order_end", "自動消去の終了", "End the standing order"},
    {"decommission.order", "機器の廃棄の決定", "Order decommissioning"},
    {"ledger.subject", "開示請求に係る提供記録の照会", "Query a subject"},
    {"ledger.export", "提供記録の書き出し", "Export the ledger"},
    {"ledger.incident", "事故対応の書き出し", "Export for an incident"},
    {"ledger.checkpoint", "署名付き照合値の交付", "Hand out a checkpoint"},
    {"ledger.backup", "提供記録のバックアップ", "Back the ledger up"},
    {"ledger.take_over", "提供記録の引継ぎ", "Take the ledger over"},
    {"ledger.prune", "保存期間を過ぎた記録の廃棄", "Prune the ledger"},
    {"report.sign_off", "報告書の確認", "Sign a report off"},
    {"result.close", "未解決の結果の処理", "Close a result"},
    {"security_key.add", "セキュリティキーの登録", "Add a security key"},
    {"security_key.remove", "セキュリティキーの登録の取消し", "Remove a security key"},
    {"ledger.read", "提供記録の照会", "Search the ledger"},
    {"result.read", "照会・書き出し結果の取得", "Fetch a result"},
    {"report.daily", "未解決一覧の出力", "Daily list"},
    {"report.monthly", "月次確認報告書の出力", "Monthly report"},
    {"report.quarterly", "四半期点検報告書の出力", "Quarterly report"},
    {"report.access", "利用者点検報告書の出力", "Access report"},
    {"report.annual", "年次自己点検報告書の出力", "Annual report"},
    {"report.read", "報告書の表示", "Look at a report"},
    {"session.read", "ログイン状態の確認", "Look at the session"},
    {"state.read", "サーバーの状態の確認", "Look at the state"},
    {"approvals.read", "承認待ちの確認", "Look at what waits"},
    {"operators.read", "利用者一覧の確認", "Look at the accounts"},
    {"log_in", "ログイン", "Log in"},
    {"password.change", "パスワードの変更", "Change the password"},
    {"password.reset", "承認鍵によるパスワードの設定", "Set the password by the approval key"},
    {"totp.offer", "認証アプリの登録の開始", "Begin with an authenticator"},
    {"totp.enrol", "認証アプリの登録", "Enrol an authenticator"},
    {"key.challenge", "セキュリティキーによる確認", "Ask for a key's signature"},
    {"key.offer", "セキュリティキーの申出", "Offer a security key"},
    {"incident.wrong_person", "別人の証明書", "Another person's document"},
    {"incident.wrong_page", "別の文書のページの混入", "Another document's page"},
    {"incident.unreadable_identity", "氏名等の判読不能", "Identity not readable"},
    {"incident.duplicate_output", "重複した印刷", "Printed twice"},
    {"incident.paper", "用紙", "Paper"},
    {"incident.payment", "支払い", "Payment"},
    {"incident.other", "その他の通報", "Another incident"},
});

constexpr auto kParameterRows = std::to_array<Row>({
    {"kind", "証明書の種類", "Certificate"},
    {"alarm", "警報番号", "Alarm"},
    {"name", "利用者ID", "Account"},
    {"extract", "抽出データの受付番号", "Extract"},
    {"person", "抽出データ上の識別番号", "Person (extract's id)"},
    {"transaction", "取引番号", "Transaction"},
    {"from", "期間の始め", "From"},
    {"until", "期間の終わり", "Until"},
    {"report", "報告書", "Report"},
    {"period", "対象期間", "Period"},
    {"digest", "照合値", "Digest"},
    {"affiliation", "所属", "Affiliation"},
    {"roles", "役割", "Roles"},
    {"ends_on", "有効期限", "Ends on"},
    {"key", "鍵番号", "Key"},
});

constexpr std::string_view kOneErasure = "erasure.";

template <std::size_t N>
Row row_of(const std::array<Row, N>& rows, std::string_view code) {
  const auto* found = words_row(rows, code);
  return found == nullptr ? Row{code, code, code} : *found;
}

}  // namespace

std::string_view action_words(std::string_view code) { return row_of(kActionRows, code).japanese; }
std::string_view english_action_words(std::string_view code) {
  return row_of(kActionRows, code).english;
}

std::string spoken_action(std::string_view code) {
  if (!code.starts_with(kOneErasure)) return std::string(action_words(code));
  return "消去 第" + std::string(code.substr(kOneErasure.size())) + "号";
}
std::string english_spoken_action(std::string_view code) {
  if (!code.starts_with(kOneErasure)) return std::string(english_action_words(code));
  return "Erasure " + std::string(code.substr(kOneErasure.size()));
}

std::string_view parameter_words(std::string_view name) {
  return row_of(kParameterRows, name).japanese;
}
std::string_view english_parameter_words(std::string_view name) {
  return row_of(kParameterRows, name).english;
}

}  // namespace certrelay
