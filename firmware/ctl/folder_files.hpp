#pragma once

#include "protocol/extract/byte_source.hpp"
#include "relay/env/files.hpp"

namespace certrelay {

// The files of an extract that lies in a folder. `files` must outlive it.
class FolderFiles final : public ExtractFiles {
 public:
  FolderFiles(Files& files, std::string folder) : files_(&files), folder_(std::move(folder)) {}
  // Errors: Files'.
  Result<std::unique_ptr<ByteSource>> open(std::string_view name) override;

 private:
  Files* files_;
  std::string folder_;
};

}  // namespace certrelay
