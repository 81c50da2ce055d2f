#include "relay/keys/root_key.hpp"

#include <algorithm>

#include "protocol/base/codec.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kKeySize = 32;
constexpr std::string_view kMagic = "CRROOT01";
constexpr std::string_view kLabel = "certrelay root v1";

Bytes slot_context(std::size_t slot, std::uint64_t epoch) {
  ByteWriter out;
  out.raw(kLabel);
  out.u8(0);
  out.u8(static_cast<std::uint8_t>(slot));
  out.u64(epoch);
  return std::move(out).take();
}

Bytes slot_bytes(std::size_t slot, std::uint64_t epoch, const Key256& root, const Key256& outer,
                 Entropy& entropy) {
  ByteWriter out;
  out.raw(kMagic);
  out.u64(epoch);
  out.raw(seal(outer, slot_context(slot, epoch), root.reveal(), entropy));
  auto bytes = std::move(out).take();
  bytes.resize(RootSlots::kSlotSize);
  return bytes;
}

bool is_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](auto byte) { return byte == 0; });
}

}  // namespace

Result<void> check_file(Files& files, const std::string& path, const FileRule& rule) {
  CERTRELAY_TRY(const auto info, files.info(path));
  const bool fine =
      info.kind == FileInfo::Kind::kRegular && info.owner == rule.owner && info.mode == rule.mode;
  if (!fine) return Error{ErrorCode::kWrongOwner, "file: owner, mode or kind"};
  return ok();
}

Result<Key256> load_outer_key(Files& files, const std::string& path, const FileRule& rule) {
  CERTRELAY_TRY(check_file(files, path, rule));
  CERTRELAY_TRY(auto bytes, files.read_all(path, kKeySize + 1));
  if (bytes.size() != kKeySize || is_zero(bytes)) {
    wipe(bytes);
    return Error{ErrorCode::kKeyFileInvalid, "outer key: 32 bytes expected"};
  }
  Key256 key(bytes);
  wipe(bytes);
  return key;
}

Result<void> create_outer_key(Files& files, Entropy& entropy, const std::string& path) {
  if (files.info(path).has_value()) return Error{ErrorCode::kAlreadyExists, "outer key"};
  return files.write_durably(path, random_key(entropy).reveal());
}

Result<RootSlots> RootSlots::create(Files& files, Entropy& entropy, const std::string& path,
                                    const Key256& outer) {
  if (files.info(path).has_value()) return Error{ErrorCode::kAlreadyExists, "root slots"};
  // Under another name until a root is in it: a power cut leaves a whole file or none.
  const auto fresh = path + ".new";
  RootSlots out(files, fresh);
  {
    CERTRELAY_TRY(auto file, files.open(fresh, OpenMode::kCreate));
    CERTRELAY_TRY(file->truncate(0));
    CERTRELAY_TRY(file->write_at(0, Bytes(kSlots * kSlotSize)));
    CERTRELAY_TRY(file->sync());
  }
  CERTRELAY_TRY(out.add(entropy, outer));
  CERTRELAY_TRY(files.rename(fresh, path));
  CERTRELAY_TRY(files.sync_folder(folder_of(path)));
  out.path_ = path;
  return out;
}

Result<RootSlots> RootSlots::open(Files& files, const std::string& path, const FileRule& rule,
                                  const Key256& outer) {
  CERTRELAY_TRY(check_file(files, path, rule));
  CERTRELAY_TRY(const auto bytes, files.read_all(path, kSlots * kSlotSize + 1));
  if (bytes.size() != kSlots * kSlotSize) {
    return Error{ErrorCode::kStoreCorrupt, "root slots: size"};
  }
  RootSlots out(files, path);
  bool any = false;
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    ByteReader reader(ByteView(bytes).subspan(slot * kSlotSize, kSlotSize));
    CERTRELAY_TRY(const auto magic, reader.raw(kMagic.size()));
    if (as_text(magic) != kMagic) continue;
    CERTRELAY_TRY(const auto epoch, reader.u64());
    CERTRELAY_TRY(const auto sealed, reader.raw(kKeySize + kSealOverhead));
    auto key = open_sealed(outer, slot_context(slot, epoch), sealed);
    // A slot that a power cut left half written is no root: nothing was sealed under it yet.
    if (!key) continue;
    out.slots_.at(slot).emplace(Root{epoch, Key256(key.value())});
    wipe(key.value());
    any = true;
  }
  if (!any) return Error{ErrorCode::kNoRootKey, "root slots: none opens"};
  return out;
}

Result<const Key256*> RootSlots::root(std::uint64_t epoch) const {
  for (const auto& slot : slots_) {
    if (slot && slot->epoch == epoch) return &slot->key;
  }
  return Error{ErrorCode::kNoRootKey, "root slots: epoch"};
}

std::uint64_t RootSlots::newest() const {
  std::uint64_t newest = 0;
  for (const auto& slot : slots_) newest = std::max(newest, slot ? slot->epoch : 0);
  return newest;
}

Result<void> RootSlots::write_slot(std::size_t slot, ByteView bytes) {
  CERTRELAY_TRY(auto file, files_->open(path_, OpenMode::kReadWrite));
  CERTRELAY_TRY(file->write_at(slot * kSlotSize, bytes));
  CERTRELAY_TRY(file->sync());
  Bytes back(kSlotSize);
  CERTRELAY_TRY(const auto count, file->read_at(slot * kSlotSize, back));
  if (count != kSlotSize || !std::equal(back.begin(), back.end(), bytes.begin())) {
    return Error{ErrorCode::kStoreCorrupt, "root slots: read back"};
  }
  return ok();
}

Result<std::uint64_t> RootSlots::add(Entropy& entropy, const Key256& outer) {
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    if (slots_.at(slot)) continue;
    const auto epoch = newest() + 1;
    auto key = random_key(entropy);
    CERTRELAY_TRY(write_slot(slot, slot_bytes(slot, epoch, key, outer, entropy)));
    slots_.at(slot).emplace(Root{epoch, std::move(key)});
    return epoch;
  }
  return Error{ErrorCode::kLimitExceeded, "root slots: both are in use"};
}

Result<void> RootSlots::destroy(std::uint64_t epoch) {
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    if (!slots_.at(slot) || slots_.at(slot)->epoch != epoch) continue;
    CERTRELAY_TRY(write_slot(slot, Bytes(kSlotSize)));
    slots_.at(slot).reset();
    return ok();
  }
  return Error{ErrorCode::kNoRootKey, "root slots: epoch"};
}

}  // namespace certrelay
