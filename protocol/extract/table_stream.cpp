#include "protocol/extract/table_stream.hpp"

#include <algorithm>

#include "protocol/base/check.hpp"

namespace certrelay {

const ManifestFile& manifest_file(const Manifest& manifest, std::string_view name) {
  const auto found = std::find_if(manifest.files.begin(), manifest.files.end(),
                                  [&](const auto& file) { return file.name == name; });
  CERTRELAY_CHECK(found != manifest.files.end());
  return *found;
}

Result<std::unique_ptr<TableStream>> TableStream::open(const Manifest& manifest,
                                                       ExtractFiles& files, Table table,
                                                       Diagnostics& diagnostics) {
  const auto& file = manifest_file(manifest, table_info(table).file);
  CERTRELAY_TRY(auto source, files.open(file.name));
  auto out = std::make_unique<TableStream>(std::move(source), file, diagnostics);
  CERTRELAY_TRY(auto header, Header::read(out->reader_, table, manifest.numbers));
  out->header_ = std::move(header);
  return out;
}

Result<bool> TableStream::next() {
  CERTRELAY_TRY(const bool any, reader_.next(row_));
  if (any && ++rows_ > table_info(header_->table()).rows_max) {
    diagnostics_->reject({reader_.file(),
                          row_.line(),
                          {},
                          "too-many-rows",
                          "行が多すぎます。",
                          ErrorCode::kLimitExceeded});
    return Error{ErrorCode::kLimitExceeded, "extract: rows"};
  }
  return any;
}

}  // namespace certrelay
