#include "relay/env/pinned_file.hpp"

#include <sys/mman.h>

#include <limits>

namespace certrelay {

void PinnedFile::Unmap::operator()(const std::uint8_t* start) const {
  ::munmap(const_cast<std::uint8_t*>(start), size);
}

Result<PinnedFile> PinnedFile::open(Files& files, const std::string& path) {
  CERTRELAY_TRY(const auto file, files.open(path, OpenMode::kRead));
  CERTRELAY_TRY(const auto stated, file->size());
  if (stated == 0 || stated > std::numeric_limits<std::uint32_t>::max()) {
    return Error{ErrorCode::kIoError, "pinned file: size"};
  }
  const auto size = static_cast<std::size_t>(stated);
  void* start = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED) return Error{ErrorCode::kIoError, "pinned file: memory"};
  Memory bytes(static_cast<const std::uint8_t*>(start), Unmap{size});
  CERTRELAY_TRY(const auto got, file->read_at(0, {static_cast<std::uint8_t*>(start), size}));
  if (got != size || ::mprotect(start, size, PROT_READ) != 0) {
    return Error{ErrorCode::kIoError, "pinned file: read"};
  }
  return PinnedFile(std::move(bytes));
}

}  // namespace certrelay
