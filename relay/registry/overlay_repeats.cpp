// The part of Overlay that tells a change that is sent again from another one under its number,
// without keeping what a guess of an erased person's data could be tested against (decision 0102).
#include <mutex>

#include "protocol/base/codec.hpp"
#include "protocol/base/sha256.hpp"
#include "relay/registry/overlay.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kRepeatLabel = "certrelay repeat v1";

decltype(RepeatMark::key_check) check_of(const Key256& key) {
  const auto whole = hmac_sha256(key, as_bytes(kRepeatLabel));
  decltype(RepeatMark::key_check) out{};
  std::copy_n(whole.begin(), out.size(), out.begin());
  return out;
}

}  // namespace

// Errors: kUnknownPerson (it is gone), damaged bytes.
Result<Key256> Overlay::key_of_row(std::uint64_t row) const {
  if (is_number_key(row)) return number_key_in_force(row ^ number_key_of(0));
  if (row != kTurnKeyRow) return key_of(row);
  const std::shared_lock guard(mutex_);
  if (!turn_key_) return Error{ErrorCode::kUnknownPerson, "overlay: the turn's key"};
  return Key256(turn_key_->reveal());
}

// From all of the keys: with one of them gone nobody makes it again.
Result<Key256> Overlay::repeat_key(std::uint64_t sequence,
                                   const std::vector<std::uint64_t>& rows) const {
  ByteWriter out;
  out.raw(kRepeatLabel);
  out.u8(0);
  out.u64(base_->version().generation);
  out.u64(sequence);
  for (const auto row : rows) {
    const auto key = key_of_row(row);
    if (!key) {
      auto unfinished = std::move(out).take();
      wipe(unfinished);
      return key.error();
    }
    out.u64(row);
    out.raw(key.value().reveal());
  }
  auto clear = std::move(out).take();
  auto digest = sha256(clear);
  wipe(clear);
  Key256 key(digest);
  wipe(digest);
  return key;
}

Result<RepeatMark> Overlay::mark(std::uint64_t sequence, std::vector<std::uint64_t> rows,
                                 ByteView body) const {
  CERTRELAY_TRY(const auto key, repeat_key(sequence, rows));
  return RepeatMark{std::move(rows), check_of(key), hmac_sha256(key, body)};
}

Result<Overlay::Repeat> Overlay::compare(std::uint64_t sequence, ByteView body) const {
  Mark mark;
  std::vector<std::uint64_t> rows;
  {
    const std::shared_lock guard(mutex_);
    mark = marks_.at(sequence - 1);
    const auto first = mark_rows_.begin() + mark.first;
    rows.assign(first, first + mark.count);
  }
  const auto key = repeat_key(sequence, rows);
  if (!key && key.error().code == ErrorCode::kUnknownPerson) return Repeat::kErased;
  if (!key) return key.error();
  // Somebody may have come again since, with a new key.
  if (check_of(key.value()) != mark.key_check) return Repeat::kErased;
  return hmac_sha256(key.value(), body) == mark.body ? Repeat::kSame : Repeat::kOther;
}

}  // namespace certrelay
