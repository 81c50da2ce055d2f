#pragma once

#include <string>

#include "relay/env/files.hpp"

namespace certrelay {

// The folder that a city is built in. Every file is fresh, of mode 0600, and durable when written.
class CityFolder {
 public:
  // `files` must outlive it; the folder exists.
  CityFolder(Files& files, std::string path) : files_(&files), path_(std::move(path)) {}

  // Paths are relative to the folder. Errors: Files' and File's.
  Result<void> make_folder(const std::string& path) { return files_->make_folder(at(path)); }
  Result<void> write(const std::string& path, std::string_view text) {
    CERTRELAY_TRY(const auto file, files_->open(at(path), OpenMode::kCreateNew));
    CERTRELAY_TRY(file->write_at(0, as_bytes(text)));
    return file->sync();
  }

  std::string at(const std::string& path) const { return path_ + "/" + path; }
  Files& files() { return *files_; }

 private:
  Files* files_;
  std::string path_;
};

}  // namespace certrelay
