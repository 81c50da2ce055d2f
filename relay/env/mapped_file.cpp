#include "relay/env/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace certrelay {

void MappedFile::Unmap::operator()(const std::uint8_t* start) const {
  ::munmap(const_cast<std::uint8_t*>(start), size);
}

Result<MappedFile> MappedFile::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    const auto code = errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIoError;
    return Error{code, "mapped file: open"};
  }
  struct stat about{};
  const bool known = ::fstat(fd, &about) == 0 && about.st_size > 0;
  const auto size = known ? static_cast<std::size_t>(about.st_size) : 0;
  void* start = known ? ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
  ::close(fd);
  if (start == MAP_FAILED) return Error{ErrorCode::kIoError, "mapped file: map"};
  return MappedFile(static_cast<const std::uint8_t*>(start), size);
}

}  // namespace certrelay
