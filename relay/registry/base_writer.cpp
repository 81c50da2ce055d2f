#include "relay/registry/base_writer.hpp"

#include <algorithm>

namespace certrelay {
namespace {

// No journal: a generation that is not finished is thrown away whole, and finish() syncs the file.
constexpr const char* kSchema =
    "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8192;"
    "CREATE TABLE person(row INTEGER PRIMARY KEY, slot INTEGER NOT NULL, sealed BLOB NOT NULL);"
    "CREATE TABLE person_row(id INTEGER PRIMARY KEY, row INTEGER NOT NULL);"
    "BEGIN;";
constexpr const char* kInsert = "INSERT INTO person(row, slot, sealed) VALUES(?1, ?2, ?3)";
constexpr const char* kInsertRow = "INSERT INTO person_row(id, row) VALUES(?1, ?2)";

}  // namespace

Result<BaseWriter> BaseWriter::create(Files& files, const SqliteVfs& vfs, std::string path) {
  CERTRELAY_TRY(auto base, Database::open(vfs, path, Database::Access::kCreate));
  CERTRELAY_TRY(base.execute(kSchema));
  CERTRELAY_TRY(auto insert, base.prepare(kInsert));
  return BaseWriter(files, std::move(path), std::move(base), std::move(insert));
}

Result<void> BaseWriter::add(std::uint64_t person, std::uint64_t slot, ByteView sealed) {
  rows_.push_back({person, static_cast<std::int64_t>(rows_.size() + 1)});
  insert_->bind(1, rows_.back().row);
  insert_->bind(2, static_cast<std::int64_t>(slot));
  insert_->bind(3, sealed);
  return insert_->run();
}

Result<void> BaseWriter::finish() {
  std::sort(rows_.begin(), rows_.end(),
            [](const Row& a, const Row& b) { return a.person < b.person; });
  {
    CERTRELAY_TRY(auto insert, base_->prepare(kInsertRow));
    for (const auto& row : rows_) {
      insert.bind(1, static_cast<std::int64_t>(row.person));
      insert.bind(2, row.row);
      CERTRELAY_TRY(insert.run());
    }
  }
  CERTRELAY_TRY(base_->execute("COMMIT;"));
  insert_.reset();
  base_.reset();
  CERTRELAY_TRY(const auto file, files_->open(path_, OpenMode::kReadWrite));
  return file->sync();
}

}  // namespace certrelay
