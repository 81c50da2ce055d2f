#include "relay/keys/root_key.hpp"

#include <algorithm>

#include "protocol/base/codec.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kMagic = "CRROOT01";
constexpr std::string_view kRootLabel = "certrelay root v1";

Bytes slot_context(std::size_t slot, std::uint64_t epoch) {
  ByteWriter out;
  out.raw(kRootLabel);
  out.u8(0);
  out.u8(static_cast<std::uint8_t>(slot));
  out.u64(epoch);
  return std::move(out).take();
}

Bytes slot_bytes(std::uint64_t epoch, ByteView sealed) {
  CERTRELAY_CHECK(sealed.size() == sizeof(Key256) + kSealOverhead);
  ByteWriter out;
  out.raw(kMagic);
  out.u64(epoch);
  out.raw(sealed);
  auto bytes = std::move(out).take();
  bytes.resize(RootSlots::kSlotSize);
  return bytes;
}

}  // namespace

Result<RootSlots> RootSlots::create(Files& files, Entropy& entropy, const std::string& path,
                                    OuterKey& outer) {
  if (files.info(path).has_value()) return Error{ErrorCode::kAlreadyExists, "root slots"};
  // Under another name until a root is in it: a power cut leaves a whole file or none.
  const auto fresh = path + ".new";
  RootSlots out(files, fresh, outer);
  {
    CERTRELAY_TRY(auto file, files.open(fresh, OpenMode::kCreate));
    CERTRELAY_TRY(file->truncate(0));
    CERTRELAY_TRY(file->write_at(0, Bytes(kSlots * kSlotSize)));
    CERTRELAY_TRY(file->sync());
  }
  CERTRELAY_TRY(out.add(entropy));
  CERTRELAY_TRY(files.rename(fresh, path));
  CERTRELAY_TRY(files.sync_folder(folder_of(path)));
  out.path_ = path;
  return out;
}

Result<RootSlots> RootSlots::open(Files& files, const std::string& path, const FileRule& rule,
                                  OuterKey& outer) {
  CERTRELAY_TRY(check_file(files, path, rule));
  CERTRELAY_TRY(const auto bytes, files.read_all(path, kSlots * kSlotSize + 1));
  if (bytes.size() != kSlots * kSlotSize) {
    return Error{ErrorCode::kStoreCorrupt, "root slots: size"};
  }
  RootSlots out(files, path, outer);
  bool any = false;
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    ByteReader reader(ByteView(bytes).subspan(slot * kSlotSize, kSlotSize));
    CERTRELAY_TRY(const auto magic, reader.raw(kMagic.size()));
    if (as_text(magic) != kMagic) continue;
    CERTRELAY_TRY(const auto epoch, reader.u64());
    CERTRELAY_TRY(const auto sealed, reader.raw(sizeof(Key256) + kSealOverhead));
    auto key = outer.open_root(epoch, slot_context(slot, epoch), sealed);
    // A slot that a power cut left half written is no root: nothing was sealed under it yet.
    if (!key && key.error().code == ErrorCode::kSealBroken) continue;
    if (!key) return key.error();
    out.slots_.at(slot).emplace(
        Root{epoch, std::move(key).value(), Bytes(sealed.begin(), sealed.end())});
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

std::vector<std::uint64_t> RootSlots::epochs() const {
  std::vector<std::uint64_t> out;
  for (const auto& slot : slots_) {
    if (slot) out.push_back(slot->epoch);
  }
  std::sort(out.begin(), out.end());
  return out;
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

Result<std::uint64_t> RootSlots::add(Entropy& entropy) {
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    if (slots_.at(slot)) continue;
    const auto epoch = newest() + 1;
    auto key = random_key(entropy);
    CERTRELAY_TRY(auto sealed, outer_->seal_root(epoch, slot_context(slot, epoch), key, entropy));
    CERTRELAY_TRY(write_slot(slot, slot_bytes(epoch, sealed)));
    slots_.at(slot).emplace(Root{epoch, std::move(key), std::move(sealed)});
    return epoch;
  }
  return Error{ErrorCode::kLimitExceeded, "root slots: both are in use"};
}

Result<void> RootSlots::destroy(std::uint64_t epoch) {
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    if (!slots_.at(slot) || slots_.at(slot)->epoch != epoch) continue;
    CERTRELAY_TRY(outer_->destroy(epoch, slots_.at(slot)->sealed));
    CERTRELAY_TRY(write_slot(slot, Bytes(kSlotSize)));
    slots_.at(slot).reset();
    return ok();
  }
  return Error{ErrorCode::kNoRootKey, "root slots: epoch"};
}

Result<void> RootSlots::scrub() {
  CERTRELAY_TRY(const auto file, files_->open(path_, OpenMode::kRead));
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    if (slots_.at(slot)) continue;
    Bytes bytes(kSlotSize);
    CERTRELAY_TRY(const auto count, file->read_at(slot * kSlotSize, bytes));
    if (count == kSlotSize && is_zero(bytes)) continue;
    CERTRELAY_TRY(write_slot(slot, Bytes(kSlotSize)));
  }
  return ok();
}

Result<void> RootSlots::destroy_all() {
  for (const auto epoch : epochs()) {
    CERTRELAY_TRY(destroy(epoch));
  }
  return scrub();
}

}  // namespace certrelay
