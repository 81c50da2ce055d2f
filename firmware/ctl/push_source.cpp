#include "firmware/ctl/push_source.hpp"

#include <algorithm>

#include "firmware/ctl/folder_files.hpp"
#include "firmware/ctl/manifest_fault.hpp"
#include "protocol/extract/checked_source.hpp"

namespace certrelay {
namespace {

constexpr Error kChanged{ErrorCode::kDigestMismatch,
                         "extract: a file is not the one that manifest.json names"};

// Read to its end, where length and digest are compared.
void check_file(Files& files, const std::string& folder, const ManifestFile& expected,
                Diagnostics& found) {
  FolderFiles in(files, folder);
  auto opened = in.open(expected.name);
  if (!opened) {
    // check_names said so of a missing one.
    if (opened.error().code == ErrorCode::kNotFound) return;
    return found.reject(file_fault(expected.name, opened.error(), ManifestOrigin::kExtract));
  }
  CheckedSource source(std::move(opened).value(), expected, found);
  Bytes chunk(std::size_t{256} * 1024);
  while (true) {
    const auto read = source.read(chunk);
    if (!read && read.error().code == ErrorCode::kIoError) {
      return found.reject(file_fault(expected.name, read.error(), ManifestOrigin::kExtract));
    }
    if (!read || read.value() == 0) return;  // the source reported what is wrong
  }
}

}  // namespace

Result<PushSource> PushSource::open(Files& files, const std::string& folder) {
  CERTRELAY_TRY(Bytes bytes,
                files.read_all(folder + "/" + std::string(kManifestFile), kManifestBytesMax));
  CERTRELAY_TRY(Manifest manifest, decode_manifest(bytes));
  return PushSource(files, folder, std::move(bytes), std::move(manifest));
}

void PushSource::check(Diagnostics& found) const {
  for (const ManifestFile& file : manifest_.files) check_file(*files_, folder_, file, found);
}

std::uint64_t PushSource::part_bytes() const {
  return part_ == 0 ? manifest_bytes_.size() : manifest_.files[part_ - 1].bytes;
}

// Reads within the part at hand. Precondition: `out` is not longer than what is left of it.
Result<std::size_t> PushSource::read_part(std::span<std::uint8_t> out) {
  if (part_ == 0) {
    std::copy_n(manifest_bytes_.begin() + static_cast<std::ptrdiff_t>(offset_), out.size(),
                out.begin());
    return out.size();
  }
  if (open_ == nullptr) {
    CERTRELAY_TRY(open_,
                  files_->open(folder_ + "/" + manifest_.files[part_ - 1].name, OpenMode::kRead));
  }
  CERTRELAY_TRY(const std::size_t read, open_->read_at(offset_, out));
  if (read != out.size()) return kChanged;
  return read;
}

Result<std::size_t> PushSource::read(std::span<std::uint8_t> out) {
  std::size_t filled = 0;
  while (filled < out.size()) {
    if (offset_ == part_bytes()) {
      if (part_ == manifest_.files.size()) break;
      ++part_;
      offset_ = 0;
      open_.reset();
      continue;
    }
    const std::uint64_t left = part_bytes() - offset_;
    const auto part = std::min<std::uint64_t>(left, out.size() - filled);
    CERTRELAY_TRY(const std::size_t read,
                  read_part(out.subspan(filled, static_cast<std::size_t>(part))));
    filled += read;
    offset_ += read;
  }
  return filled;
}

}  // namespace certrelay
