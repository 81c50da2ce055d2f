#include "relay/env/posix_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "relay/env/overwriting.hpp"
#include "relay/env/posix_file.hpp"

namespace certrelay {
namespace {

constexpr mode_t kFileMode = 0600;
constexpr mode_t kFolderMode = 0700;

int flags_of(OpenMode mode) {
  switch (mode) {
    case OpenMode::kRead:
      return O_RDONLY | O_CLOEXEC;
    case OpenMode::kReadWrite:
      return O_RDWR | O_CLOEXEC | O_NOFOLLOW;
    case OpenMode::kCreate:
      return O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
    case OpenMode::kCreateNew:
      return O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
  }
  return O_RDONLY | O_CLOEXEC;
}

FileInfo::Kind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return FileInfo::Kind::kRegular;
  if (S_ISDIR(mode)) return FileInfo::Kind::kFolder;
  if (S_ISSOCK(mode)) return FileInfo::Kind::kSocket;
  return FileInfo::Kind::kOther;
}

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

}  // namespace

Result<std::unique_ptr<File>> PosixFiles::open(const std::string& path, OpenMode mode) {
  int descriptor = -1;
  do {
    descriptor = ::open(path.c_str(), flags_of(mode), kFileMode);
  } while (descriptor < 0 && errno == EINTR);
  if (descriptor < 0) return posix_error(errno, "files: open");
  return std::make_unique<PosixFile>(descriptor);
}

Result<void> PosixFiles::remove(const std::string& path) {
  if (::remove(path.c_str()) != 0) return posix_error(errno, "files: remove");
  return ok();
}

Result<void> PosixFiles::rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return posix_error(errno, "files: rename");
  return ok();
}

Result<void> PosixFiles::make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), kFolderMode) != 0) return posix_error(errno, "files: make folder");
  return ok();
}

Result<void> PosixFiles::sync_folder(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return posix_error(errno, "files: open folder");
  const int failed = ::fsync(descriptor) != 0 ? errno : 0;
  ::close(descriptor);
  if (failed != 0) return posix_error(failed, "files: sync folder");
  return ok();
}

Result<FileInfo> PosixFiles::info(const std::string& path) {
  struct ::stat found{};
  if (::stat(path.c_str(), &found) != 0) return posix_error(errno, "files: info");
  return FileInfo{.kind = kind_of(found.st_mode),
                  .owner = found.st_uid,
                  .mode = found.st_mode & 07777U,
                  .size = static_cast<std::uint64_t>(found.st_size)};
}

Result<Overwriting> PosixFiles::overwriting(const std::string& path) {
  struct ::statfs system{};
  struct ::stat found{};
  if (::statfs(path.c_str(), &system) != 0 || ::stat(path.c_str(), &found) != 0) {
    return posix_error(errno, "files: file system");
  }
  std::ifstream file("/proc/self/mountinfo");
  const std::string mounts((std::istreambuf_iterator<char>(file)), {});
  return overwriting_of(static_cast<std::uint64_t>(system.f_type),
                        mount_options_of(mounts, major(found.st_dev), minor(found.st_dev)));
}

Result<std::vector<std::string>> PosixFiles::list(const std::string& path) {
  const std::unique_ptr<DIR, CloseFolder> folder(::opendir(path.c_str()));
  if (!folder) return posix_error(errno, "files: list");
  std::vector<std::string> names;
  errno = 0;
  // readdir is safe here: no other thread has this DIR (POSIX.1-2024).
  while (const auto* entry = ::readdir(folder.get())) {  // NOLINT(concurrency-mt-unsafe)
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
    errno = 0;
  }
  if (errno != 0) return posix_error(errno, "files: list");
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace certrelay
