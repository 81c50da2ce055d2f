#include "firmware/daemon/text_in_memory.hpp"

#include <fcntl.h>
#include <sys/mman.h>

#include <array>

#include "firmware/daemon/toml_table.hpp"

namespace certrelay {

OwnedFd text_in_memory(std::string_view text) {
  OwnedFd file(::memfd_create("certrelay", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!file.valid()) return {};
  for (std::size_t done = 0; done < text.size();) {
    const auto written =
        ::pwrite(file.get(), text.data() + done, text.size() - done, static_cast<off_t>(done));
    if (written <= 0) return {};
    done += static_cast<std::size_t>(written);
  }
  constexpr int kSeals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
  return ::fcntl(file.get(), F_ADD_SEALS, kSeals) == 0 ? std::move(file) : OwnedFd();
}

std::string read_text_in_memory(const OwnedFd& file) {
  std::string out;
  std::array<char, 4096> part{};
  while (out.size() <= kConfigBytesMax) {
    const auto got = ::pread(file.get(), part.data(), part.size(), static_cast<off_t>(out.size()));
    if (got < 0) return {};
    if (got == 0) return out;
    out.append(part.data(), static_cast<std::size_t>(got));
  }
  return {};
}

}  // namespace certrelay
