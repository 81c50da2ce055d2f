#include "protocol/extract/csv.hpp"

#include <algorithm>
#include <array>

#include "protocol/base/check.hpp"
#include "protocol/base/utf8.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kReadSize = std::size_t{64} * 1024;
constexpr std::array<std::uint8_t, 3> kMark{0xEF, 0xBB, 0xBF};

}  // namespace

std::string_view CsvRow::cell(std::size_t index) const {
  CERTRELAY_CHECK(index < ends_.size());
  const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
  return std::string_view(text_).substr(begin, ends_[index] - begin);
}

CsvReader::CsvReader(ByteSource& source, std::string file, Diagnostics& diagnostics,
                     LineEnds line_ends)
    : source_(&source),
      file_(std::move(file)),
      diagnostics_(&diagnostics),
      line_ends_(line_ends),
      buffer_(kReadSize) {}

Error CsvReader::fault(const CsvRow& row, std::string_view rule, std::string_view mend) {
  return fault_of_cell(row, row.size(), rule, mend);
}

Error CsvReader::fault_of_cell(const CsvRow& row, std::size_t cell, std::string_view rule,
                               std::string_view mend) {
  failed_ = true;
  const auto column = cell < names_.size() ? names_[cell] : std::string_view();
  diagnostics_->reject({file_, row.line_, column, rule, mend, ErrorCode::kExtractInvalid});
  return {ErrorCode::kExtractInvalid, "csv"};
}

Result<int> CsvReader::byte() {
  if (at_ == filled_) {
    CERTRELAY_TRY(filled_, source_->read(buffer_));
    at_ = 0;
    if (filled_ == 0) return kEnd;
  }
  return static_cast<int>(buffer_[at_++]);
}

Result<void> CsvReader::skip_mark() {
  begun_ = true;
  // Reads ahead as far as a mark can go: a source may hand out a byte at a time.
  std::size_t have = 0;
  while (have < kMark.size()) {
    CERTRELAY_TRY(const std::size_t count,
                  source_->read(std::span(buffer_).subspan(have, kReadSize - have)));
    if (count == 0) break;
    have += count;
  }
  filled_ = have;
  if (have >= kMark.size() && std::equal(kMark.begin(), kMark.end(), buffer_.begin())) {
    at_ = kMark.size();
    diagnostics_->warn({file_,
                        1,
                        {},
                        "byte-order-mark",
                        "BOMは不要です。BOMなしのUTF-8で出力してください。",
                        ErrorCode::kExtractInvalid});
  }
  return ok();
}

Result<void> CsvReader::append(int c, CsvRow& row) {
  const std::size_t begin = row.ends_.empty() ? 0 : row.ends_.back();
  if (row.text_.size() - begin >= kCsvCellBytesMax || row.text_.size() >= kCsvRowBytesMax) {
    return fault(row, "cell-too-long", "セルが長すぎます。8,192バイト以内にしてください。");
  }
  row.text_.push_back(static_cast<char>(c));
  return ok();
}

Result<void> CsvReader::end_cell(CsvRow& row) {
  if (row.ends_.size() >= kCsvColumnsMax) {
    return fault(row, "too-many-cells", "1行のセルが多すぎます。列の定義を確認してください。");
  }
  row.ends_.push_back(row.text_.size());
  return ok();
}

Result<bool> CsvReader::end_row(CsvRow& row) {
  CERTRELAY_TRY(end_cell(row));
  ++line_;
  return true;
}

Result<bool> CsvReader::step_plain(int c, CsvRow& row, bool at_start) {
  if (c == ',') {
    CERTRELAY_TRY(end_cell(row));
    state_ = State::kCellStart;
    return false;
  }
  if (c == '\r') {
    state_ = State::kCrSeen;
    return false;
  }
  if (c == '\n') {
    if (line_ends_ == LineEnds::kAny) return end_row(row);
    return fault(row, "line-end", "改行はCRLFにしてください。");
  }
  if (c == '"') {
    if (!at_start) return fault(row, "stray-quote", "引用符を含むセルは引用符で囲んでください。");
    state_ = State::kQuoted;
    return false;
  }
  CERTRELAY_TRY(append(c, row));
  state_ = State::kPlain;
  return false;
}

Result<bool> CsvReader::step_quoted(int c, CsvRow& row) {
  if (c == '"') {
    state_ = State::kQuoteSeen;
    return false;
  }
  if (c == '\n') ++line_;
  CERTRELAY_TRY(append(c, row));
  return false;
}

Result<bool> CsvReader::step_after_quote(int c, CsvRow& row) {
  if (c == '"') {
    CERTRELAY_TRY(append(c, row));
    state_ = State::kQuoted;
    return false;
  }
  if (c == ',' || c == '\r' || c == '\n') return step_plain(c, row, false);
  return fault(row, "stray-quote", "閉じ引用符の後に文字があります。引用符は二重にしてください。");
}

Result<bool> CsvReader::step(int c, CsvRow& row) {
  switch (state_) {
    case State::kCellStart:
      return step_plain(c, row, true);
    case State::kPlain:
      return step_plain(c, row, false);
    case State::kQuoted:
      return step_quoted(c, row);
    case State::kQuoteSeen:
      return step_after_quote(c, row);
    case State::kCrSeen:
      break;
  }
  if (c == '\n') return end_row(row);
  return fault(row, "line-end", "改行はCRLFにしてください。");
}

Result<bool> CsvReader::next(CsvRow& row) {
  if (failed_) return Error{ErrorCode::kExtractInvalid, "csv: read on after a fault"};
  if (!begun_) {
    CERTRELAY_TRY(skip_mark());
  }
  row.text_.clear();
  row.ends_.clear();
  row.line_ = line_;
  state_ = State::kCellStart;
  bool any = false;
  for (bool complete = false; !complete; any = true) {
    CERTRELAY_TRY(const int c, byte());
    if (c == kEnd) {
      if (!any) return false;
      if (state_ == State::kQuoted || state_ == State::kCrSeen) {
        return fault(row, "truncated",
                     "ファイルが途中で終わっています。もう一度出力してください。");
      }
      // RFC 4180 §2.2: the last row may lack its line end.
      CERTRELAY_TRY(end_cell(row));
      break;
    }
    CERTRELAY_TRY(complete, step(c, row));
  }
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (is_strict_utf8(row.cell(i))) continue;
    return fault_of_cell(row, i, "utf-8",
                         "UTF-8として正しくない文字があります。文字コードを確認してください。");
  }
  if (columns_ == 0) columns_ = row.size();
  if (row.size() != columns_) {
    return fault(row, "cell-count", "セルの数が見出し行と違います。");
  }
  return true;
}

void append_csv_cell(std::string& out, std::string_view cell) {
  if (cell.find_first_of(",\"\r\n") == std::string_view::npos) {
    out.append(cell);
    return;
  }
  out.push_back('"');
  for (const char c : cell) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
}

void append_csv_row(std::string& out, const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out.push_back(',');
    append_csv_cell(out, cells[i]);
  }
  out.append("\r\n");
}

}  // namespace certrelay
