#include "relay/registry/sealed_log.hpp"

#include <algorithm>
#include <optional>

#include "protocol/base/check.hpp"
#include "protocol/base/codec.hpp"
#include "protocol/base/sha256.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kHeadSize = 8;  // two lengths
constexpr std::size_t kDigestSize = 32;
constexpr std::size_t kSealedMin = kSealOverhead + kDigestSize;

std::uint64_t to_sectors(std::uint64_t bytes) {
  return (bytes + SealedLog::kSectorSize - 1) / SealedLog::kSectorSize * SealedLog::kSectorSize;
}

bool all_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

Result<Bytes> read_whole(File& file, std::uint64_t offset, std::size_t size) {
  Bytes out(size);
  CERTRELAY_TRY(const auto count, file.read_at(offset, out));
  if (count != size) return Error{ErrorCode::kStoreCorrupt, "log: cut"};
  return out;
}

}  // namespace

Bytes SealedLog::context(std::uint64_t frame) const {
  ByteWriter out;
  out.raw(name_.label);
  out.u8(0);
  out.u64(name_.number);
  out.u64(frame);
  return std::move(out).take();
}

Result<std::unique_ptr<SealedLog>> SealedLog::create(Files& files, Entropy& entropy,
                                                     const std::string& path, LogName name,
                                                     Key256 key) {
  CERTRELAY_TRY(auto file, files.open(path, OpenMode::kCreateNew));
  CERTRELAY_TRY(file->sync());
  return std::make_unique<SealedLog>(files, entropy, path, std::move(file), name, std::move(key));
}

Result<std::unique_ptr<SealedLog>> SealedLog::open(Files& files, Entropy& entropy,
                                                   const std::string& path, const FileRule& rule,
                                                   LogName name, Key256 key,
                                                   std::uint64_t frames_min, const Visit& visit) {
  CERTRELAY_TRY(check_file(files, path, rule));
  CERTRELAY_TRY(auto file, files.open(path, OpenMode::kReadWrite));
  auto out =
      std::make_unique<SealedLog>(files, entropy, path, std::move(file), name, std::move(key));
  CERTRELAY_TRY(out->load(frames_min, visit));
  return out;
}

Result<std::optional<SealedLog::Frame>> SealedLog::frame_at(File& file, std::uint64_t offset,
                                                            std::uint64_t number,
                                                            std::uint64_t file_size) const {
  std::optional<Frame> none;
  if (file_size - offset < kHeadSize) return none;
  CERTRELAY_TRY(const auto head, read_whole(file, offset, kHeadSize));
  ByteReader reader(head);
  const auto sealed_size = reader.u32().value();
  const auto tail_size = reader.u32().value();
  if (sealed_size < kSealedMin || sealed_size > kMetaBytesMax || tail_size > kTailBytesMax) {
    return none;
  }
  const std::uint64_t used = kHeadSize + std::uint64_t{sealed_size} + tail_size;
  const std::uint64_t all = to_sectors(used);
  if (all > file_size - offset) return none;
  CERTRELAY_TRY(const auto sealed, read_whole(file, offset + kHeadSize, sealed_size));
  const auto clear = open_sealed(key_, context(number), sealed);
  if (!clear) return none;
  CERTRELAY_TRY(auto rest,
                read_whole(file, offset + kHeadSize + sealed_size, all - kHeadSize - sealed_size));
  const auto tail = ByteView(rest).first(tail_size);
  const auto digest = sha256(tail);
  const bool whole = std::equal(digest.begin(), digest.end(), clear.value().begin()) &&
                     all_zero(ByteView(rest).subspan(tail_size));
  if (!whole) return none;
  Frame out{.number = number, .meta = {}, .tail = {}, .tail_at = offset + kHeadSize + sealed_size};
  out.meta.assign(clear.value().begin() + kDigestSize, clear.value().end());
  rest.resize(tail_size);
  out.tail = std::move(rest);
  return std::optional<Frame>(std::move(out));
}

// Frames were synced one before the next was begun: a whole one behind a broken one is damage.
Result<bool> SealedLog::any_frame_after(std::uint64_t offset, std::uint64_t file_size) const {
  for (std::uint64_t at = offset + kSectorSize; at < file_size; at += kSectorSize) {
    CERTRELAY_TRY(const auto next, frame_at(*file_, at, frames_ + 1, file_size));
    if (next) return true;
  }
  return false;
}

Result<void> SealedLog::load(std::uint64_t frames_min, const Visit& visit) {
  CERTRELAY_TRY(const auto file_size, file_->size());
  while (size_ < file_size) {
    CERTRELAY_TRY(const auto frame, frame_at(*file_, size_, frames_, file_size));
    if (!frame) break;
    CERTRELAY_TRY(visit(*frame));
    last_at_ = size_;
    size_ += to_sectors(frame->tail_at - size_ + frame->tail.size());
    ++frames_;
  }
  if (frames_ < frames_min) return Error{ErrorCode::kStoreCorrupt, "log: a frame is missing"};
  if (size_ == file_size) return ok();
  CERTRELAY_TRY(const bool damaged, any_frame_after(size_, file_size));
  if (damaged) return Error{ErrorCode::kStoreCorrupt, "log: a frame is damaged"};
  CERTRELAY_TRY(file_->truncate(size_));
  return file_->sync();
}

Result<void> SealedLog::write_frame(ByteView bytes) {
  CERTRELAY_TRY(file_->write_at(size_, bytes));
  return file_->sync();
}

// After a failed sync Linux may show bytes that the disk does not have: the frame that failed is
// never taken for written, it is cut off, and its sender sends it again.
Result<void> SealedLog::recover() {
  CERTRELAY_TRY(auto file, files_->open(path_, OpenMode::kReadWrite));
  CERTRELAY_TRY(const auto file_size, file->size());
  if (frames_ == 0 || file_size < size_) {
    return Error{ErrorCode::kOverlayFailed, "log: what was acknowledged is gone"};
  }
  CERTRELAY_TRY(const auto last, frame_at(*file, last_at_, frames_ - 1, size_));
  if (!last) return Error{ErrorCode::kOverlayFailed, "log: another file stands in its place"};
  CERTRELAY_TRY(file->truncate(size_));
  CERTRELAY_TRY(file->sync());
  file_ = std::move(file);
  failed_ = false;
  ++recoveries_;
  return ok();
}

Result<std::uint64_t> SealedLog::append(ByteView meta, ByteView tail) {
  if (meta.size() + kSealedMin > kMetaBytesMax || tail.size() > kTailBytesMax) {
    return Error{ErrorCode::kLimitExceeded, "log: frame"};
  }
  const std::lock_guard guard(mutex_);
  if (failed_) {
    CERTRELAY_TRY(recover());
  }
  const auto digest = sha256(tail);
  Bytes clear(digest.begin(), digest.end());
  clear.insert(clear.end(), meta.begin(), meta.end());
  const auto sealed = seal(key_, context(frames_), clear, *entropy_);
  ByteWriter out;
  out.u32(static_cast<std::uint32_t>(sealed.size()));
  out.u32(static_cast<std::uint32_t>(tail.size()));
  out.raw(sealed);
  out.raw(tail);
  auto bytes = std::move(out).take();
  const auto tail_at = size_ + kHeadSize + sealed.size();
  bytes.resize(to_sectors(bytes.size()));
  if (size_ + bytes.size() > kLogBytesMax) return Error{ErrorCode::kOverlayFull, "log"};
  const auto written = write_frame(bytes);
  if (!written) {
    // Undone now or before the next one: half a frame must not stand before it.
    failed_ = !file_->truncate(size_) || !file_->sync();
    return written.error();
  }
  last_at_ = size_;
  size_ += bytes.size();
  ++frames_;
  return tail_at;
}

Result<Bytes> SealedLog::read(std::uint64_t offset, std::size_t size) const {
  const std::lock_guard guard(mutex_);
  return read_whole(*file_, offset, size);
}

std::uint64_t SealedLog::frames() const {
  const std::lock_guard guard(mutex_);
  return frames_;
}

std::uint64_t SealedLog::recoveries() const {
  const std::lock_guard guard(mutex_);
  return recoveries_;
}

std::uint64_t SealedLog::size() const {
  const std::lock_guard guard(mutex_);
  return size_;
}

}  // namespace certrelay
