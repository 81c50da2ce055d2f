// An append-only file of sealed frames: what was acknowledged is there after any power cut, a frame
// that was being written is not, and any other damage shows. FORMAT.md, "Logs".
#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "relay/env/files.hpp"
#include "relay/keys/root_key.hpp"

namespace certrelay {

// Under which name the frames of one log are sealed.
struct LogName {
  std::string_view label;  // a literal
  std::uint64_t number;
};

// Thread-safe.
class SealedLog {
 public:
  static constexpr std::size_t kSectorSize = 512;
  static constexpr std::size_t kMetaBytesMax = std::size_t{4} * 1024 * 1024;
  static constexpr std::size_t kTailBytesMax = std::size_t{64} * 1024 * 1024;
  static constexpr std::uint64_t kLogBytesMax = std::uint64_t{4} * 1024 * 1024 * 1024;

  // `meta` is sealed under the log's key; `tail` lies beside it as it came (sealed by others) and
  // is authenticated with it.
  struct Frame {
    std::uint64_t number = 0;  // from 0
    Bytes meta;
    Bytes tail;
    std::uint64_t tail_at = 0;  // offset in the file, for read()
  };
  using Visit = std::function<Result<void>(const Frame&)>;

  // A new, empty file; durable with the folder. `files` and `entropy` must outlive the object.
  // Errors: kAlreadyExists, the file system's.
  static Result<std::unique_ptr<SealedLog>> create(Files& files, Entropy& entropy,
                                                   const std::string& path, LogName name,
                                                   Key256 key);
  // Hands every frame to `visit`, in order, and cuts off one that was not written whole.
  // Errors: check_file's, kStoreCorrupt (damage that no power cut explains, or fewer than
  // `frames_min` frames), visit's, the file system's.
  static Result<std::unique_ptr<SealedLog>> open(Files& files, Entropy& entropy,
                                                 const std::string& path, const FileRule& rule,
                                                 LogName name, Key256 key, std::uint64_t frames_min,
                                                 const Visit& visit);

  // Durable when it returns ok, and then only: after an error the frame is not there. Returns the
  // tail's offset. An error that could not be undone is undone by the next call, which first opens
  // the file again by its name, reads the last acknowledged frame back and cuts off what follows.
  // Errors: the file system's; kOverlayFull; kOverlayFailed (what was acknowledged is not there).
  Result<std::uint64_t> append(ByteView meta, ByteView tail);
  // A part of a tail. Errors: the file system's, kStoreCorrupt.
  Result<Bytes> read(std::uint64_t offset, std::size_t size) const;

  std::uint64_t frames() const;
  std::uint64_t size() const;

  // How often it was read back after an error that could not be undone.
  std::uint64_t recoveries() const;

  // For create() and open() alone.
  SealedLog(Files& files, Entropy& entropy, std::string path, std::unique_ptr<File> file,
            LogName name, Key256 key)
      : files_(&files),
        entropy_(&entropy),
        path_(std::move(path)),
        file_(std::move(file)),
        name_(name),
        key_(std::move(key)) {}

 private:
  Bytes context(std::uint64_t frame) const;
  // The frame at `offset`; none when there is no whole one of that number.
  Result<std::optional<Frame>> frame_at(File& file, std::uint64_t offset, std::uint64_t number,
                                        std::uint64_t file_size) const;
  Result<void> load(std::uint64_t frames_min, const Visit& visit);
  Result<bool> any_frame_after(std::uint64_t offset, std::uint64_t file_size) const;
  Result<void> write_frame(ByteView bytes);
  Result<void> recover();

  Files* files_;
  Entropy* entropy_;
  const std::string path_;
  std::unique_ptr<File> file_;
  LogName name_;
  Key256 key_;
  mutable std::mutex mutex_;
  std::uint64_t size_ = 0;
  std::uint64_t frames_ = 0;
  std::uint64_t last_at_ = 0;  // of the last frame
  bool failed_ = false;        // the file may hold anything behind size_
  std::uint64_t recoveries_ = 0;
};

}  // namespace certrelay
