#include "relay/ledger/disk_reserve.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kProbeBytes = 4096;
// Not zeros, which some file systems do not store.
constexpr std::uint8_t kFiller = 0xA5;

}  // namespace

Result<void> DiskReserve::write(const std::string& path, std::size_t bytes) {
  CERTRELAY_TRY(const auto file, files_.open(path, OpenMode::kCreate));
  CERTRELAY_TRY(file->truncate(0));
  CERTRELAY_TRY(file->write_at(0, Bytes(bytes, kFiller)));
  return file->sync();
}

Result<void> DiskReserve::take() {
  if (held_) return ok();
  const auto there = files_.info(path_);
  if (there && there.value().size == bytes_) {
    held_ = true;
    return ok();
  }
  auto taken = write(path_, bytes_);
  if (taken) taken = files_.sync_folder(folder_of(path_));
  if (!taken) {
    // Half a reserve would be taken for a whole one by nobody, but it would hold space.
    static_cast<void>(files_.remove(path_).has_value());
    return taken;
  }
  held_ = true;
  return ok();
}

Result<void> DiskReserve::give_up() {
  held_ = false;
  CERTRELAY_TRY(files_.remove(path_));
  return files_.sync_folder(folder_of(path_));
}

Result<void> DiskReserve::probe() {
  CERTRELAY_TRY(write(probe_path_, kProbeBytes));
  return files_.remove(probe_path_);
}

}  // namespace certrelay
