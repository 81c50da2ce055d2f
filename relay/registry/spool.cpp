#include "relay/registry/spool.hpp"

#include <algorithm>

namespace certrelay {

Result<Spool> Spool::create(Files& files, const std::string& path, std::uint64_t expected) {
  CERTRELAY_TRY(auto file, files.open(path, OpenMode::kCreateNew));
  return Spool(std::move(file), path, expected);
}

Result<void> Spool::append(std::uint64_t offset, ByteView bytes) {
  if (offset != size_) return Error{ErrorCode::kWrongOffset, "spool"};
  if (bytes.size() > expected_ - size_) return Error{ErrorCode::kExtractIncomplete, "spool"};
  CERTRELAY_TRY(file_->write_at(offset, bytes));
  size_ += bytes.size();
  return ok();
}

// A position in the clear stream. Only forward.
class SpoolFiles::Cursor {
 public:
  Cursor(std::unique_ptr<File> file, ImportOpener opener)
      : file_(std::move(file)), opener_(std::move(opener)), sealed_at_(kImportHeaderSize) {}
  ~Cursor() { wipe(chunk_); }
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  std::uint64_t position() const { return position_; }

  // 0 only at the stream's end, which the sender must have marked.
  Result<std::size_t> read(std::span<std::uint8_t> out) {
    if (at_ == chunk_.size()) {
      CERTRELAY_TRY(const bool more, next_chunk());
      if (!more) return std::size_t{0};
    }
    const std::size_t count = std::min(out.size(), chunk_.size() - at_);
    std::copy_n(chunk_.begin() + static_cast<std::ptrdiff_t>(at_), count, out.begin());
    at_ += count;
    position_ += count;
    return count;
  }

  Result<void> skip_to(std::uint64_t position) {
    std::array<std::uint8_t, 4096> drop{};
    while (position_ < position) {
      const auto want = std::min<std::uint64_t>(drop.size(), position - position_);
      CERTRELAY_TRY(const auto count, read(std::span(drop).first(want)));
      if (count == 0) return Error{ErrorCode::kExtractIncomplete, "spool: too short"};
    }
    wipe(drop);
    return ok();
  }

 private:
  Result<bool> next_chunk() {
    wipe(chunk_);
    chunk_.clear();
    at_ = 0;
    if (opener_.ended()) return false;
    Bytes sealed(kImportChunkSize + kImportChunkOverhead);
    CERTRELAY_TRY(const auto count, file_->read_at(sealed_at_, sealed));
    sealed.resize(count);
    CERTRELAY_TRY(chunk_, opener_.open_chunk(sealed));
    sealed_at_ += count;
    return true;
  }

  std::unique_ptr<File> file_;
  ImportOpener opener_;
  std::uint64_t sealed_at_;
  Bytes chunk_;
  std::size_t at_ = 0;
  std::uint64_t position_ = 0;
};

// One file of the stream; parks its cursor when it was read to its end.
class SpoolFiles::FileSource final : public ByteSource {
 public:
  FileSource(SpoolFiles& owner, std::unique_ptr<Cursor> cursor, std::uint64_t length)
      : owner_(&owner), cursor_(std::move(cursor)), rest_(length) {}

  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    if (rest_ == 0) {
      if (cursor_ != nullptr) owner_->parked_ = std::move(cursor_);
      return std::size_t{0};
    }
    const auto want = std::min<std::uint64_t>(rest_, out.size());
    CERTRELAY_TRY(const auto count, cursor_->read(out.first(want)));
    if (count == 0) return Error{ErrorCode::kExtractIncomplete, "spool: too short"};
    rest_ -= count;
    return count;
  }

 private:
  SpoolFiles* owner_;
  std::unique_ptr<Cursor> cursor_;
  std::uint64_t rest_;
};

SpoolFiles::SpoolFiles(Files& files, std::string path, const ImportKey& key,
                       const ExtractId& extract, const Manifest& manifest,
                       std::uint64_t manifest_size)
    : files_(&files),
      path_(std::move(path)),
      key_(&key),
      extract_(extract),
      manifest_(&manifest),
      manifest_size_(manifest_size) {}

SpoolFiles::~SpoolFiles() = default;

Result<std::unique_ptr<SpoolFiles::Cursor>> SpoolFiles::cursor_at(std::uint64_t offset) {
  std::unique_ptr<Cursor> cursor;
  if (parked_ != nullptr && parked_->position() <= offset) {
    cursor = std::move(parked_);
  } else {
    CERTRELAY_TRY(auto file, files_->open(path_, OpenMode::kRead));
    Bytes header(kImportHeaderSize);
    CERTRELAY_TRY(const auto count, file->read_at(0, header));
    header.resize(count);
    CERTRELAY_TRY(auto opener, key_->open(header, extract_));
    cursor = std::make_unique<Cursor>(std::move(file), std::move(opener));
  }
  CERTRELAY_TRY(cursor->skip_to(offset));
  return cursor;
}

Result<std::unique_ptr<SpoolFiles>> SpoolFiles::open(Files& files, const std::string& path,
                                                     const ImportKey& key, const ExtractId& extract,
                                                     const Manifest& manifest,
                                                     ByteView manifest_bytes) {
  auto out =
      std::make_unique<SpoolFiles>(files, path, key, extract, manifest, manifest_bytes.size());
  CERTRELAY_TRY(auto cursor, out->cursor_at(0));
  Bytes found(manifest_bytes.size());
  for (std::size_t have = 0; have < found.size();) {
    CERTRELAY_TRY(const auto count, cursor->read(std::span(found).subspan(have)));
    if (count == 0) return Error{ErrorCode::kExtractIncomplete, "spool: manifest"};
    have += count;
  }
  if (!std::equal(found.begin(), found.end(), manifest_bytes.begin())) {
    return Error{ErrorCode::kDigestMismatch, "spool: another manifest"};
  }
  out->parked_ = std::move(cursor);
  return out;
}

Result<std::unique_ptr<ByteSource>> SpoolFiles::open(std::string_view name) {
  std::uint64_t offset = manifest_size_;
  for (const auto& file : manifest_->files) {
    if (file.name == name) {
      CERTRELAY_TRY(auto cursor, cursor_at(offset));
      return std::unique_ptr<ByteSource>(
          std::make_unique<FileSource>(*this, std::move(cursor), file.bytes));
    }
    offset += file.bytes;
  }
  return Error{ErrorCode::kNotFound, "spool: no such file"};
}

}  // namespace certrelay
