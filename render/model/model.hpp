// What a certificate's pages print, already decided: a plain value. Whoever selects (the choice at
// the kiosk, the gates, the register) has done so before; the form only lays it out.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "protocol/base/personal_text.hpp"
#include "protocol/base/register_date.hpp"
#include "protocol/base/time.hpp"
#include "protocol/ids/ids.hpp"
#include "protocol/ids/values.hpp"

namespace certrelay {

// What a cell shows. The marks themselves are the form template's data.
enum class CellState : std::uint8_t {
  kBlank,    // nothing: the register has no such item
  kValue,    // the register's value
  kOmitted,  // not selected: the mark of an omitted item (＊＊＊), which says nothing of the value
  kUnknown,  // the register marks it as unknown or never recorded: 【空欄】
};

struct TextCell {
  CellState state = CellState::kBlank;
  PersonalText value;  // empty unless kValue

  static TextCell of(PersonalText text) { return {CellState::kValue, std::move(text)}; }
  static TextCell of(CellState state) { return {state, {}}; }
  friend bool operator==(const TextCell&, const TextCell&) = default;
};

struct DateCell {
  CellState state = CellState::kBlank;
  RegisterDate date;  // empty() unless kValue

  static DateCell of(RegisterDate date) { return {CellState::kValue, std::move(date)}; }
  static DateCell of(CellState state) { return {state, {}}; }
  friend bool operator==(const DateCell&, const DateCell&) = default;
};

// One row of 備考: the parts that are not empty, in this order, a full-width space between. Free
// text is a remark with `label` alone.
struct Remark {
  PersonalText label;  // 通称の記載, 通称の削除, 旧氏の記載, or the register's own words
  PersonalText name;
  RegisterDate date;
  PersonalText place;  // municipality
  friend bool operator==(const Remark&, const Remark&) = default;
};

// The entries that only a Japanese resident's block has.
struct JapaneseItems {
  TextCell former_surname_kana;  // 旧氏の振り仮名
  TextCell former_surname;       // 旧氏
  TextCell registered_domicile;  // 本籍
  TextCell register_head;        // 筆頭者
  friend bool operator==(const JapaneseItems&, const JapaneseItems&) = default;
};

// The entries that only a foreign resident's block has (住基法30条の45).
struct ForeignItems {
  TextCell alias_kana;             // 通称の振り仮名
  TextCell alias;                  // 通称
  TextCell nationality;            // 国籍・地域
  TextCell residence_card_number;  // 在留カード等の番号
  TextCell residence_category;     // 法30条の45に規定する区分
  TextCell residence_status;       // 在留資格
  TextCell residence_period;       // 在留期間
  DateCell residence_expiry;       // 在留期間の満了の日
  friend bool operator==(const ForeignItems&, const ForeignItems&) = default;
};

struct PrintedPerson {
  // 43 characters of base64url: ties the block to one member of one transaction, and says nothing
  // about the person (protocol/wire/FORMAT.md).
  std::string subject_tag;
  std::variant<JapaneseItems, ForeignItems> items;
  TextCell name_kana;           // 氏名の振り仮名, where the register marks it as fixed
  PersonalText name;            // 氏名
  TextCell individual_number;   // 個人番号
  DateCell resident_since;      // 住民となった年月日, 外国人住民となった年月日
  DateCell address_since;       // 住所を定めた年月日
  DateCell notified;            // 届出日
  RegisterDate birth_date;      // 生年月日; Western calendar where `items` are a foreign resident's
  TextCell sex;                 // 性別
  TextCell relation;            // 続柄
  TextCell previous_address;    // 転入前住所
  std::vector<Remark> remarks;  // 備考, at most two in 世帯連記式

  bool foreign() const { return std::holds_alternative<ForeignItems>(items); }
  friend bool operator==(const PrintedPerson&, const PrintedPerson&) = default;
};

struct CertificateModel {
  CertificateKind kind = CertificateKind::kJuminhyo;
  PersonalText address{};                // 住所
  TextCell head_of_household{};          // 世帯主
  std::vector<PrintedPerson> persons{};  // 1 to 20, in printed order
  // Every member of the household, closed ones included, is among `persons`: decides the sentence.
  bool whole_household = false;
  JstDay issue_day{};  // the JST date of the intent
  DocumentId document_id;
  // The PDF's /ID: fresh random bytes, given as an input, stored nowhere else. They keep the
  // document's digest from confirming a guess of its content.
  std::array<std::uint8_t, 16> random_id{};
  bool demo = false;  // prints 見本 on every page
  // The text of each page's printed seal (protocol/seal), or nothing: then none is printed.
  std::vector<std::string> seals{};
};

}  // namespace certrelay
