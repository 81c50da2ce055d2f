#include "protocol/extract/schema.hpp"

#include <algorithm>
#include <array>

#include "protocol/base/check.hpp"
#include "protocol/ids/text_id.hpp"
#include "protocol/wire/fee.hpp"

namespace certrelay {
namespace {

// The order of columns is that of the decoders in record_decode.cpp and the encoders beside them.
constexpr std::array kKindColumns{
    ColumnInfo{"kind", "運用: 証明書の種別"},
    ColumnInfo{"kind_name", "運用: 証明書の種別"},
    ColumnInfo{"inquiry", "別添2(4) 22 問い合わせ有無フラグ"},
    ColumnInfo{"individual_number", "別添2(4) 19 個人番号有無選択指定"},
};
constexpr std::array kPurposeColumns{
    ColumnInfo{"purpose", "別添2(4) 13 証明書用途コード"},
    ColumnInfo{"purpose_name", "別添2(4) 14 証明書用途名称"},
};
constexpr std::array kEntryColumns{
    ColumnInfo{"entry", "別添2(4) 15 記載有無コード"},
    ColumnInfo{"entry_name", "別添2(4) 16 記載有無名称"},
    ColumnInfo{"default", "別添2(4) 17 記載有無デフォルト"},
    ColumnInfo{"selectable", "別添2(4) 18 住記記載有無選択指定"},
};
constexpr std::array kFeeColumns{
    ColumnInfo{"kind", "運用: 証明書の種別"},
    ColumnInfo{"purpose", "別添2(4) 13 証明書用途コード"},
    ColumnInfo{"unit_price_yen", "別添2(4) 20 単価"},
    ColumnInfo{"unit", "別添2(4) 21 徴収単位"},
    ColumnInfo{"effective_from", "別添2(4) 20 単価（適用開始日）"},
};
constexpr std::array kCardColumns{
    ColumnInfo{"issuer", "運用: カードとの紐付け（発行者、manifestのissuersの番号）"},
    ColumnInfo{"serial", "運用: カードとの紐付け（証明書の発行番号）"},
    ColumnInfo{"valid_from", "運用: カードとの紐付け（利用開始日）"},
    ColumnInfo{"person_id", "別添2(4) 1 識別ID（この連携のためだけの番号）"},
};
constexpr std::array kHouseholdColumns{
    ColumnInfo{"household_id", "運用: 世帯の結合（この連携のためだけの番号）"},
    ColumnInfo{"head_person_id", "住基法7条4号 世帯主"},
    ColumnInfo{"address", "住基法7条7号 住所"},
    ColumnInfo{"head_name", "住基法7条4号 世帯主の氏名"},
    ColumnInfo{"member_count", "別添2(4) 2 世帯員数"},
    ColumnInfo{"open", "別添2(4) 3 世帯情報 交付可能フラグ"},
    ColumnInfo{"closed_reason", "別添2(4) 4 世帯情報 交付不可事由"},
};
constexpr std::array kPersonColumns{
    ColumnInfo{"person_id", "別添2(4) 7 世帯員識別ID（この連携のためだけの番号）"},
    ColumnInfo{"household_id", "運用: 世帯の結合（この連携のためだけの番号）"},
    ColumnInfo{"order", "運用: 世帯内の記載順"},
    ColumnInfo{"resident_class", "別添2(4) 8 住民区分"},
    ColumnInfo{"resident_class_text", "別添2(4) 8 住民区分"},
    ColumnInfo{"name", "住基法7条1号 氏名"},
    ColumnInfo{"kana", "住基法7条1号の2 氏名の振り仮名"},
    ColumnInfo{"kana_fixed", "住基法7条1号の2 氏名の振り仮名（確定の有無）"},
    ColumnInfo{"name_image", "別添2(4) 11 漢字氏名イメージ"},
    ColumnInfo{"birth_date", "住基法7条2号 出生の年月日"},
    ColumnInfo{"birth_date_text", "住基法7条2号 出生の年月日"},
    ColumnInfo{"sex", "住基法7条3号 男女の別"},
    ColumnInfo{"sex_text", "住基法7条3号 男女の別"},
    ColumnInfo{"relation", "住基法7条4号 世帯主との続柄"},
    ColumnInfo{"relation_text", "住基法7条4号 世帯主との続柄"},
    ColumnInfo{"former_name", "住基法7条14号（施行令30条の14） 旧氏"},
    ColumnInfo{"former_name_kana", "住基法7条14号（施行令30条の14） 旧氏の振り仮名"},
    ColumnInfo{"resident_since", "住基法7条6号 住民となった年月日"},
    ColumnInfo{"resident_since_text", "住基法7条6号 住民となった年月日"},
    ColumnInfo{"address_since", "住基法7条7号 住所を定めた年月日"},
    ColumnInfo{"address_since_text", "住基法7条7号 住所を定めた年月日"},
    ColumnInfo{"notified", "住基法7条8号 届出の年月日"},
    ColumnInfo{"notified_text", "住基法7条8号 届出の年月日"},
    ColumnInfo{"registered_domicile", "住基法7条5号 戸籍の表示（本籍）"},
    ColumnInfo{"register_head", "住基法7条5号 戸籍の表示（筆頭者）"},
    ColumnInfo{"previous_address", "住基法7条8号 従前の住所"},
    ColumnInfo{"nationality", "住基法30条の45 国籍・地域"},
    ColumnInfo{"residence_category", "住基法30条の45 表上欄の区分"},
    ColumnInfo{"residence_card_number", "住基法30条の45 在留カード等の番号"},
    ColumnInfo{"residence_status", "住基法30条の45 在留資格"},
    ColumnInfo{"residence_period", "住基法30条の45 在留期間"},
    ColumnInfo{"residence_expiry", "住基法30条の45 在留期間の満了の日"},
    ColumnInfo{"residence_expiry_text", "住基法30条の45 在留期間の満了の日"},
    ColumnInfo{"foreign_since", "住基法30条の45 外国人住民となった年月日"},
    ColumnInfo{"foreign_since_text", "住基法30条の45 外国人住民となった年月日"},
    ColumnInfo{"alias", "住基法7条14号（施行令30条の16） 通称"},
    ColumnInfo{"alias_kana", "住基法7条14号（施行令30条の16） 通称の振り仮名"},
    ColumnInfo{"remarks", "住基法7条14号（施行令30条の16） 通称の記載及び削除に関する事項、備考"},
    ColumnInfo{"open", "別添2(4) 5 個人情報 交付可能フラグ"},
    ColumnInfo{"closed_reason", "別添2(4) 6 個人情報 交付不可事由"},
    ColumnInfo{"applicant_closed_reason", "運用: 本人のカードを受け付けない事由"},
    ColumnInfo{"applicant_closed_from", "運用: 本人のカードを受け付けない事由（適用開始日）"},
    // Last, and there only where it is held (R08).
    ColumnInfo{"individual_number", "住基法7条8号の2 個人番号"},
};
constexpr std::span<const ColumnInfo> kPersonColumnsWithNumber{kPersonColumns};

constexpr std::array kTables{
    TableInfo{"kinds.csv", kKindColumns, 2},
    TableInfo{"purposes.csv", kPurposeColumns, 64},
    TableInfo{"entries.csv", kEntryColumns, 32},
    TableInfo{"fees.csv", kFeeColumns, kFeesMax},
    TableInfo{"cards.csv", kCardColumns, 40'000'000},
    TableInfo{"households.csv", kHouseholdColumns, 20'000'000},
    TableInfo{"persons.csv", kPersonColumnsWithNumber.first(kPersonColumns.size() - 1), 20'000'000},
};

struct ForbiddenColumn {
  std::string_view name;
  std::string_view mend;
};
constexpr std::string_view kNoResidentCode =
    "住民票コードは連携できません。列を取り除いてください。（評価書 II.2 記録項目）";
constexpr std::string_view kNoAddressee =
    "宛名番号・世帯番号は連携できません。列を取り除いてください。（評価書 III.3 宛名管理）";
constexpr std::string_view kNoIndividualNumber =
    "個人番号は連携できません。列を取り除いてください。（評価書 II.2 記録項目。"
    "保有する団体はindividual_numberの宣言が必要です）";
constexpr std::array kForbidden{
    ForbiddenColumn{"住民票コード", kNoResidentCode},
    ForbiddenColumn{"juminhyo_code", kNoResidentCode},
    ForbiddenColumn{"resident_code", kNoResidentCode},
    ForbiddenColumn{"宛名番号", kNoAddressee},
    ForbiddenColumn{"atena_number", kNoAddressee},
    ForbiddenColumn{"addressee_number", kNoAddressee},
    ForbiddenColumn{"世帯番号", kNoAddressee},
    ForbiddenColumn{"setai_number", kNoAddressee},
    ForbiddenColumn{"個人番号", kNoIndividualNumber},
    ForbiddenColumn{"マイナンバー", kNoIndividualNumber},
    ForbiddenColumn{"individual_number", kNoIndividualNumber},
    ForbiddenColumn{"my_number", kNoIndividualNumber},
};

constexpr std::string_view kImageAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789-";
constexpr std::string_view kImageEnd = ".png";

Diagnostic unknown_column(const CsvReader& reader, std::string_view name, std::string place) {
  const auto* found = std::find_if(kForbidden.begin(), kForbidden.end(),
                                   [&](const auto& known) { return known.name == name; });
  if (found != kForbidden.end()) {
    return {reader.file(),    1,           found->name,
            "forbidden-item", found->mend, ErrorCode::kForbiddenItem};
  }
  return {reader.file(),
          1,
          {},
          "unknown-column",
          "定義にない列です。列を取り除くか、列名を直してください。",
          ErrorCode::kUnknownItem,
          {},
          std::move(place)};
}

// "8列目（phone_number）: ". A name is repeated only from a row that plainly is a header, with half
// of the table's columns: a file without one would put a resident's name there.
std::string column_place(const CsvRow& row, std::size_t index,
                         std::span<const ColumnInfo> columns) {
  constexpr std::size_t kNameBytesMax = 64;
  const auto is_there = [&](const ColumnInfo& column) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (row.cell(i) == column.name) return true;
    }
    return false;
  };
  const auto known = std::count_if(columns.begin(), columns.end(), is_there);
  const auto name = row.cell(index);
  const bool plain = std::none_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
  const bool shown = static_cast<std::size_t>(known) * 2 >= columns.size() && plain &&
                     !name.empty() && name.size() <= kNameBytesMax;
  const auto place = std::to_string(index + 1) + "列目";
  return shown ? place + "（" + std::string(name) + "）: " : place + ": ";
}

}  // namespace

std::span<const TableInfo> extract_tables() { return kTables; }

const TableInfo& table_info(Table table) { return kTables.at(static_cast<std::size_t>(table)); }

std::span<const ColumnInfo> table_columns(Table table, IndividualNumbers numbers) {
  const bool with_number = table == Table::kPersons && numbers == IndividualNumbers::kHeld;
  return with_number ? kPersonColumnsWithNumber : table_info(table).columns;
}

std::size_t extract_column_count() {
  std::size_t count = 0;
  for (const auto& table : kTables) count += table.columns.size();
  return count;
}

bool is_image_name(std::string_view name) {
  return name.ends_with(kImageEnd) &&
         is_text_of(name.substr(0, name.size() - kImageEnd.size()), kImageAlphabet, 1, 40);
}

Result<Header> Header::read(CsvReader& reader, Table table, IndividualNumbers numbers) {
  const auto columns = table_columns(table, numbers);
  constexpr auto kAbsent = static_cast<std::size_t>(-1);
  std::vector<std::size_t> positions(columns.size(), kAbsent);
  ErrorCode worst = ErrorCode::kNone;
  const auto refuse = [&](Diagnostic fault) {
    if (worst == ErrorCode::kNone) worst = fault.code;
    reader.diagnostics().reject(std::move(fault));
  };
  CsvRow row;
  CERTRELAY_TRY(const bool any, reader.next(row));
  for (std::size_t i = 0; any && i < row.size(); ++i) {
    const auto* column = std::find_if(columns.data(), columns.data() + positions.size(),
                                      [&](const auto& known) { return known.name == row.cell(i); });
    const auto index = static_cast<std::size_t>(column - columns.data());
    if (index == positions.size()) {
      refuse(unknown_column(reader, row.cell(i), column_place(row, i, columns)));
    } else if (positions[index] != kAbsent) {
      refuse({reader.file(), 1, column->name, "double-column", "同じ列が2つあります。"});
    } else {
      positions[index] = i;
    }
  }
  for (std::size_t index = 0; index < positions.size(); ++index) {
    if (positions[index] == kAbsent) {
      refuse({reader.file(), 1, columns[index].name, "missing-column", "列がありません。"});
    }
  }
  if (worst != ErrorCode::kNone) return Error{worst, "extract: header"};
  std::vector<std::string_view> names(positions.size());
  for (std::size_t index = 0; index < positions.size(); ++index) {
    names[positions[index]] = columns[index].name;
  }
  reader.name_columns(std::move(names));
  return Header(table, std::move(positions));
}

}  // namespace certrelay
