// cards.idx: which person a certificate belongs to, without saying whose certificates there are.
// Rows of 72 bytes ascending by HMAC(index key, issuer, serial); the person is sealed with that
// HMAC as context, so a row that was moved or copied to another does not open. FORMAT.md.
#pragma once

#include <algorithm>
#include <memory>

#include "protocol/base/time.hpp"
#include "protocol/ids/values.hpp"
#include "relay/keys/seal.hpp"
#include "relay/registry/sorted_rows.hpp"

namespace certrelay {

// Two random keys of one index file: blinding and sealing. They die with the index.
struct IndexKeys {
  Key256 blind;
  Key256 seal;
};
IndexKeys random_index_keys(Entropy& entropy);

// What stands for a card wherever links are looked up: HMAC under the index's blind key.
std::array<std::uint8_t, 32> blinded(const IndexKeys& keys, const CardKey& card);

struct CardLink {
  std::uint64_t person = 0;  // its eleven digits
  JstDay valid_from{};
};

class CardIndexBuilder {
 public:
  // References must outlive it.
  CardIndexBuilder(const IndexKeys& keys, Entropy& entropy) : keys_(&keys), entropy_(&entropy) {}
  // Room for so many, so that growing does not hold all rows twice; a hint.
  void reserve(std::uint64_t rows) { rows_.reserve(std::min<std::uint64_t>(rows, kReserveMax)); }
  void add(const CardKey& card, const CardLink& link);
  // Sorts and writes a new file, synced. Errors: kAlreadyExists, the file system's.
  Result<void> write(Files& files, const std::string& path);

 private:
  static constexpr std::size_t kRowSize = 72;
  static constexpr std::uint64_t kReserveMax = 4'000'000;
  using Row = std::array<std::uint8_t, kRowSize>;
  const IndexKeys* keys_;
  Entropy* entropy_;
  std::vector<Row> rows_;
};

// An open index. One thread at a time.
class CardIndex {
 public:
  // Where its rows lie, to be kept for open(). Errors: the file system's, kStoreCorrupt (size).
  static Result<SortedRows> rows_of(Files& files, const std::string& path);
  // `keys` and `rows`, of the same file, must outlive it. Errors: the file system's.
  static Result<CardIndex> open(Files& files, const std::string& path, const IndexKeys& keys,
                                const SortedRows& rows);
  // Errors: kUnknownCard, kSealBroken, the file system's.
  Result<CardLink> find(const CardKey& card) const;

 private:
  CardIndex(std::unique_ptr<File> file, const IndexKeys& keys, const SortedRows& rows)
      : file_(std::move(file)), keys_(&keys), rows_(&rows) {}

  std::unique_ptr<File> file_;
  const IndexKeys* keys_;
  const SortedRows* rows_;
};

}  // namespace certrelay
