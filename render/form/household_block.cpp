#include "render/form/household_grid.hpp"
#include "render/form/household_parts.hpp"

namespace certrelay {
namespace {

struct Labels {
  // Rows 1 to 10, left; rows 2 and 3 are one cell.
  std::array<std::string_view, 10> left;
  // Rows 1 to 6, 9 and 10, right.
  std::array<std::string_view, 10> right;
};

Labels japanese_labels(const FormTemplate& t) {
  const auto& c = t.common;
  const auto& j = t.japanese;
  const std::string_view mark = t.marks.omitted;
  return {{c.name_kana,
           c.name,
           {},
           j.former_surname_kana,
           j.former_surname,
           c.birth_date,
           j.registered_domicile,
           c.previous_address,
           mark,
           mark},
          {c.individual_number,
           c.resident_code,
           j.resident_since,
           c.address_since,
           c.notified,
           j.register_head,
           {},
           {},
           mark,
           mark}};
}

Labels foreign_labels(const FormTemplate& t) {
  const auto& c = t.common;
  const auto& f = t.foreign;
  return {{c.name_kana,
           c.name,
           {},
           f.alias_kana,
           f.alias,
           c.birth_date,
           f.nationality,
           c.previous_address,
           f.residence_status,
           f.residence_period},
          {c.individual_number,
           c.resident_code,
           f.resident_since,
           c.address_since,
           c.notified,
           f.residence_card_number,
           {},
           {},
           f.residence_category,
           f.residence_expiry}};
}

class BlockWriter {
 public:
  BlockWriter(const FormTemplate& form, const FontList& fonts, FontSet& set, std::size_t block)
      : form_(&form), writer_(fonts, set), block_(block), top_(block_top(block)) {}

  Result<std::string> write(BlockKind kind) && {
    lines();
    if (kind == BlockKind::kEmpty) {
      writer_.content().line(kRight, top_, kNumberEnd, row(12), kStrikeLine);
    }
    writer_.content().rectangle(kLeft, top_, kRight, row(12), kFrameLine);
    CERTRELAY_TRY(number());
    CERTRELAY_TRY(
        labels(kind == BlockKind::kForeign ? foreign_labels(*form_) : japanese_labels(*form_)));
    if (kind != BlockKind::kEmpty) {
      CERTRELAY_TRY(constant_marks(kind));
    }
    return std::move(writer_).take();
  }

 private:
  // The bottom edge of row `n`; row(0) is the block's top.
  Micrometres row(int n) const { return top_ + kRow * n; }
  Micrometres middle_of(int first, int last) const { return (row(first - 1) + row(last)) / 2; }

  void horizontal(int n, Micrometres left) {
    writer_.content().line(left, row(n), kRight, row(n), kInnerLine);
  }
  void vertical(Micrometres x, int first, int last) {
    writer_.content().line(x, row(first - 1), x, row(last), kInnerLine);
  }

  void lines() {
    for (int n = 1; n < 12; ++n) horizontal(n, n == 2 ? kValueEnd : kNumberEnd);
    vertical(kNumberEnd, 1, 12);
    vertical(kLabelEnd, 1, 10);
    for (const auto x : {kValueEnd, kRightLabelEnd}) {
      vertical(x, 1, 6);
      vertical(x, 9, 10);
    }
    for (const auto x : {kBirthEnd, kSexLabelEnd, kSexEnd, kRelationLabelEnd}) vertical(x, 6, 6);
  }

  Result<void> number() {
    const char digit = static_cast<char>('1' + block_);
    return writer_.in_cell({&digit, 1}, {kLeft, top_, kNumberEnd, row(12), 0, 22, Align::kCentre});
  }

  Result<void> label(std::string_view text, Micrometres left, Micrometres right, int first,
                     int last) {
    if (text == form_->marks.omitted) {
      return writer_.in_cell(text, {left, row(first - 1), right, row(last), kLabelPadding,
                                    kLabelSize, Align::kCentre});
    }
    return writer_.spread(text, left, right, middle_of(first, last), kLabelPadding, kLabelSize);
  }

  Result<void> labels(const Labels& labels) {
    for (int n = 1; n <= 10; ++n) {
      const auto& left = labels.left.at(static_cast<std::size_t>(n - 1));
      const auto& right = labels.right.at(static_cast<std::size_t>(n - 1));
      if (!left.empty()) {
        CERTRELAY_TRY(label(left, kNumberEnd, kLabelEnd, n, n == 2 ? 3 : n));
      }
      if (!right.empty()) {
        CERTRELAY_TRY(label(right, kValueEnd, kRightLabelEnd, n, n));
      }
    }
    CERTRELAY_TRY(label(form_->common.sex, kBirthEnd, kSexLabelEnd, 6, 6));
    CERTRELAY_TRY(label(form_->common.relation, kSexEnd, kRelationLabelEnd, 6, 6));
    return writer_.at(form_->common.remarks, kRemarkLabel, middle_of(11, 11) + ems(370, kLabelSize),
                      kLabelSize);
  }

  Result<void> mark(Micrometres left, Micrometres right, int n) {
    return writer_.in_cell(form_->marks.omitted,
                           {left, row(n - 1), right, row(n), kValuePadding, kValueSize});
  }

  // 住民票コード is never printed by a kiosk, and a Japanese resident has no items in rows 9, 10.
  Result<void> constant_marks(BlockKind kind) {
    CERTRELAY_TRY(mark(kRightLabelEnd, kRight, 2));
    if (kind == BlockKind::kForeign) return ok();
    for (const int n : {9, 10}) {
      CERTRELAY_TRY(mark(kLabelEnd, kValueEnd, n));
      CERTRELAY_TRY(mark(kRightLabelEnd, kRight, n));
    }
    return ok();
  }

  const FormTemplate* form_;
  FormWriter writer_;
  std::size_t block_;
  Micrometres top_;
};

}  // namespace

Result<std::string> block_operators(const FormTemplate& form, const FontList& fonts, FontSet& set,
                                    std::size_t block, BlockKind kind) {
  return BlockWriter(form, fonts, set, block).write(kind);
}

}  // namespace certrelay
