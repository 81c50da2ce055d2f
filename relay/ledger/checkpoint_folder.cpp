#include "relay/ledger/checkpoint_folder.hpp"

#include <algorithm>
#include <charconv>

namespace certrelay {
namespace {

constexpr std::string_view kPrefix = "checkpoint-";
constexpr std::size_t kDigits = 20;

std::optional<std::uint64_t> size_of_name(std::string_view name) {
  if (!name.starts_with(kPrefix) || name.size() != kPrefix.size() + kDigits) return std::nullopt;
  std::uint64_t size = 0;
  const auto* const end = name.data() + name.size();
  const auto [rest, code] = std::from_chars(name.data() + kPrefix.size(), end, size);
  if (code != std::errc{} || rest != end) return std::nullopt;
  return size;
}

}  // namespace

std::string CheckpointFolder::file_of(std::uint64_t size) const {
  const auto digits = std::to_string(size);
  return path_ + "/" + std::string(kPrefix) + std::string(kDigits - digits.size(), '0') + digits;
}

Result<void> CheckpointFolder::prepare() {
  const auto made = files_.make_folder(path_);
  if (!made && made.error().code != ErrorCode::kAlreadyExists) return made.error();
  if (made) return files_.sync_folder(folder_of(path_));
  return ok();
}

Result<void> CheckpointFolder::write(const CheckpointKey& key, const Checkpoint& checkpoint) {
  CERTRELAY_TRY(const auto note, key.sign(checkpoint));
  return files_.write_durably(file_of(checkpoint.size), as_bytes(note));
}

Result<std::vector<std::uint64_t>> CheckpointFolder::sizes() {
  const auto names = files_.list(path_);
  std::vector<std::uint64_t> out;
  if (!names && names.error().code == ErrorCode::kNotFound) return out;
  if (!names) return names.error();
  for (const auto& name : names.value()) {
    if (const auto size = size_of_name(name)) out.push_back(*size);
  }
  return out;
}

Result<void> CheckpointFolder::set_aside_beyond(std::uint64_t size) {
  CERTRELAY_TRY(const auto all, sizes());
  for (const auto one : all) {
    if (one <= size) continue;
    const auto name = file_of(one).substr(path_.size() + 1);
    CERTRELAY_TRY(files_.rename(file_of(one), path_ + "/lost-" + name));
  }
  if (all.empty()) return ok();
  return files_.sync_folder(path_);
}

Result<std::string> CheckpointFolder::note(std::uint64_t size) {
  CERTRELAY_TRY(const auto bytes, files_.read_all(file_of(size), kNoteBytesMax));
  return std::string(as_text(bytes));
}

Result<Checkpoint> CheckpointFolder::read(std::uint64_t size, const NoteVerifier& verifier) {
  CERTRELAY_TRY(const auto text, note(size));
  CERTRELAY_TRY(auto checkpoint, verify_checkpoint(text, verifier));
  if (checkpoint.size != size) {
    return Error{ErrorCode::kCheckpointMismatch, "checkpoint: not the size that its name says"};
  }
  return checkpoint;
}

}  // namespace certrelay
