#include "relay/env/posix_file.hpp"

#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace certrelay {

Error posix_error(int number, std::string_view where) {
  switch (number) {
    case ENOENT:
      return {ErrorCode::kNotFound, where};
    case EEXIST:
      return {ErrorCode::kAlreadyExists, where};
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return {ErrorCode::kDiskFull, where};
    case EWOULDBLOCK:
      return {ErrorCode::kLocked, where};
    default:
      return {ErrorCode::kIoError, where};
  }
}

PosixFile::~PosixFile() {
  // Nothing to report: whoever needs durability has called sync().
  ::close(descriptor_);
}

Result<std::size_t> PosixFile::read_at(std::uint64_t offset, std::span<std::uint8_t> out) {
  std::size_t done = 0;
  while (done < out.size()) {
    const auto got = ::pread(descriptor_, out.data() + done, out.size() - done,
                             static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return posix_error(errno, "files: read");
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Result<void> PosixFile::write_at(std::uint64_t offset, ByteView bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto put = ::pwrite(descriptor_, bytes.data() + done, bytes.size() - done,
                              static_cast<off_t>(offset + done));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return posix_error(put < 0 ? errno : ENOSPC, "files: write");
    done += static_cast<std::size_t>(put);
  }
  return ok();
}

Result<void> PosixFile::truncate(std::uint64_t size) {
  if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) {
    return posix_error(errno, "files: truncate");
  }
  return ok();
}

Result<std::uint64_t> PosixFile::size() {
  struct ::stat found{};
  if (::fstat(descriptor_, &found) != 0) return posix_error(errno, "files: size");
  return static_cast<std::uint64_t>(found.st_size);
}

Result<void> PosixFile::sync() {
  // fdatasync writes the metadata that reading back needs (the size), not the times.
  if (::fdatasync(descriptor_) != 0) return posix_error(errno, "files: sync");
  return ok();
}

Result<void> PosixFile::lock() {
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) return posix_error(errno, "files: lock");
  return ok();
}

}  // namespace certrelay
