// R55: the assessment's demands, one row each, with what an official looks at to confirm it. "試験"
// means that the automated tests name the row (grep -rn R44 tests); "運用" that no program can
// tell.
#include <array>

#include "relay/ledger/reports/report_maker.hpp"
#include "relay/ledger/reports/report_words.hpp"

namespace certrelay {
namespace {

// The figure of the year's entries that belongs to a row.
enum class Shown : std::uint8_t {
  kNothing,
  kProvisions,
  kRefusals,
  kByPerson,
  kWithoutCenter,
  kErased,
  kExports,
  kSubjects,
  kReconciled,
  kAlarms,
  kActions,
  kExtracts,
  kBoots,
  kSignOffs,
};

struct Row {
  std::string_view id;
  std::string_view demand;
  std::string_view proof;
  Shown shown = Shown::kNothing;
};

using enum Shown;

constexpr std::array<Row, 56> kRows{{
    {"R01", "証明書情報は既存住民基本台帳システムから連携する",
     "設定（送信元の証明書と署名鍵）、試験", kExtracts},
    {"R02", "証明書交付センターからの要求に応じて自動交付する", "設定（接続相手）、試験",
     kProvisions},
    {"R03", "接続先は既存住基とセンターの二つに限る", "設定（接続相手の一覧）、試験"},
    {"R04", "取扱時間と休止日を守る", "設定（calendar）、試験"},
    {"R05", "対象人数の規模に応じた性能を備える", "運用（性能測定の結果）"},
    {"R06", "住民基本台帳に記録された住民に限る", "試験"},
    {"R07", "記録項目は50項目以上100項目未満とする", "試験（項目数）"},
    {"R08", "個人番号その他の識別情報を保有しない",
     "試験（項目の拒否。評価書で個人番号を保有すると定めた場合は、設定hold_individual_"
     "numberと専用の鍵）"},
    {"R09", "記録項目は住民基本台帳法第7条の記載事項による", "試験（項目の対応表）"},
    {"R10", "入手元を既存住民基本台帳システムに限る", "設定（証明書の固定）、試験"},
    {"R11", "異動の都度、証明書情報に反映する", "試験"},
    {"R12", "交付の目的以外で住民の情報を検索できない", "試験"},
    {"R13", "利用者を10人未満とする", "設定（operators.active_max）、試験"},
    {"R14", "センターへの提供をすべて記録する", "提供記録、試験", kProvisions},
    {"R15", "既存住基との突合を行う", "提供記録、試験", kReconciled},
    {"R16", "統計分析を行わない", "試験（ログと計測値に個人情報がないこと）"},
    {"R17", "利用者を認証する", "設定（利用者の証明書と端末）"},
    {"R18", "データを日本国内で保管する", "運用（保管場所の確認）"},
    {"R19", "機器更新時に完全に消去する", "試験、運用（消去証明書）"},
    {"R20", "消去は市の職員の操作により行う", "提供記録、試験", kErased},
    {"R21", "消去は復元できない方法により行う", "試験、消去の記録", kErased},
    {"R22", "定められた項目以外を受け取らない", "試験"},
    {"R23", "入手元を限定する", "設定、試験"},
    {"R24", "証明書情報を手入力・修正する手段がない", "設計（該当する操作がないこと）"},
    {"R25", "証明書情報を正しく受信する", "試験（通番、件数、照合値、署名）", kExtracts},
    {"R26", "連携の操作者を認証する", "設定（送信元の署名鍵）"},
    {"R27", "宛名番号を持たず、宛名管理システムと接続しない", "試験（項目の拒否）"},
    {"R28", "他の情報との紐付けを行わない", "試験"},
    {"R29", "管理の操作ごとに操作者を認証する", "提供記録（操作者と端末）", kActions},
    {"R30", "権限は申請と承認により発効し、直ちに失効させる", "提供記録、試験"},
    {"R31", "権限に応じた操作に限り、操作履歴を残す", "提供記録、試験", kActions},
    {"R32", "操作履歴を確認し、定められた期間保管する", "定期確認の実施状況、書き出しの保存期限",
     kSignOffs},
    {"R33", "証明書情報を複製せず、サーバーの操作を記録する", "試験、提供記録", kBoots},
    {"R34", "利用者を必要最小限とする", "利用者点検報告書、試験"},
    {"R35", "操作の記録を5年間保存する", "提供記録、試験"},
    {"R36", "委託先による提供を記録し、月1回確認する", "月次確認報告書", kByPerson},
    {"R37", "委託先に電子ファイル等で直接提供しない", "設計（委託事業者の権限）、試験"},
    {"R38", "不要となった情報を直ちに消去する", "試験"},
    {"R39", "消去を職員が定期的に確認する", "月次確認報告書", kErased},
    {"R40", "四半期に一度点検する", "四半期点検報告書", kSignOffs},
    {"R41", "提供の記録を5年間保存する", "提供記録、試験", kProvisions},
    {"R42", "提供が認められなかった場合も記録する", "提供記録、試験", kRefusals},
    {"R43", "認められた方法以外での提供を禁止し、確認する", "月次確認報告書", kWithoutCenter},
    {"R44", "相互に認証した相手とだけ通信する", "試験"},
    {"R45", "媒体等への出力を逐一記録する", "提供記録", kExports},
    {"R46", "内容に編集を加えない", "試験（読み戻し照合）"},
    {"R47", "不正アクセスを防ぎ、閉域で通信する", "運用（ファイアウォールの設定）"},
    {"R48", "事故発生時の手順を定める", "提供記録（停止の操作、事故対応の書き出し）", kAlarms},
    {"R49", "死亡者の個人番号を保管しない", "試験（死亡と同時に個人番号の鍵を破棄）、消去の記録"},
    {"R50", "古い情報のまま交付しない", "設定（鮮度の上限）、試験"},
    {"R51", "消除者の情報を消去する", "消去の記録、試験", kErased},
    {"R52", "消去の期限を守り、証明書情報を控えに残さない",
     "サーバーの状態、試験、運用（控えの対象）"},
    {"R53", "不正プログラムを防ぐ", "設計（実行できるものを受け取らない）、運用"},
    {"R54", "利用の状況を継続的に監視する", "四半期点検報告書、運用（監視）"},
    {"R55", "年1回、自己点検を行う", "本報告書"},
    {"R56", "開示等の請求への対応を記録する", "提供記録", kSubjects},
}};

std::string count_of(std::string_view name, std::uint64_t count, std::string_view unit = "件") {
  return std::string(name) + grouped(count) + std::string(unit);
}

std::string shown_words(Shown shown, const PeriodFigures& figures) {
  switch (shown) {
    case kNothing:
      return "-";
    case kProvisions:
      return count_of("提供", figures.inquiries + figures.of(EntryKind::kProvisionIntent));
    case kRefusals:
      return count_of("不提供", figures.refused);
    case kByPerson:
      return count_of("委託先による提供", figures.by_person);
    case kWithoutCenter:
      return count_of("他の方法", figures.without_center);
    case kErased:
      return count_of("消去", figures.residue_dropped, "人");
    case kExports:
      return count_of("出力", figures.exports.count);
    case kSubjects:
      return count_of("照会", figures.of(EntryKind::kSubjectQueried));
    case kReconciled:
      return count_of("突合", figures.of(EntryKind::kReconciled), "回");
    case kAlarms:
      return count_of("警報", figures.of(EntryKind::kAlarmLatched), "回");
    case kActions:
      return count_of("操作", figures.of(EntryKind::kOperatorAction));
    case kExtracts:
      return count_of("反映", figures.of(EntryKind::kRegisterActivated), "回");
    case kBoots:
      return count_of("起動", figures.of(EntryKind::kBoot), "回");
    case kSignOffs:
      return count_of("確認", figures.sign_offs, "回");
  }
  return "-";
}

}  // namespace

ReportSection requirements_section(const PeriodFigures& figures) {
  ReportTable table{.columns = {{.heading = "番号", .share = 2},
                                {.heading = "求められること", .share = 10},
                                {.heading = "確認の方法", .share = 9},
                                {.heading = "この年度の記録", .share = 5}},
                    .rows = {},
                    .when_empty = ""};
  for (const auto& row : kRows) {
    table.rows.push_back({std::string(row.id), std::string(row.demand), std::string(row.proof),
                          shown_words(row.shown, figures)});
  }
  return {.heading = "評価書の要件ごとの確認",
          .sentences = {"「試験」は自動試験による確認、「運用」は職員による確認を要するものです。"},
          .table = std::move(table)};
}

}  // namespace certrelay
