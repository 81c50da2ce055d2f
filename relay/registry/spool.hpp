#pragma once

#include "protocol/extract/byte_source.hpp"
#include "protocol/extract/manifest.hpp"
#include "relay/env/files.hpp"
#include "relay/keys/import_key.hpp"

namespace certrelay {

// The sealed bytes of one push as they come in: ciphertext only, so that the file may lie on disk.
class Spool {
 public:
  // Errors: the file system's.
  static Result<Spool> create(Files& files, const std::string& path, std::uint64_t expected);
  // Appends at exactly the present size. Errors: kWrongOffset, kExtractIncomplete (more than
  // expected), the file system's; the size is then what it was.
  Result<void> append(std::uint64_t offset, ByteView bytes);
  std::uint64_t size() const { return size_; }
  std::uint64_t expected() const { return expected_; }
  bool complete() const { return size_ == expected_; }
  const std::string& path() const { return path_; }

 private:
  Spool(std::unique_ptr<File> file, std::string path, std::uint64_t expected)
      : file_(std::move(file)), path_(std::move(path)), expected_(expected) {}
  std::unique_ptr<File> file_;
  std::string path_;
  std::uint64_t expected_;
  std::uint64_t size_ = 0;
};

// The files of a complete spool, opened chunk by chunk in memory.
class SpoolFiles final : public ExtractFiles {
 public:
  // Reads the stream's beginning, which must be the posted manifest. References must outlive it.
  // Errors: kSealBroken, kDigestMismatch (another manifest), kExtractIncomplete.
  static Result<std::unique_ptr<SpoolFiles>> open(Files& files, const std::string& path,
                                                  const ImportKey& key, const ExtractId& extract,
                                                  const Manifest& manifest,
                                                  ByteView manifest_bytes);
  Result<std::unique_ptr<ByteSource>> open(std::string_view name) override;
  ~SpoolFiles() override;

  class Cursor;
  SpoolFiles(Files& files, std::string path, const ImportKey& key, const ExtractId& extract,
             const Manifest& manifest, std::uint64_t manifest_size);

 private:
  class FileSource;
  Result<std::unique_ptr<Cursor>> cursor_at(std::uint64_t offset);
  Files* files_;
  std::string path_;
  const ImportKey* key_;
  ExtractId extract_;
  const Manifest* manifest_;
  std::uint64_t manifest_size_;
  // The cursor of the file read last: the next file begins where it stands.
  std::unique_ptr<Cursor> parked_;
};

}  // namespace certrelay
