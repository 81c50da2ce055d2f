#include "relay/registry/key_file.hpp"

#include <algorithm>

#include "protocol/base/codec.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kPageLabel = "certrelay keys v1";
constexpr std::size_t kPersonSize = 5;  // eleven digits fit 37 bits
constexpr std::size_t kKeyRowSize = kPersonSize + sizeof(Key256);
constexpr std::size_t kPageClearSize = kKeyPageSize - kSealOverhead;
constexpr std::size_t kCountSize = 2;
constexpr std::uint64_t kPagesPerCall = 256;  // of one read or write of a walk
constexpr std::size_t kBlockSize = kPagesPerCall * kKeyPageSize;
static_assert(kCountSize + kKeysPerPage * kKeyRowSize <= kPageClearSize);

Bytes page_context(const RootRef& root, std::uint64_t page) {
  ByteWriter out;
  out.raw(kPageLabel);
  out.u8(0);
  out.u64(root.epoch);
  out.u64(page);
  return std::move(out).take();
}

std::size_t count_of(ByteView page) {
  return std::min<std::size_t>(kKeysPerPage, std::size_t{page[0]} << 8U | page[1]);
}

std::uint64_t person_at(ByteView page, std::size_t index) {
  const auto row = page.subspan(kCountSize + index * kKeyRowSize, kPersonSize);
  std::uint64_t person = 0;
  for (const auto byte : row) person = person << 8U | byte;
  return person;
}

void write_row(ByteWriter& page, std::uint64_t person, ByteView key) {
  page.u8(static_cast<std::uint8_t>(person >> 32U));
  page.u32(static_cast<std::uint32_t>(person));
  page.raw(key);
}

// In place, so that no copy of the key is made.
void empty_row(Bytes& page, std::size_t index) {
  const auto row = std::span(page).subspan(kCountSize + index * kKeyRowSize, kKeyRowSize);
  std::fill(row.begin(), row.begin() + kPersonSize, 0xFF);
  wipe(row.subspan(kPersonSize));
}

ByteView key_at(ByteView page, std::size_t index) {
  return page.subspan(kCountSize + index * kKeyRowSize + kPersonSize, sizeof(Key256));
}

}  // namespace

void KeyTable::add(std::uint64_t person, Key256 key) { rows_.push_back({person, std::move(key)}); }

void KeyTable::fold(std::uint64_t person, const Key256& key) {
  const auto known =
      std::lower_bound(known_.begin(), known_.end(), person,
                       [](const Place& place, std::uint64_t id) { return place.person < id; });
  if (known != known_.end() && known->person == person) return;
  known_.insert(known, {person, rows_.size()});
  add(person, Key256(key.reveal()));
}

std::uint64_t KeyTable::slot_of(std::uint64_t person, Entropy& entropy) {
  const auto known =
      std::lower_bound(known_.begin(), known_.end(), person,
                       [](const Place& place, std::uint64_t key) { return place.person < key; });
  if (known != known_.end() && known->person == person) return known->slot;
  add(person, random_key(entropy));
  return rows_.size() - 1;
}

std::uint64_t KeyTable::add_number_key(std::uint64_t person, Entropy& entropy) {
  const auto row = number_key_of(person);
  if (std::binary_search(former_numbers_.begin(), former_numbers_.end(), row)) ++numbers_kept_;
  add(row, random_key(entropy));
  return rows_.size() - 1;
}

void KeyTable::close_gaps() {
  std::erase_if(rows_, [&](const Row& row) {
    if (is_number_key(row.person)) former_numbers_.push_back(row.person);
    return row.person == kNoPerson || is_number_key(row.person);
  });
  std::sort(former_numbers_.begin(), former_numbers_.end());
  known_.clear();
  for (std::uint64_t slot = 0; slot < rows_.size(); ++slot) {
    known_.push_back({rows_[slot].person, slot});
  }
  std::sort(known_.begin(), known_.end(),
            [](const Place& a, const Place& b) { return a.person < b.person; });
}

Result<void> KeyTable::write(Files& files, const std::string& path, const RootRef& root,
                             Entropy& entropy) const {
  CERTRELAY_TRY(auto file, files.open(path, OpenMode::kCreateNew));
  std::uint64_t number = 0;
  Bytes block;
  std::uint64_t written = 0;
  for (std::size_t first = 0; first < rows_.size(); first += kKeysPerPage, ++number) {
    const std::size_t count = std::min(kKeysPerPage, rows_.size() - first);
    ByteWriter page;
    page.u16(static_cast<std::uint16_t>(count));
    for (std::size_t i = first; i < first + count; ++i) {
      write_row(page, rows_[i].person, rows_[i].key.reveal());
    }
    auto clear = std::move(page).take();
    clear.resize(kPageClearSize);
    const auto sealed = seal(*root.key, page_context(root, number), clear, entropy);
    wipe(clear);
    block.insert(block.end(), sealed.begin(), sealed.end());
    if (block.size() < kBlockSize && first + count < rows_.size()) continue;
    CERTRELAY_TRY(file->write_at(written, block));
    written += block.size();
    block.clear();
  }
  return file->sync();
}

Result<KeyFile> KeyFile::open(Files& files, const std::string& path, const RootRef& root) {
  CERTRELAY_TRY(auto file, files.open(path, OpenMode::kRead));
  CERTRELAY_TRY(const auto size, file->size());
  if (size % kKeyPageSize != 0) return Error{ErrorCode::kStoreCorrupt, "keys: size"};
  return KeyFile(std::move(file), root, size / kKeyPageSize);
}

Result<Bytes> KeyFile::open_page(std::uint64_t number, ByteView sealed) const {
  return open_sealed(*root_.key, page_context(root_, number), sealed);
}

Result<Key256> KeyFile::key(std::uint64_t slot, std::uint64_t person) const {
  const std::uint64_t number = slot / kKeysPerPage;
  const std::size_t index = slot % kKeysPerPage;
  if (number >= pages_) return Error{ErrorCode::kUnknownPerson, "keys: no such slot"};
  CERTRELAY_TRY(const auto sealed, window_.at(*file_, number * kKeyPageSize, kKeyPageSize, 0));
  if (sealed.size() != kKeyPageSize) return Error{ErrorCode::kStoreCorrupt, "keys: page is cut"};
  CERTRELAY_TRY(auto clear, open_page(number, sealed));
  const bool theirs = index < count_of(clear) && person_at(clear, index) == person;
  if (!theirs) {
    wipe(clear);
    return Error{ErrorCode::kUnknownPerson, "keys: slot is not this person's"};
  }
  Key256 key(key_at(clear, index));
  wipe(clear);
  return key;
}

template <class Visit>
Result<void> KeyFile::walk(const Visit& visit) const {
  Bytes block;
  for (std::uint64_t first = 0; first < pages_; first += kPagesPerCall) {
    const std::uint64_t end = std::min(first + kPagesPerCall, pages_);
    block.resize((end - first) * kKeyPageSize);
    CERTRELAY_TRY(const auto read, file_->read_at(first * kKeyPageSize, block));
    if (read != block.size()) return Error{ErrorCode::kStoreCorrupt, "keys: page is cut"};
    for (std::uint64_t number = first; number < end; ++number) {
      const auto sealed = ByteView(block).subspan((number - first) * kKeyPageSize, kKeyPageSize);
      CERTRELAY_TRY(auto clear, open_page(number, sealed));
      // Slots are dense: only the last page may be short.
      const bool whole = count_of(clear) == kKeysPerPage || number + 1 == pages_;
      Result<void> visited = Error{ErrorCode::kStoreCorrupt, "keys: a page is short"};
      if (whole) visited = visit(number, clear);
      wipe(clear);
      CERTRELAY_TRY(visited);
    }
  }
  return ok();
}

Result<KeyTable> KeyFile::load() const {
  KeyTable out;
  out.rows_.reserve(pages_ * kKeysPerPage);
  CERTRELAY_TRY(walk([&](std::uint64_t, ByteView clear) {
    for (std::size_t i = 0; i < count_of(clear); ++i) {
      const auto person = person_at(clear, i);
      if (person != kNoPerson) out.known_.push_back({person, out.rows_.size()});
      out.add(person, Key256(key_at(clear, i)));
    }
    return ok();
  }));
  std::sort(out.known_.begin(), out.known_.end(),
            [](const auto& a, const auto& b) { return a.person < b.person; });
  return out;
}

Result<std::vector<std::uint64_t>> KeyFile::persons() const {
  std::vector<std::uint64_t> out;
  out.reserve(pages_ * kKeysPerPage);
  CERTRELAY_TRY(walk([&](std::uint64_t, ByteView clear) {
    for (std::size_t i = 0; i < count_of(clear); ++i) {
      const auto person = person_at(clear, i);
      if (person != kNoPerson && !is_number_key(person)) out.push_back(person);
    }
    return ok();
  }));
  std::sort(out.begin(), out.end());
  return out;
}

Result<KeyCounts> KeyFile::check() const {
  KeyCounts out;
  CERTRELAY_TRY(walk([&](std::uint64_t, ByteView clear) {
    out.slots += count_of(clear);
    for (std::size_t i = 0; i < count_of(clear); ++i) {
      const auto person = person_at(clear, i);
      out.persons += person != kNoPerson && !is_number_key(person) ? 1U : 0U;
    }
    return ok();
  }));
  return out;
}

Result<KeyCopy> KeyFile::copy_without(const std::vector<std::uint64_t>& persons, Files& files,
                                      const std::string& path, const RootRef& to,
                                      Entropy& entropy) const {
  CERTRELAY_TRY(auto out, files.open(path, OpenMode::kCreateNew));
  KeyCopy copy;
  Bytes block;
  std::uint64_t written = 0;
  CERTRELAY_TRY(walk([&](std::uint64_t number, Bytes& clear) -> Result<void> {
    copy.counts.slots += count_of(clear);
    for (std::size_t i = 0; i < count_of(clear); ++i) {
      const auto person = person_at(clear, i);
      if (person == kNoPerson) continue;
      const bool ends = std::binary_search(persons.begin(), persons.end(), person);
      if (ends) empty_row(clear, i);
      if (is_number_key(person)) continue;
      ++(ends ? copy.dropped : copy.counts.persons);
    }
    const auto sealed = seal(*to.key, page_context(to, number), clear, entropy);
    block.insert(block.end(), sealed.begin(), sealed.end());
    if (block.size() < kBlockSize && number + 1 != pages_) return ok();
    CERTRELAY_TRY(out->write_at(written, block));
    written += block.size();
    block.clear();
    return ok();
  }));
  CERTRELAY_TRY(out->sync());
  return copy;
}

}  // namespace certrelay
