#include "render/readback/cells.hpp"

#include <algorithm>

namespace certrelay {
namespace {

// Micrometres from the page's top left corner.
constexpr std::int64_t kTopOfBlocks = 36'000;
constexpr std::int64_t kRowHeight = 4'400;
constexpr std::int64_t kRowsABlock = 12;

Error mismatch(std::string_view where) { return Error{ErrorCode::kReadbackMismatch, where}; }

enum class Resident : std::uint8_t { kAny, kJapanese, kForeign };

struct Cell {
  PrintedItem item;
  Resident resident;
  int first_row, last_row;   // from 0
  std::int64_t left, right;  // [left, right)
};

constexpr std::int64_t kA = 42'000, kB = 124'000, kC = 158'000, kD = 198'000;
constexpr std::array<Cell, kPrintedItems> kCells{{
    {PrintedItem::kNameKana, Resident::kAny, 0, 0, kA, kB},
    {PrintedItem::kName, Resident::kAny, 1, 2, kA, kB},
    {PrintedItem::kFormerSurnameKana, Resident::kJapanese, 3, 3, kA, kB},
    {PrintedItem::kAliasKana, Resident::kForeign, 3, 3, kA, kB},
    {PrintedItem::kFormerSurname, Resident::kJapanese, 4, 4, kA, kB},
    {PrintedItem::kAlias, Resident::kForeign, 4, 4, kA, kB},
    {PrintedItem::kBirthDate, Resident::kAny, 5, 5, kA, 79'000},
    {PrintedItem::kSex, Resident::kAny, 5, 5, 87'500, 93'500},
    {PrintedItem::kRelation, Resident::kAny, 5, 5, 102'000, kB},
    {PrintedItem::kRegisteredDomicile, Resident::kJapanese, 6, 6, kA, kD},
    {PrintedItem::kNationality, Resident::kForeign, 6, 6, kA, kD},
    {PrintedItem::kPreviousAddress, Resident::kAny, 7, 7, kA, kD},
    {PrintedItem::kResidenceStatus, Resident::kForeign, 8, 8, kA, kB},
    {PrintedItem::kResidencePeriod, Resident::kForeign, 9, 9, kA, kB},
    {PrintedItem::kIndividualNumber, Resident::kAny, 0, 0, kC, kD},
    {PrintedItem::kResidentSince, Resident::kAny, 2, 2, kC, kD},
    {PrintedItem::kAddressSince, Resident::kAny, 3, 3, kC, kD},
    {PrintedItem::kNotified, Resident::kAny, 4, 4, kC, kD},
    {PrintedItem::kRegisterHead, Resident::kJapanese, 5, 5, kC, kD},
    {PrintedItem::kResidenceCardNumber, Resident::kForeign, 5, 5, kC, kD},
    {PrintedItem::kResidenceCategory, Resident::kForeign, 8, 8, kC, kD},
    {PrintedItem::kResidenceExpiry, Resident::kForeign, 9, 9, kC, kD},
}};

struct Spot {
  std::size_t block;
  int row;  // from 0
};

std::optional<Spot> spot_of(const TextRun& run) {
  const std::int64_t y = run.y_um - kTopOfBlocks;
  const std::int64_t rows = y / kRowHeight;
  if (y < 0 || rows >= kRowsABlock * static_cast<std::int64_t>(kBlocksAPage)) return std::nullopt;
  return Spot{static_cast<std::size_t>(rows / kRowsABlock), static_cast<int>(rows % kRowsABlock)};
}

// The string that collects a run's text, and null outside every cell.
class Sorter {
 public:
  Sorter(CollectedPage& page, const std::array<bool, kBlocksAPage>& foreign)
      : page_(&page), foreign_(&foreign) {}

  std::string* cell_of(const TextRun& run) {
    if (const auto spot = spot_of(run)) return block_cell(run, *spot);
    const auto in = [&run](std::int64_t left, std::int64_t top, std::int64_t right,
                           std::int64_t bottom) {
      return run.x_um >= left && run.x_um < right && run.y_um >= top && run.y_um < bottom;
    };
    if (in(kA, 20'600, kD, 29'000)) return &page_->address;
    if (in(kA, 29'000, kD, 35'000)) return &page_->head;
    if (in(13'500, 249'000, 170'000, 256'000)) return &page_->sentence;
    if (in(19'500, 256'000, 80'000, 263'000)) return &page_->issue_day;
    if (in(11'500, 282'000, 100'000, 286'000)) return &page_->document;
    if (in(150'000, 282'000, kD, 286'000)) return &page_->page_number;
    return nullptr;
  }

 private:
  std::string* block_cell(const TextRun& run, const Spot& spot) {
    auto& block = page_->blocks.at(spot.block);
    if (spot.row >= 10) {
      const bool in = run.x_um >= 27'500 && run.x_um < kD;
      return in ? &block.remarks.at(static_cast<std::size_t>(spot.row - 10)) : nullptr;
    }
    const auto other = foreign_->at(spot.block) ? Resident::kJapanese : Resident::kForeign;
    const auto* cell = std::ranges::find_if(kCells, [&](const Cell& c) {
      return c.resident != other && spot.row >= c.first_row && spot.row <= c.last_row &&
             run.x_um >= c.left && run.x_um < c.right;
    });
    if (cell == kCells.end()) return nullptr;
    return &block.items.at(static_cast<std::size_t>(cell->item));
  }

  CollectedPage* page_;
  const std::array<bool, kBlocksAPage>* foreign_;
};

}  // namespace

Result<CollectedPage> collect_values(const std::vector<TextRun>& values,
                                     const std::array<bool, kBlocksAPage>& foreign) {
  CollectedPage page;
  Sorter sorter(page, foreign);
  const std::string* last = nullptr;
  std::int64_t last_y = 0;
  for (const auto& run : values) {
    auto* cell = sorter.cell_of(run);
    if (cell == nullptr) return mismatch("readback: text outside every cell");
    // The lines of a cell follow each other, downwards; nobody writes into a cell again.
    if (!cell->empty() && (cell != last || run.y_um <= last_y)) {
      return mismatch("readback: lines out of order");
    }
    *cell += run.text.reveal();
    last = cell;
    last_y = run.y_um;
  }
  return page;
}

Result<CollectedForm> collect_form(const std::vector<TextRun>& form, std::string_view mark) {
  CollectedForm out;
  for (const auto& run : form) {
    if (run.turned) {
      out.turned += run.text.reveal();
      continue;
    }
    const auto spot = spot_of(run);
    if (!spot) continue;
    auto& block = out.blocks.at(spot->block);
    if (spot->row == 6 && run.x_um < kA && run.x_um >= 18'000) {
      block.row7_label += run.text.reveal();
    }
    const bool inner_label = spot->row == 5 && ((run.x_um >= 79'000 && run.x_um < 87'500) ||
                                                (run.x_um >= 93'500 && run.x_um < 102'000));
    const bool value_cell = ((run.x_um >= kA && run.x_um < kB) || run.x_um >= kC) && !inner_label;
    if (!value_cell) continue;
    if (run.text.reveal() != mark) return mismatch("readback: the form prints into a value cell");
    ++block.marks;
  }
  return out;
}

}  // namespace certrelay
