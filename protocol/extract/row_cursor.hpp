// Internal to protocol/extract: takes a row's cells in the schema's order and reports each fault
// with its place. Never repeats a value.
#pragma once

#include <charconv>
#include <optional>
#include <span>

#include "protocol/base/names.hpp"
#include "protocol/base/personal_text.hpp"
#include "protocol/base/register_date.hpp"
#include "protocol/base/time.hpp"
#include "protocol/extract/schema.hpp"

namespace certrelay {

enum class Presence : std::uint8_t { kOptional, kRequired };

class RowCursor {
 public:
  RowCursor(const Header& header, const CsvRow& row, const std::string& file,
            Diagnostics& diagnostics)
      : table_(header.table()),
        line_(row.line()),
        header_(&header),
        row_(&row),
        file_(&file),
        diagnostics_(&diagnostics) {}
  // A record whose cells stand in the schema's order already; all must outlive the cursor.
  RowCursor(Table table, std::span<const std::string_view> cells, std::uint64_t line,
            const std::string& file, Diagnostics& diagnostics)
      : table_(table), line_(line), cells_(cells), file_(&file), diagnostics_(&diagnostics) {}

  // The next cell of the schema.
  std::string_view take();
  // Another cell follows: of the columns that are not always there.
  bool more() const { return next_ < (header_ == nullptr ? cells_.size() : header_->columns()); }

  // Each takes one cell; a fault is reported and leaves a value that nobody may use (bad()).
  PersonalText text(Presence presence);
  std::string plain_text(Presence presence);
  template <class Id>
  std::optional<Id> id();
  bool flag();  // 1 or 0
  std::uint64_t number(std::uint64_t min, std::uint64_t max);
  template <class T, std::size_t N>
  T code(const Names<T, N>& names);
  std::optional<JstDay> day(Presence presence);
  Bytes hex(std::size_t bytes_max);
  // Takes two cells, `x` and `x_text`.
  RegisterDate date(Presence presence);
  // Takes two cells, `open` and `closed_reason`, which must agree.
  template <class T, std::size_t N>
  T gate(const Names<T, N>& names);

  // Reports a fault of the cell taken last.
  void fault(std::string_view rule, std::string_view mend,
             ErrorCode code = ErrorCode::kExtractInvalid);
  bool bad() const { return bad_; }

 private:
  bool check_text(std::string_view cell, Presence presence);

  Table table_;
  std::uint64_t line_;
  const Header* header_ = nullptr;  // none: the cells are `cells_`
  const CsvRow* row_ = nullptr;
  std::span<const std::string_view> cells_;
  const std::string* file_;
  Diagnostics* diagnostics_;
  std::size_t next_ = 0;
  bool bad_ = false;
};

template <class Id>
std::optional<Id> RowCursor::id() {
  auto parsed = Id::parse(take());
  if (parsed) return std::move(parsed).value();
  fault("id-form", "番号・コードの形式が正しくありません。");
  return std::nullopt;
}

template <class T, std::size_t N>
T RowCursor::code(const Names<T, N>& names) {
  auto value = value_of(names, take(), "extract: code");
  if (value) return value.value();
  fault("unknown-code", "定義にないコードです。FORMAT.mdのコード表を確認してください。",
        ErrorCode::kUnknownItem);
  return names.front().first;
}

template <class T, std::size_t N>
T RowCursor::gate(const Names<T, N>& names) {
  const bool open = flag();
  const T reason = code(names);
  if (!bad_ && open != (reason == T::kOpen)) {
    fault("gate-differs", "交付可能なら事由は空、交付不可なら事由が必要です。");
  }
  return reason;
}

}  // namespace certrelay
