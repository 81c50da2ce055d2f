#include "relay/registry/generation_seal.hpp"

#include "protocol/base/codec.hpp"
#include "relay/registry/stored_person.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kSealLabel = "certrelay generation v1";
constexpr std::string_view kCurrentMagic = "CRCURR05";
constexpr std::string_view kCurrentLabel = "certrelay current v1";
constexpr std::size_t kNameMax = 64;

Bytes context_of(std::string_view label, std::uint64_t epoch, std::uint64_t number) {
  ByteWriter out;
  out.raw(label);
  out.u8(0);
  out.u64(epoch);
  out.u64(number);
  return std::move(out).take();
}

void write_mark(ByteWriter& out, const FileMark& mark) {
  out.u64(mark.bytes);
  out.raw(mark.sha256);
}

Result<FileMark> read_mark(ByteReader& in) {
  FileMark out;
  CERTRELAY_TRY(out.bytes, in.u64());
  CERTRELAY_TRY(const auto digest, in.raw(out.sha256.size()));
  std::copy(digest.begin(), digest.end(), out.sha256.begin());
  return out;
}

std::uint64_t millis(UtcTime time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}
UtcTime time_of(std::uint64_t value) {
  return UtcTime(std::chrono::milliseconds(static_cast<std::int64_t>(value)));
}

Result<std::string> name_of_file(ByteReader& in) {
  CERTRELAY_TRY(const auto bytes, in.short_bytes(kNameMax));
  return std::string(as_text(bytes));
}

Result<std::vector<FileBytes>> read_files(ByteReader& in) {
  CERTRELAY_TRY(const auto count, in.u16());
  std::vector<FileBytes> out;
  for (std::size_t i = 0; i < count; ++i) {
    FileBytes file;
    CERTRELAY_TRY(file.name, name_of_file(in));
    CERTRELAY_TRY(file.bytes, in.u64());
    out.push_back(std::move(file));
  }
  return out;
}

// Only where numbers are or were held does anything stand here.
Result<void> read_numbers(ByteReader& in, GenerationSeal& out) {
  if (in.at_end()) return ok();
  CERTRELAY_TRY(const auto held, in.u8());
  out.numbers = held != 0 ? IndividualNumbers::kHeld : IndividualNumbers::kNotHeld;
  CERTRELAY_TRY(out.numbers_ended, in.u64());
  return ok();
}

Result<GenerationSeal> read_seal(ByteReader& in) {
  CERTRELAY_TRY(const auto generation, in.u64());
  CERTRELAY_TRY(const auto persons, in.u64());
  CERTRELAY_TRY(const auto households, in.u64());
  CERTRELAY_TRY(const auto cards, in.u64());
  CERTRELAY_TRY(const auto created, in.u64());
  CERTRELAY_TRY(const auto base, read_mark(in));
  CERTRELAY_TRY(const auto index, read_mark(in));
  CERTRELAY_TRY(const auto blind, in.raw(32));
  CERTRELAY_TRY(const auto sealing, in.raw(32));
  CERTRELAY_TRY(const auto size, in.u32());
  CERTRELAY_TRY(const auto menu, in.raw(size));
  CERTRELAY_TRY(auto catalogue, decode_catalogue(menu));
  CERTRELAY_TRY(auto files, read_files(in));
  GenerationSeal out{generation,
                     persons,
                     households,
                     cards,
                     time_of(created),
                     base,
                     index,
                     {Key256(blind), Key256(sealing)},
                     std::move(catalogue),
                     std::move(files)};
  CERTRELAY_TRY(read_numbers(in, out));
  CERTRELAY_TRY(in.expect_end());
  return out;
}

Result<CurrentRegister> read_current(ByteReader& in) {
  CurrentRegister out;
  CERTRELAY_TRY(out.generation, in.u64());
  CERTRELAY_TRY(out.sequence, in.u64());
  CERTRELAY_TRY(out.stem, name_of_file(in));
  CERTRELAY_TRY(out.keys, name_of_file(in));
  CERTRELAY_TRY(out.key_count, in.u64());
  CERTRELAY_TRY(const auto contact, in.u64());
  out.last_contact = time_of(contact);
  CERTRELAY_TRY(out.overlay, name_of_file(in));
  CERTRELAY_TRY(out.added, name_of_file(in));
  CERTRELAY_TRY(out.overlay_frames, in.u64());
  CERTRELAY_TRY(const auto key, in.raw(out.overlay_key.size()));
  std::copy(key.begin(), key.end(), out.overlay_key.begin());
  CERTRELAY_TRY(in.expect_end());
  return out;
}

}  // namespace

Bytes seal_generation(const GenerationSeal& content, std::uint64_t numbers_ended,
                      const RootRef& root, Entropy& entropy) {
  ByteWriter out;
  out.u64(content.generation);
  out.u64(content.persons);
  out.u64(content.households);
  out.u64(content.cards);
  out.u64(millis(content.created));
  write_mark(out, content.base);
  write_mark(out, content.index);
  out.raw(content.index_keys.blind.reveal());
  out.raw(content.index_keys.seal.reveal());
  const auto menu = encode(content.catalogue);
  out.u32(static_cast<std::uint32_t>(menu.size()));
  out.raw(menu);
  out.u16(static_cast<std::uint16_t>(content.files.size()));
  for (const auto& file : content.files) {
    out.short_text(file.name);
    out.u64(file.bytes);
  }
  if (content.numbers == IndividualNumbers::kHeld || numbers_ended > 0) {
    out.u8(content.numbers == IndividualNumbers::kHeld ? 1 : 0);
    out.u64(numbers_ended);
  }
  auto clear = std::move(out).take();
  auto sealed =
      seal(*root.key, context_of(kSealLabel, root.epoch, content.generation), clear, entropy);
  wipe(clear);
  return sealed;
}

Result<GenerationSeal> open_generation_seal(ByteView sealed, const RootRef& root,
                                            std::uint64_t generation) {
  CERTRELAY_TRY(auto clear,
                open_sealed(*root.key, context_of(kSealLabel, root.epoch, generation), sealed));
  ByteReader in(clear);
  auto out = read_seal(in);
  wipe(clear);
  if (!out) return Error{ErrorCode::kStoreCorrupt, "generation seal: form"};
  if (out.value().generation != generation) {
    return Error{ErrorCode::kWrongGeneration, "generation seal"};
  }
  return out;
}

Bytes seal_current(const CurrentRegister& current, const Key256& root, Entropy& entropy) {
  ByteWriter clear;
  clear.u64(current.generation);
  clear.u64(current.sequence);
  clear.short_text(current.stem);
  clear.short_text(current.keys);
  clear.u64(current.key_count);
  clear.u64(millis(current.last_contact));
  clear.short_text(current.overlay);
  clear.short_text(current.added);
  clear.u64(current.overlay_frames);
  clear.raw(current.overlay_key);
  ByteWriter out;
  out.raw(kCurrentMagic);
  out.u64(current.epoch);
  out.raw(seal(root, context_of(kCurrentLabel, current.epoch, 0), clear.view(), entropy));
  return std::move(out).take();
}

Result<std::uint64_t> epoch_of_current(ByteView bytes) {
  ByteReader in(bytes);
  const auto magic = in.raw(kCurrentMagic.size());
  if (!magic || as_text(magic.value()) != kCurrentMagic) {
    return Error{ErrorCode::kStoreCorrupt, "CURRENT: form"};
  }
  const auto epoch = in.u64();
  if (!epoch) return Error{ErrorCode::kStoreCorrupt, "CURRENT: form"};
  return epoch;
}

Result<CurrentRegister> open_current(ByteView bytes, const Key256& root) {
  CERTRELAY_TRY(const auto epoch, epoch_of_current(bytes));
  CERTRELAY_TRY(const auto clear, open_sealed(root, context_of(kCurrentLabel, epoch, 0),
                                              bytes.subspan(kCurrentMagic.size() + 8)));
  ByteReader in(clear);
  auto out = read_current(in);
  if (!out) return Error{ErrorCode::kStoreCorrupt, "CURRENT: content"};
  out.value().epoch = epoch;
  return out;
}

}  // namespace certrelay
