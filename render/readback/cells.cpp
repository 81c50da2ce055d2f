#include "render/readback/cells.hpp"

#include <algorithm>
#include <set>

namespace certrelay {
namespace {

Error mismatch(std::string_view where) { return Error{ErrorCode::kReadbackMismatch, where}; }

bool lies_in(const ReadbackRect& rect, std::int64_t x, std::int64_t y) {
  return x >= rect.left && x < rect.right && y >= rect.top && y < rect.bottom;
}

// A text's place within a block.
struct Spot {
  std::size_t block;
  std::int64_t x, y;
};

std::optional<Spot> spot_of(const TextRun& run, const ReadbackRules& rules) {
  const std::int64_t y = run.y_um - rules.first_block;
  const auto block = y / rules.block_height;
  if (y < 0 || block >= static_cast<std::int64_t>(rules.blocks)) return std::nullopt;
  return Spot{static_cast<std::size_t>(block), run.x_um, y % rules.block_height};
}

// The row of 備考, if it is one.
std::optional<std::size_t> remark_row(const Spot& spot, const ReadbackRemarks& remarks) {
  const auto y = spot.y - remarks.top;
  const auto row = y / remarks.row;
  if (y < 0 || row >= static_cast<std::int64_t>(remarks.rows)) return std::nullopt;
  if (spot.x < remarks.left || spot.x >= remarks.right) return std::nullopt;
  return static_cast<std::size_t>(row);
}

// A block without a resident (kAny) has every cell, so that nothing may stand in any.
bool has_cell(Resident resident, const ReadbackCell& cell) {
  return resident == Resident::kAny || cell.resident == Resident::kAny || cell.resident == resident;
}

const ReadbackCell* cell_at(const Spot& spot, Resident resident, const ReadbackRules& rules) {
  const auto cell = std::ranges::find_if(rules.cells, [&](const ReadbackCell& one) {
    return has_cell(resident, one) && lies_in(one.rect, spot.x, spot.y);
  });
  return cell == rules.cells.end() ? nullptr : &*cell;
}

// The string that collects a run's text, and null outside every cell.
class Sorter {
 public:
  Sorter(CollectedPage& page, const std::vector<Resident>& residents, const ReadbackRules& rules)
      : page_(&page), residents_(&residents), rules_(&rules) {}

  std::string* cell_of(const TextRun& run) {
    if (run.turned) return nullptr;
    if (const auto spot = spot_of(run, *rules_)) return block_cell(*spot);
    const auto in = [&run](const ReadbackRect& rect) { return lies_in(rect, run.x_um, run.y_um); };
    if (in(rules_->address)) return &page_->address;
    if (in(rules_->head)) return &page_->head;
    if (in(rules_->sentence)) return &page_->sentence;
    if (in(rules_->issue_day)) return &page_->issue_day;
    if (in(rules_->document)) return &page_->document;
    if (in(rules_->page_number)) return &page_->page_number;
    return nullptr;
  }

 private:
  std::string* block_cell(const Spot& spot) {
    auto& block = page_->blocks.at(spot.block);
    if (const auto row = remark_row(spot, rules_->remarks)) return &block.remarks.at(*row);
    const auto* cell = cell_at(spot, residents_->at(spot.block), *rules_);
    if (cell == nullptr || !cell->item) return nullptr;
    return &block.items.at(static_cast<std::size_t>(*cell->item));
  }

  CollectedPage* page_;
  const std::vector<Resident>* residents_;
  const ReadbackRules* rules_;
};

// One text of the form in a block.
Result<void> collect_in_block(const Spot& spot, std::string_view text, Resident resident,
                              const ReadbackRules& rules, CollectedForm::Block& block,
                              std::set<const ReadbackCell*>& marked) {
  if (lies_in(rules.kind_label, spot.x, spot.y)) {
    block.kind_label += text;
    return ok();
  }
  if (const auto row = remark_row(spot, rules.remarks)) {
    block.remarks.at(*row) += text;
    return ok();
  }
  const auto* cell = cell_at(spot, resident, rules);
  if (cell == nullptr) return ok();  // a label
  if (cell->item || text != rules.omitted_mark) {
    return mismatch("readback: the form prints into a value cell");
  }
  if (!marked.insert(cell).second) return mismatch("readback: a mark twice");
  ++block.marks;
  return ok();
}

}  // namespace

Result<CollectedPage> collect_values(const std::vector<TextRun>& values,
                                     const std::vector<Resident>& residents,
                                     const ReadbackRules& rules) {
  CollectedPage page;
  page.blocks.resize(rules.blocks);
  for (auto& block : page.blocks) block.remarks.resize(rules.remarks.rows);
  Sorter sorter(page, residents, rules);
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

Result<CollectedForm> collect_form(const std::vector<TextRun>& form,
                                   const std::vector<Resident>& residents,
                                   const ReadbackRules& rules) {
  CollectedForm out;
  out.blocks.resize(rules.blocks);
  for (auto& block : out.blocks) block.remarks.resize(rules.remarks.rows);
  std::vector<std::set<const ReadbackCell*>> marked(rules.blocks);
  for (const auto& run : form) {
    if (run.turned) {
      out.turned += run.text.reveal();
      continue;
    }
    const auto spot = spot_of(run, rules);
    if (!spot) continue;
    CERTRELAY_TRY(collect_in_block(*spot, run.text.reveal(), residents.at(spot->block), rules,
                                   out.blocks.at(spot->block), marked.at(spot->block)));
  }
  return out;
}

std::size_t marks_of(Resident resident, const ReadbackRules& rules) {
  if (resident == Resident::kAny) return 0;
  return static_cast<std::size_t>(std::ranges::count_if(
      rules.cells, [&](const auto& cell) { return !cell.item && has_cell(resident, cell); }));
}

}  // namespace certrelay
