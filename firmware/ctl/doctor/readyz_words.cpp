#include <algorithm>
#include <array>

#include "firmware/ctl/doctor/doctor.hpp"

namespace certrelay {
namespace {

// The names are vault_health.cpp's; a test holds the two together.
constexpr auto kReadyzWords = std::to_array<ReadyzWord>({
    {"self_test", "起動時の自己試験に合格していません（証明書交付センターには応答しません）",
     "試験中なら終わるまでお待ちください。不合格なら alarm show で原因を確認し、原因が分かってから"
     "再起動してください"},
    {"ledger", "提供記録に書き込めません（交付はすべて断られます）",
     "state_dir のディスクの空き容量と異常を確認してください。直ると自動で再開します"},
    {"clock", "機器の時計を信頼できません", "時刻を正しく設定し、最新の失効リストを入れてください"},
    {"register", "住民情報が使える状態ではありません",
     "既存住民基本台帳システムとの通信を確認し、不足している異動か全件抽出を送ってください"},
    {"crl", "失効リストがないか、期限が切れています",
     "最新の失効リストを card.crls のファイルに置き、certrelayd に SIGHUP を送ってください"},
    {"erasure", "消除者の消去が期限を過ぎているか、途中で終わっています",
     "erase status で確認し、erase due を申請して別の人が承認してください"},
    {"alarm", "警報により交付を止めています",
     "alarm show で内容を確認し、原因が分かったら2人で alarm clear を行ってください"},
    {"issuing", "操作者が交付を停止しています",
     "再開してよいことを確認し、issuing resume を実行してください"},
    {"decommission", "廃棄が申請・承認されています",
     "certrelayd を停止し、decommission sanitise を実行してください"},
    {"accounts", "利用者のパスワード変更、権限の確認または90日使われていないIDの期日が来ています",
     "operator list で該当者を確認し、本人のパスワード変更、operator review または "
     "operator revoke を行ってください"},
    {"ledger_check", "保存された記録に、書いたときと違うものがあります",
     "提供記録を調査用に保全し、ledger verify で最初の箇所を確認してください"},
    {"register_age",
     "住民情報の最終連絡からの時間が、上限の75%を過ぎています（交付は続いています）",
     "既存住民基本台帳システムからの送信を確認し、extract status を実行してください"},
    {"quarantine", "反映できなかった異動により、一部の世帯の交付を止めています",
     "extract status で内容を確認し、その世帯の異動を直して送り直してください"},
    {"sandbox", "カーネルによるファイルの制限（Landlock）が働いていません",
     "Linux 5.13以降で lsm=landlock を有効にし、sandbox.without_landlock と sandbox.off を外して"
     "再起動してください"},
    {"fonts", "登録したフォントのファイルがなくなっています（交付は続いています）",
     "設定の sha256 と同じ版のフォントを元の場所に入れてください"},
    {"keys", "鍵のファイルがないか、所有者・権限が変わっています（交付は続いています）",
     "所有者を relay の利用者にし、chmod 600 "
     "してください。なくなっていれば、再起動する前に戻してください"},
    {"disk", "状態フォルダーのあるディスクの空き容量が残り少なくなっています",
     "不要なファイルを移すか、ディスクを増やしてください"},
    {"certificates", "有効期限の近い、または切れた証明書があります",
     "認証局に更新を依頼し、ファイルを差し替えて certrelayd に SIGHUP を送ってください"},
    {"reports", "確認（署名）の済んでいない報告書があります",
     "report show で内容を確認し、report sign-off を行ってください"},
});

}  // namespace

const ReadyzWord* readyz_word(std::string_view name) {
  const auto* found = std::ranges::find(kReadyzWords, name, &ReadyzWord::name);
  return found == kReadyzWords.end() ? nullptr : found;
}

}  // namespace certrelay
