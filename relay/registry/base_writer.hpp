#pragma once

#include <optional>
#include <vector>

#include "relay/env/sqlite.hpp"

namespace certrelay {

// Writes a generation's base: sealed records in the order in which they come, so that a household
// lies together, and the way from a person to the row.
class BaseWriter {
 public:
  // No such file exists. `files` must outlive it. Errors: the store's.
  static Result<BaseWriter> create(Files& files, const SqliteVfs& vfs, std::string path);

  Result<void> add(std::uint64_t person, std::uint64_t slot, ByteView sealed);
  // Everything durable; nothing can be added any more. Errors: the store's.
  Result<void> finish();
  std::uint64_t size() const { return rows_.size(); }

 private:
  struct Row {
    std::uint64_t person;
    std::int64_t row;
  };
  BaseWriter(Files& files, std::string path, Database base, Statement insert)
      : files_(&files),
        path_(std::move(path)),
        base_(std::move(base)),
        insert_(std::move(insert)) {}

  Files* files_;
  std::string path_;
  std::optional<Database> base_;
  std::optional<Statement> insert_;
  std::vector<Row> rows_;
};

}  // namespace certrelay
