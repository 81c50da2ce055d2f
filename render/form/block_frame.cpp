#include "render/form/form_parts.hpp"

namespace certrelay {
namespace {

class BlockWriter {
 public:
  BlockWriter(const FormTemplate& form, const FontList& fonts, FontSet& set, std::size_t block)
      : form_(&form),
        grid_(&form.grid),
        writer_(fonts, set),
        block_(block),
        top_(form.grid.block_top(block)) {}

  Result<std::string> write(BlockKind kind) && {
    const auto bottom = top_ + grid_->block_height;
    for (const auto& line : grid_->lines) {
      writer_.content().line(line.x0, top_ + line.y0, line.x1, top_ + line.y1, kInnerLine);
    }
    if (kind == BlockKind::kEmpty) {
      writer_.content().line(grid_->right, top_, number_end(), bottom, kStrikeLine);
    }
    writer_.content().rectangle(grid_->left, top_, grid_->right, bottom, kFrameLine);
    CERTRELAY_TRY(number(bottom));
    const auto& block = kind == BlockKind::kForeign ? grid_->foreign : grid_->japanese;
    for (const auto& cell : block.labels) {
      CERTRELAY_TRY(label(cell));
    }
    CERTRELAY_TRY(label(grid_->remarks.label));
    if (kind != BlockKind::kEmpty) {
      CERTRELAY_TRY(constant_marks(block));
    }
    return std::move(writer_).take();
  }

 private:
  Micrometres number_end() const { return grid_->number ? grid_->number->right : grid_->left; }

  Result<void> number(Micrometres bottom) {
    if (!grid_->number) return ok();
    const char digit = static_cast<char>('1' + block_);
    return writer_.in_cell({&digit, 1}, {grid_->left, top_, grid_->number->right, bottom, 0,
                                         grid_->number->size, Align::kCentre});
  }

  Result<void> label(const LabelCell& cell) {
    const auto box = below(cell.box, top_);
    return cell.spread ? writer_.spread(cell.text, box) : writer_.in_cell(cell.text, box);
  }

  // 住民票コード, which no kiosk prints, and the free pairs that this kind of resident does not
  // use.
  Result<void> constant_marks(const BlockGrid& block) {
    for (const auto& cell : block.cells) {
      if (cell.item != CellItem::kMark) continue;
      CERTRELAY_TRY(writer_.in_cell(form_->marks.omitted, below(cell.box, top_)));
    }
    return ok();
  }

  const FormTemplate* form_;
  const FormGrid* grid_;
  FormWriter writer_;
  std::size_t block_;
  Micrometres top_;
};

}  // namespace

Result<std::string> block_operators(const FormTemplate& form, const FontList& fonts, FontSet& set,
                                    std::size_t block, BlockKind kind) {
  return BlockWriter(form, fonts, set, block).write(kind);
}

Result<std::string> closing_operators(const FormTemplate& form, const FontList& fonts, FontSet& set,
                                      std::size_t block, std::size_t row) {
  const auto& closing = form.grid.remarks.closing.value();
  const auto box = below(remark_box(form.grid.remarks, row), form.grid.block_top(block));
  FormWriter writer(fonts, set);
  CERTRELAY_TRY(writer.spread(closing.text,
                              {closing.left, box.top, closing.right, box.bottom, 0, closing.size}));
  return std::move(writer).take();
}

}  // namespace certrelay
