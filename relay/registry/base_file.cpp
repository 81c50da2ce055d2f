#include "relay/registry/base_file.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "protocol/base/check.hpp"
#include "protocol/base/codec.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kBaseMagic = "CRBASE01";
constexpr std::size_t kPersonKeySize = 8;
constexpr std::size_t kPersonRowSize = 24;
constexpr std::size_t kBaseEndSize = 16;
constexpr std::size_t kWriteSize = std::size_t{256} * 1024;
constexpr std::size_t kNeighbours = 2048;  // a household's records on either side of one
constexpr std::string_view kBaseWhere = "register's base";

void write_person_row(ByteWriter& out, const BaseRow& row) {
  out.u64(row.person);
  out.u32(static_cast<std::uint32_t>(row.slot));
  out.u32(static_cast<std::uint32_t>(row.length));
  out.u64(row.offset);
}

Result<BaseRow> read_person_row(ByteReader& in) {
  BaseRow out;
  CERTRELAY_TRY(out.person, in.u64());
  CERTRELAY_TRY(out.slot, in.u32());
  CERTRELAY_TRY(out.length, in.u32());
  CERTRELAY_TRY(out.offset, in.u64());
  return out;
}

}  // namespace

Result<BaseWriter> BaseWriter::create(Files& files, const std::string& path) {
  CERTRELAY_TRY(auto file, files.open(path, OpenMode::kCreateNew));
  return BaseWriter(std::move(file));
}

Result<void> BaseWriter::write_when(std::size_t size_min) {
  if (block_.size() < size_min) return ok();
  CERTRELAY_TRY(file_->write_at(written_, block_));
  written_ += block_.size();
  block_.clear();
  return ok();
}

Result<void> BaseWriter::add(std::uint64_t person, std::uint64_t slot, ByteView sealed) {
  constexpr auto kMax = std::numeric_limits<std::uint32_t>::max();
  CERTRELAY_CHECK(slot <= kMax);
  if (sealed.size() > kSealedRecordBytesMax) return Error{ErrorCode::kLimitExceeded, kBaseWhere};
  rows_.push_back({person, slot, written_ + block_.size(), sealed.size()});
  block_.insert(block_.end(), sealed.begin(), sealed.end());
  return write_when(kWriteSize);
}

Result<void> BaseWriter::finish() {
  std::sort(rows_.begin(), rows_.end(),
            [](const BaseRow& a, const BaseRow& b) { return a.person < b.person; });
  for (const auto& row : rows_) {
    ByteWriter out;
    write_person_row(out, row);
    block_.insert(block_.end(), out.view().begin(), out.view().end());
    CERTRELAY_TRY(write_when(kWriteSize));
  }
  ByteWriter end;
  end.u64(rows_.size());
  end.raw(kBaseMagic);
  block_.insert(block_.end(), end.view().begin(), end.view().end());
  CERTRELAY_TRY(write_when(0));
  return file_->sync();
}

Result<SortedRows> BaseReader::persons_of(Files& files, const std::string& path) {
  CERTRELAY_TRY(const auto file, files.open(path, OpenMode::kRead));
  CERTRELAY_TRY(const auto size, file->size());
  std::array<std::uint8_t, kBaseEndSize> end{};
  if (size < end.size()) return Error{ErrorCode::kStoreCorrupt, kBaseWhere};
  CERTRELAY_TRY(const auto read, file->read_at(size - end.size(), end));
  if (read != end.size()) return Error{ErrorCode::kStoreCorrupt, kBaseWhere};
  ByteReader in(end);
  CERTRELAY_TRY(const auto rows, in.u64());
  CERTRELAY_TRY(const auto magic, in.raw(kBaseMagic.size()));
  const auto before = size - end.size();
  if (as_text(magic) != kBaseMagic || rows > before / kPersonRowSize) {
    return Error{ErrorCode::kStoreCorrupt, kBaseWhere};
  }
  return SortedRows::read(
      *file, {before - rows * kPersonRowSize, rows, kPersonRowSize, kPersonKeySize}, kBaseWhere);
}

Result<BaseReader> BaseReader::open(Files& files, const std::string& path,
                                    const SortedRows& persons) {
  CERTRELAY_TRY(auto file, files.open(path, OpenMode::kRead));
  return BaseReader(std::move(file), persons);
}

Result<BaseRow> BaseReader::find(std::uint64_t person) const {
  std::array<std::uint8_t, kPersonKeySize> key{};
  for (std::size_t i = 0; i < key.size(); ++i) {
    key[i] = static_cast<std::uint8_t>(person >> 8U * (key.size() - 1 - i));
  }
  std::array<std::uint8_t, kPersonRowSize> row{};
  CERTRELAY_TRY(const bool known, persons_->find(*file_, key, row));
  if (!known) return Error{ErrorCode::kUnknownPerson, "register"};
  ByteReader in(row);
  return read_person_row(in);
}

Result<Bytes> BaseReader::sealed(const BaseRow& row) const {
  if (row.length > kSealedRecordBytesMax) return Error{ErrorCode::kStoreCorrupt, kBaseWhere};
  CERTRELAY_TRY(const auto read, window_.at(*file_, row.offset, row.length, kNeighbours));
  if (read.size() != row.length) return Error{ErrorCode::kStoreCorrupt, kBaseWhere};
  return Bytes(read.begin(), read.end());
}

Result<std::vector<BaseRow>> BaseReader::rows(std::uint64_t first, std::uint64_t count) const {
  Bytes block(count * kPersonRowSize);
  CERTRELAY_TRY(persons_->read_rows(*file_, first, block));
  std::vector<BaseRow> out;
  out.reserve(count);
  ByteReader in(block);
  for (std::uint64_t i = 0; i < count; ++i) {
    CERTRELAY_TRY(const auto row, read_person_row(in));
    out.push_back(row);
  }
  return out;
}

}  // namespace certrelay
