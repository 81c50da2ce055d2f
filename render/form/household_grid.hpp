// The geometry of 世帯連記式 on A4 portrait, in micrometres from the top left corner: header, four
// person blocks of twelve rows of 4.4 mm, footer.
#pragma once

#include <array>
#include <string_view>

#include "render/text/fit.hpp"

namespace certrelay {

inline constexpr Micrometres kRow = 4'400;
inline constexpr std::size_t kPersonsASheet = 4;
inline constexpr Micrometres kFirstBlockTop = 36'000;
inline constexpr Micrometres kBlockHeight = 12 * kRow;
inline constexpr Micrometres block_top(std::size_t block) {
  return kFirstBlockTop + kBlockHeight * static_cast<Micrometres>(block);
}

// Column edges.
inline constexpr Micrometres kLeft = 12'000;
inline constexpr Micrometres kNumberEnd = 18'000;
inline constexpr Micrometres kLabelEnd = 42'000;
inline constexpr Micrometres kValueEnd = 124'000;
inline constexpr Micrometres kRightLabelEnd = 158'000;
inline constexpr Micrometres kRight = 198'000;
// Row 6: birth, 性別 label and value, 続柄 label and value.
inline constexpr Micrometres kBirthEnd = 79'000;
inline constexpr Micrometres kSexLabelEnd = 87'500;
inline constexpr Micrometres kSexEnd = 93'500;
inline constexpr Micrometres kRelationLabelEnd = 102'000;
// 備考: the word, then the items.
inline constexpr Micrometres kRemarkLabel = 19'200;
inline constexpr Micrometres kRemarkItems = 28'000;

// Header.
inline constexpr Micrometres kHeaderTop = 20'600;
inline constexpr Micrometres kHeaderMiddle = 29'000;
inline constexpr Micrometres kHeaderBottom = 35'000;

// Line widths.
inline constexpr Micrometres kFrameLine = 350;
inline constexpr Micrometres kInnerLine = 150;
inline constexpr Micrometres kStrikeLine = 250;

// Paddings and sizes.
inline constexpr Micrometres kValuePadding = 1'000;
inline constexpr Micrometres kLabelPadding = 1'200;
inline constexpr Micrometres kHeaderValuePadding = 1'500;
inline constexpr Micrometres kHeaderLabelPadding = 4'000;
inline constexpr HalfPoints kValueSize = 18;
inline constexpr HalfPoints kNameSize = 28;
inline constexpr HalfPoints kLabelSize = 16;

// The value cells of a person block; which item a cell holds depends on the resident's kind.
enum class BlockCell : std::uint8_t {
  kNameKana,
  kIndividualNumber,
  kName,
  kResidentSince,
  kRow4,  // 旧氏の振り仮名 | 通称の振り仮名
  kAddressSince,
  kRow5,  // 旧氏 | 通称
  kNotified,
  kBirthDate,
  kSex,
  kRelation,
  kRow6,  // 筆頭者 | 在留カード等の番号
  kRow7,  // 本籍 | 国籍・地域
  kPreviousAddress,
  kRow9Left,
  kRow9Right,
  kRow10Left,
  kRow10Right,
  kRemark1,
  kRemark2,
};

struct BlockCellPlace {
  BlockCell cell;
  std::string_view where;   // names the field in errors
  int first_row, last_row;  // 1 to 12
  Micrometres left, right;
  HalfPoints size;
  Align align;
};

inline constexpr std::array<BlockCellPlace, 20> kBlockCells{{
    {BlockCell::kNameKana, "name_kana", 1, 1, kLabelEnd, kValueEnd, kValueSize, Align::kLeft},
    {BlockCell::kIndividualNumber, "individual_number", 1, 1, kRightLabelEnd, kRight, kValueSize,
     Align::kLeft},
    {BlockCell::kName, "name", 2, 3, kLabelEnd, kValueEnd, kNameSize, Align::kLeft},
    {BlockCell::kResidentSince, "resident_since", 3, 3, kRightLabelEnd, kRight, kValueSize,
     Align::kLeft},
    {BlockCell::kRow4, "former_surname_kana or alias_kana", 4, 4, kLabelEnd, kValueEnd, kValueSize,
     Align::kLeft},
    {BlockCell::kAddressSince, "address_since", 4, 4, kRightLabelEnd, kRight, kValueSize,
     Align::kLeft},
    {BlockCell::kRow5, "former_surname or alias", 5, 5, kLabelEnd, kValueEnd, kValueSize,
     Align::kLeft},
    {BlockCell::kNotified, "notified", 5, 5, kRightLabelEnd, kRight, kValueSize, Align::kLeft},
    {BlockCell::kBirthDate, "birth_date", 6, 6, kLabelEnd, kBirthEnd, kValueSize, Align::kLeft},
    {BlockCell::kSex, "sex", 6, 6, kSexLabelEnd, kSexEnd, kValueSize, Align::kCentre},
    {BlockCell::kRelation, "relation", 6, 6, kRelationLabelEnd, kValueEnd, kValueSize,
     Align::kLeft},
    {BlockCell::kRow6, "register_head or residence_card_number", 6, 6, kRightLabelEnd, kRight,
     kValueSize, Align::kLeft},
    {BlockCell::kRow7, "registered_domicile or nationality", 7, 7, kLabelEnd, kRight, kValueSize,
     Align::kLeft},
    {BlockCell::kPreviousAddress, "previous_address", 8, 8, kLabelEnd, kRight, kValueSize,
     Align::kLeft},
    {BlockCell::kRow9Left, "residence_status", 9, 9, kLabelEnd, kValueEnd, kValueSize,
     Align::kLeft},
    {BlockCell::kRow9Right, "residence_category", 9, 9, kRightLabelEnd, kRight, kValueSize,
     Align::kLeft},
    {BlockCell::kRow10Left, "residence_period", 10, 10, kLabelEnd, kValueEnd, kValueSize,
     Align::kLeft},
    {BlockCell::kRow10Right, "residence_expiry", 10, 10, kRightLabelEnd, kRight, kValueSize,
     Align::kLeft},
    // The items start at their column itself: no padding, so the box is widened by it.
    {BlockCell::kRemark1, "remarks", 11, 11, kRemarkItems - kValuePadding, kRight, kValueSize,
     Align::kLeft},
    {BlockCell::kRemark2, "remarks", 12, 12, kRemarkItems - kValuePadding, kRight, kValueSize,
     Align::kLeft},
}};

// A cell of a block whose top edge is `top`.
constexpr CellBox box_of(const BlockCellPlace& place, Micrometres top) {
  return {.left = place.left,
          .top = top + kRow * (place.first_row - 1),
          .right = place.right,
          .bottom = top + kRow * place.last_row,
          .padding = kValuePadding,
          .size = place.size,
          .align = place.align};
}

inline constexpr CellBox kAddressBox{kLabelEnd,     kHeaderTop,          kRight,
                                     kHeaderMiddle, kHeaderValuePadding, 22};
inline constexpr CellBox kHeadBox{kLabelEnd,     kHeaderMiddle,       kRight,
                                  kHeaderBottom, kHeaderValuePadding, 22};

// Footer: baselines and sizes.
inline constexpr Micrometres kSentenceX = 14'000;
inline constexpr Micrometres kSentenceBaseline = 253'400;
inline constexpr Micrometres kIssueX = 20'000;
inline constexpr Micrometres kIssueBaseline = 260'800;
inline constexpr HalfPoints kSentenceSize = 21;
inline constexpr Micrometres kOfficeRight = 128'000;
inline constexpr Micrometres kOfficeWidth = 50'000;
inline constexpr Micrometres kOfficeBaseline = 269'800;
inline constexpr HalfPoints kOfficeSize = 22;
inline constexpr Micrometres kSignerX = 132'000;
inline constexpr Micrometres kSignerWidth = 38'000;
inline constexpr HalfPoints kSignerSize = 30;
inline constexpr Micrometres kSealCentreX = 185'000;
inline constexpr Micrometres kSealNoteBaseline = 276'900;
inline constexpr HalfPoints kSealNoteSize = 15;
inline constexpr Micrometres kRuleY = 280'600;
inline constexpr Micrometres kFootBaseline = 284'600;
inline constexpr HalfPoints kFootSize = 16;

}  // namespace certrelay
