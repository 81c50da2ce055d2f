#include "protocol/extract/row_cursor.hpp"

#include <algorithm>

namespace certrelay {

std::string_view RowCursor::take() {
  const std::size_t column = next_++;
  return header_ == nullptr ? cells_[column] : row_->cell(header_->position(column));
}

void RowCursor::fault(std::string_view rule, std::string_view mend, ErrorCode code) {
  bad_ = true;
  const auto column = table_columns(table_, IndividualNumbers::kHeld)[next_ - 1].name;
  diagnostics_->reject({*file_, line_, column, rule, mend, code});
}

bool RowCursor::check_text(std::string_view cell, Presence presence) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (cell.empty() && presence == Presence::kRequired) {
    fault("required", "値が必要です。");
    return false;
  }
  if (std::any_of(cell.begin(), cell.end(), is_control)) {
    fault("control-character", "改行・タブなどの制御文字は使えません。");
    return false;
  }
  return true;
}

PersonalText RowCursor::text(Presence presence) { return PersonalText(plain_text(presence)); }

std::string RowCursor::plain_text(Presence presence) {
  const auto cell = take();
  if (!check_text(cell, presence)) return {};
  return std::string(cell);
}

bool RowCursor::flag() {
  const auto cell = take();
  if (cell != "0" && cell != "1") fault("flag", "0か1にしてください。");
  return cell == "1";
}

std::uint64_t RowCursor::number(std::uint64_t min, std::uint64_t max) {
  const auto cell = take();
  std::uint64_t value = 0;
  const auto* end = cell.data() + cell.size();
  const auto read = std::from_chars(cell.data(), end, value);
  // No sign, no leading zero: one number has one spelling.
  const bool canonical = !cell.empty() && (cell == "0" || cell.front() != '0');
  if (read.ec != std::errc() || read.ptr != end || !canonical || value < min || value > max) {
    fault("number", "範囲内の整数にしてください（先頭の0は不可）。");
    return min;
  }
  return value;
}

std::optional<JstDay> RowCursor::day(Presence presence) {
  const auto cell = take();
  if (cell.empty() && presence == Presence::kOptional) return std::nullopt;
  auto parsed = parse_iso_day(cell);
  if (parsed) return parsed.value();
  fault("day", "実在する日をYYYY-MM-DDで入れてください。");
  return std::nullopt;
}

Bytes RowCursor::hex(std::size_t bytes_max) {
  auto parsed = from_hex(take());
  if (parsed && !parsed.value().empty() && parsed.value().size() <= bytes_max) {
    return std::move(parsed).value();
  }
  fault("hex", "小文字の16進数で、長さを確認してください。");
  return {};
}

RegisterDate RowCursor::date(Presence presence) {
  const auto iso = take();
  RegisterDate out;
  if (!iso.empty()) {
    auto parsed = RegisterDate::parse(iso);
    if (parsed) {
      out = std::move(parsed).value();
    } else {
      fault("date", "実在する日をYYYY-MM-DDで入れてください（不明な部分は00）。");
    }
  }
  out.text = text(Presence::kOptional);
  if (presence == Presence::kRequired && out.empty() && !bad_) fault("required", "値が必要です。");
  return out;
}

}  // namespace certrelay
