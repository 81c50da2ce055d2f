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
constexpr std::uint64_t kBlockRows = 32;  // of one read: 2.3 KB, seldom two at ten million
constexpr std::size_t kRowsPerWrite = 16 * 1024;
// Each fence costs a read at the start; between two that are this near one block finds the row.
constexpr std::uint64_t kFenceStepMin = 64;
constexpr std::uint64_t kFencesMax = 16 * 1024;  // 128 KiB

// The first eight bytes as a number: HMACs are spread evenly, so it tells the row's place.
std::uint64_t head_of(ByteView row) {
  std::uint64_t head = 0;
  for (std::size_t i = 0; i < 8; ++i) head = head << 8U | row[i];
  return head;
}

Result<std::uint64_t> rows_of(File& file) {
  CERTRELAY_TRY(const auto size, file.size());
  if (size % kRowSize != 0) return Error{ErrorCode::kStoreCorrupt, "card index: size"};
  return size / kRowSize;
}

ByteView row_at(ByteView rows, std::size_t index) {
  return rows.subspan(index * kRowSize, kRowSize);
}

bool less(ByteView a, ByteView b) {
  return std::lexicographical_compare(a.begin(), a.begin() + kBlindSize, b.begin(),
                                      b.begin() + kBlindSize);
}

// Where in [low, high) the row should lie when heads are even between the two bounds.
std::uint64_t guess(std::uint64_t low, std::uint64_t high, std::uint64_t low_head,
                    std::uint64_t high_head, std::uint64_t head) {
  if (head <= low_head || high_head <= low_head) return low;
  const long double part =
      static_cast<long double>(head - low_head) / static_cast<long double>(high_head - low_head);
  const auto step = static_cast<std::uint64_t>(part * static_cast<long double>(high - low));
  return std::min(low + step, high - 1);
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

Result<CardFences> CardFences::read(Files& files, const std::string& path) {
  CERTRELAY_TRY(const auto file, files.open(path, OpenMode::kRead));
  CERTRELAY_TRY(const auto rows, rows_of(*file));
  CardFences out;
  out.step = std::max(kFenceStepMin, rows / kFencesMax + 1);
  out.heads.reserve(rows / out.step + 1);
  for (std::uint64_t row = 0; row < rows; row += out.step) {
    std::array<std::uint8_t, 8> head{};
    CERTRELAY_TRY(const auto read, file->read_at(row * kRowSize, head));
    if (read != head.size()) return Error{ErrorCode::kStoreCorrupt, "card index: cut"};
    out.heads.push_back(head_of(head));
  }
  return out;
}

Result<CardIndex> CardIndex::open(Files& files, const std::string& path, const IndexKeys& keys,
                                  const CardFences& fences) {
  CERTRELAY_TRY(auto file, files.open(path, OpenMode::kRead));
  CERTRELAY_TRY(const auto rows, rows_of(*file));
  return CardIndex(std::move(file), keys, fences, rows);
}

Result<Bytes> CardIndex::read_rows(std::uint64_t first, std::uint64_t count) const {
  Bytes rows(count * kRowSize);
  CERTRELAY_TRY(const auto read, file_->read_at(first * kRowSize, rows));
  if (read != rows.size()) return Error{ErrorCode::kStoreCorrupt, "card index: cut"};
  return rows;
}

Result<CardLink> CardIndex::find(const CardKey& card) const {
  const auto wanted = blinded(*keys_, card);
  const std::uint64_t head = head_of(wanted);
  // From the last fence below the head to the first one above it.
  const auto& heads = fences_->heads;
  const auto from = std::lower_bound(heads.begin(), heads.end(), head);
  const auto until = std::upper_bound(from, heads.end(), head);
  const auto place = [&](auto fence) {
    return static_cast<std::uint64_t>(fence - heads.begin()) * fences_->step;
  };
  std::uint64_t low = from == heads.begin() ? 0 : place(from - 1);
  std::uint64_t high = until == heads.end() ? rows_ : place(until);
  std::uint64_t low_head = from == heads.begin() ? 0 : *(from - 1);
  std::uint64_t high_head = until == heads.end() ? ~std::uint64_t{0} : *until;
  while (low < high) {
    // A block around the guess; each round leaves the block out, so it ends.
    const std::uint64_t middle = guess(low, high, low_head, high_head, head);
    const std::uint64_t first = std::max(low, middle - std::min(middle, kBlockRows / 2));
    const std::uint64_t count = std::min(kBlockRows, high - first);
    CERTRELAY_TRY(const auto rows, read_rows(first, count));
    if (less(wanted, row_at(rows, 0))) {
      high = first;
      high_head = head_of(rows);
      continue;
    }
    if (less(row_at(rows, count - 1), wanted)) {
      low = first + count;
      low_head = head_of(row_at(rows, count - 1));
      continue;
    }
    for (std::size_t i = 0; i < count; ++i) {
      const auto row = row_at(rows, i);
      if (!std::equal(wanted.begin(), wanted.end(), row.begin())) continue;
      CERTRELAY_TRY(const auto clear, open_sealed(keys_->seal, wanted, row.subspan(kBlindSize)));
      ByteReader reader(clear);
      CERTRELAY_TRY(const auto person, reader.u64());
      CERTRELAY_TRY(const auto day, read_day(reader));
      return CardLink{person, day};
    }
    break;
  }
  return Error{ErrorCode::kUnknownCard, "card index"};
}

}  // namespace certrelay
