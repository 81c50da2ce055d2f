// Where everything stands on a form's page: data of its template (FORMAT.md). Micrometres; blocks
// are laid out from their own top.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "render/pdf/seal_code.hpp"
#include "render/text/fit.hpp"

namespace certrelay {

// What a value cell prints. kMark is the form's own: an item that no kiosk prints, or a free pair
// that this kind of resident does not use.
enum class CellItem : std::uint8_t {
  kMark,
  kNameKana,
  kName,
  kIndividualNumber,
  kResidentSince,
  kAddressSince,
  kNotified,
  kBirthDate,
  kSex,
  kRelation,
  kPreviousAddress,
  // Japanese residents
  kFormerSurnameKana,
  kFormerSurname,
  kRegisterHead,
  kRegisteredDomicile,
  // foreign residents
  kAliasKana,
  kAlias,
  kResidenceCardNumber,
  kNationality,
  kResidenceStatus,
  kResidenceCategory,
  kResidencePeriod,
  kResidenceExpiry,
};

struct ValueCell {
  CellItem item = CellItem::kMark;
  std::string_view where;  // the item's name; a literal, for errors
  CellBox box{};
};

struct LabelCell {
  std::string text;
  CellBox box{};
  bool spread = true;  // 均等割付; else centred, as the mark of an unused pair is
};

struct BlockGrid {
  std::vector<LabelCell> labels;
  std::vector<ValueCell> cells;
};

struct GridLine {
  Micrometres x0, y0, x1, y1;
};

// 備考: equal rows, one item each.
struct RemarkGrid {
  Micrometres left, right, top, row;
  std::size_t rows;
  Micrometres padding;
  HalfPoints size;
  LabelCell label;
  // 以下余白 in the row after the last item, spread over this width; absent: nothing.
  struct Closing {
    std::string text;
    Micrometres left, right;
    HalfPoints size;
  };
  std::optional<Closing> closing;
};

struct HeaderGrid {
  LabelCell address_label, head_label;
  CellBox address{}, head{};
};

// The title, and what stands below the blocks.
struct PlaceGrid {
  struct {
    Micrometres centre, pitch, middle;
    HalfPoints size;
  } title;
  struct At {
    Micrometres x, baseline;
    HalfPoints size;
  };
  At sentence, issue_day, seal_note;
  // Two lines at most, right edges flush, the last on the baseline; the name beside it.
  struct {
    Micrometres right, width, baseline;
    HalfPoints size;
    Micrometres name_left, name_width;
    HalfPoints name_size;
  } office;
  struct {
    Micrometres centre, top, edge;
  } seal;
  struct {
    Micrometres left, right, rule, baseline;
    HalfPoints size;
  } foot;
  // The printed seal; absent: a municipality that prints one gives it a place.
  std::optional<CodeBox> code;
};

struct FormGrid {
  std::size_t persons;  // blocks on a page, 1 to 8
  Micrometres left, right, first_block, block_height;
  struct Number {  // of a block
    Micrometres right;
    HalfPoints size;
  };
  std::optional<Number> number;
  HeaderGrid header;
  std::vector<GridLine> lines;
  BlockGrid japanese, foreign;
  RemarkGrid remarks;
  PlaceGrid places;

  Micrometres block_top(std::size_t block) const {
    return first_block + block_height * static_cast<Micrometres>(block);
  }
};

// `box` of a block whose top edge is `top`.
constexpr CellBox below(CellBox box, Micrometres top) {
  box.top += top;
  box.bottom += top;
  return box;
}

// Row `row` (from 0) of a block's 備考.
CellBox remark_box(const RemarkGrid& remarks, std::size_t row);

// Line widths.
inline constexpr Micrometres kFrameLine = 350;
inline constexpr Micrometres kInnerLine = 150;
inline constexpr Micrometres kStrikeLine = 250;

}  // namespace certrelay
