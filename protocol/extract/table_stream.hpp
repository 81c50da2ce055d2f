// Internal to protocol/extract: one table of an extract, row by row.
#pragma once

#include "protocol/extract/checked_source.hpp"
#include "protocol/extract/manifest.hpp"
#include "protocol/extract/row_cursor.hpp"

namespace certrelay {

class TableStream {
 public:
  // Arguments must outlive it. Errors: as Header::read and ExtractFiles::open.
  static Result<std::unique_ptr<TableStream>> open(const Manifest& manifest, ExtractFiles& files,
                                                   Table table, Diagnostics& diagnostics);

  // Steps to the next row; false at the end. Errors: CsvReader::next's, kLimitExceeded.
  Result<bool> next();
  RowCursor cursor() { return {*header_, row_, reader_.file(), *diagnostics_}; }
  // A cell of the current row by the schema's column.
  std::string_view cell(std::size_t column) const { return row_.cell(header_->position(column)); }
  std::uint64_t line() const { return row_.line(); }

  // For open() alone: the reader points into the object, so it is made in place.
  TableStream(std::unique_ptr<ByteSource> source, const ManifestFile& file,
              Diagnostics& diagnostics)
      : source_(std::move(source), file, diagnostics),
        reader_(source_, file.name, diagnostics),
        diagnostics_(&diagnostics) {}

 private:
  CheckedSource source_;
  CsvReader reader_;
  Diagnostics* diagnostics_;
  std::optional<Header> header_;
  CsvRow row_;
  std::uint64_t rows_ = 0;
};

// The manifest's entry of that name. Precondition: it is there, as decode_manifest ensures (CHECK).
const ManifestFile& manifest_file(const Manifest& manifest, std::string_view name);

}  // namespace certrelay
