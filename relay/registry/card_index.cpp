#include "relay/registry/card_index.hpp"

#include <algorithm>

#include "protocol/base/codec.hpp"
#include "relay/registry/stored_fields.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kBlindSize = 32;
constexpr std::size_t kClearSize = 12;
constexpr std::size_t kRowSize = kBlindSize + kClearSize + kSealOverhead;
static_assert(kRowSize == 72);
constexpr std::size_t kRowsPerWrite = 16 * 1024;
constexpr std::string_view kIndexWhere = "card index";

bool less(ByteView a, ByteView b) {
  return std::lexicographical_compare(a.begin(), a.begin() + kBlindSize, b.begin(),
                                      b.begin() + kBlindSize);
}

}  // namespace

std::array<std::uint8_t, 32> blinded(const IndexKeys& keys, const CardKey& card) {
  ByteWriter out;
  out.short_bytes(card.issuer_der);
  out.raw(card.serial);
  return hmac_sha256(keys.blind, out.view());
}

IndexKeys random_index_keys(Entropy& entropy) {
  auto blind = random_key(entropy);
  return {std::move(blind), random_key(entropy)};
}

void CardIndexBuilder::add(const CardKey& card, const CardLink& link) {
  const auto blind = blinded(*keys_, card);
  ByteWriter clear;
  clear.u64(link.person);
  write_day(clear, link.valid_from);
  const auto sealed = seal(keys_->seal, blind, clear.view(), *entropy_);
  Row row{};
  std::copy(blind.begin(), blind.end(), row.begin());
  std::copy(sealed.begin(), sealed.end(), row.begin() + kBlindSize);
  rows_.push_back(row);
}

Result<void> CardIndexBuilder::write(Files& files, const std::string& path) {
  std::sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) { return less(a, b); });
  CERTRELAY_TRY(auto file, files.open(path, OpenMode::kCreateNew));
  Bytes block;
  for (std::size_t first = 0; first < rows_.size(); first += kRowsPerWrite) {
    block.clear();
    const std::size_t end = std::min(rows_.size(), first + kRowsPerWrite);
    for (std::size_t i = first; i < end; ++i) {
      block.insert(block.end(), rows_[i].begin(), rows_[i].end());
    }
    CERTRELAY_TRY(file->write_at(first * kRowSize, block));
  }
  return file->sync();
}

Result<SortedRows> CardIndex::rows_of(Files& files, const std::string& path) {
  CERTRELAY_TRY(const auto file, files.open(path, OpenMode::kRead));
  CERTRELAY_TRY(const auto size, file->size());
  if (size % kRowSize != 0) return Error{ErrorCode::kStoreCorrupt, kIndexWhere};
  return SortedRows::read(*file, {0, size / kRowSize, kRowSize, kBlindSize}, kIndexWhere);
}

Result<CardIndex> CardIndex::open(Files& files, const std::string& path, const IndexKeys& keys,
                                  const SortedRows& rows) {
  CERTRELAY_TRY(auto file, files.open(path, OpenMode::kRead));
  return CardIndex(std::move(file), keys, rows);
}

Result<CardLink> CardIndex::find(const CardKey& card) const {
  const auto wanted = blinded(*keys_, card);
  std::array<std::uint8_t, kRowSize> row{};
  CERTRELAY_TRY(const bool known, rows_->find(*file_, wanted, row));
  if (!known) return Error{ErrorCode::kUnknownCard, kIndexWhere};
  CERTRELAY_TRY(const auto clear,
                open_sealed(keys_->seal, wanted, ByteView(row).subspan(kBlindSize)));
  ByteReader reader(clear);
  CERTRELAY_TRY(const auto person, reader.u64());
  CERTRELAY_TRY(const auto day, read_day(reader));
  return CardLink{person, day};
}

}  // namespace certrelay
