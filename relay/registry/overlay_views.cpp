// The part of Overlay that answers: what stands in the index, as of now or of an edition.
#include <algorithm>
#include <mutex>
#include <set>

#include "protocol/base/check.hpp"
#include "protocol/extract/card_table.hpp"
#include "relay/registry/overlay.hpp"

namespace certrelay {
namespace {

// The last of a history that is not younger than `edition`; end() when there is none.
template <class Entry>
auto latest(const std::vector<Entry>& history, std::uint64_t edition) {
  auto at = history.rbegin();
  while (at != history.rend() && at->edition > edition) ++at;
  return at;
}

}  // namespace

FeedState Overlay::feed() const {
  const std::shared_lock guard(mutex_);
  return feed_;
}

RegisterVersion Overlay::version() const {
  const std::shared_lock guard(mutex_);
  return {base_->version().generation, feed_.sequence, edition_};
}

std::vector<Overlay::Hold> Overlay::holds() const {
  const std::shared_lock guard(mutex_);
  std::vector<Hold> out;
  for (const auto& [person, hold] : holds_) {
    if (hold.history.back().set) out.push_back({person, hold.household, hold.reason});
  }
  std::sort(out.begin(), out.end(),
            [](const Hold& a, const Hold& b) { return a.person < b.person; });
  return out;
}

std::size_t Overlay::added_keys() const {
  const std::shared_lock guard(mutex_);
  return keys_made_;
}

std::vector<std::uint64_t> Overlay::added_among(const std::vector<std::uint64_t>& persons) const {
  const std::shared_lock guard(mutex_);
  std::vector<std::uint64_t> out;
  for (const auto person : persons) {
    if (added_keys_.contains(person)) out.push_back(person);
  }
  return out;
}

void Overlay::turn_keys(std::optional<AddedKeys> added, const std::vector<std::uint64_t>& without) {
  const std::unique_lock guard(mutex_);
  added_.reset();
  turn_key_.reset();
  if (added) {
    added_ = std::move(added->log);
    turn_key_ = std::move(added->turn_key);
  }
  for (const auto person : without) added_keys_.erase(person);
}

void Overlay::continue_from(const Overlay& former) {
  const auto made = former.added_keys();
  const std::unique_lock guard(mutex_);
  keys_made_ = made;
}

std::vector<std::uint64_t> Overlay::deleted() const {
  const std::shared_lock guard(mutex_);
  std::vector<std::uint64_t> out;
  for (const auto& [person, history] : persons_) {
    if (history.back().state.kind == PersonState::Kind::kDeleted) out.push_back(person);
  }
  return out;
}

bool Overlay::has_record(std::uint64_t person) const {
  const std::shared_lock guard(mutex_);
  const auto found = persons_.find(person);
  return found != persons_.end() && found->second.back().state.kind == PersonState::Kind::kRecord;
}

void Overlay::fold_keys(KeyTable& table) const {
  const std::shared_lock guard(mutex_);
  for (const auto& [person, key] : added_keys_) table.fold(person, key);
}

std::optional<Overlay::Acknowledged> Overlay::acknowledged(std::uint64_t sequence) const {
  const std::shared_lock guard(mutex_);
  if (sequence == 0 || sequence > acknowledged_.size()) return std::nullopt;
  return acknowledged_[sequence - 1];
}

std::vector<std::uint64_t> Overlay::put_aside(std::size_t max) const {
  const std::shared_lock guard(mutex_);
  std::set<std::uint64_t> numbers;
  for (const auto& [household, changes] : closed_by_) {
    numbers.insert(changes.begin(), changes.end());
  }
  std::vector<std::uint64_t> out(numbers.begin(), numbers.end());
  if (out.size() > max) out.resize(max);
  return out;
}

Result<void> Overlay::untouched_since(std::uint64_t edition, std::uint64_t household) const {
  const std::shared_lock guard(mutex_);
  const auto found = touched_.find(household);
  if (found != touched_.end() && found->second > edition) {
    return Error{ErrorCode::kRegisterChanged, "overlay"};
  }
  return ok();
}

Overlay::PersonState Overlay::person(std::uint64_t person, std::uint64_t edition) const {
  const std::shared_lock guard(mutex_);
  const auto found = persons_.find(person);
  if (found == persons_.end()) return {};
  const auto at = latest(found->second, edition);
  return at == found->second.rend() ? PersonState{} : at->state;
}

bool Overlay::held(std::uint64_t person, std::uint64_t edition) const {
  const std::shared_lock guard(mutex_);
  const auto found = holds_.find(person);
  if (found == holds_.end()) return false;
  const auto at = latest(found->second.history, edition);
  return at != found->second.history.rend() && at->set;
}

bool Overlay::quarantined(std::uint64_t household, std::uint64_t edition) const {
  const std::shared_lock guard(mutex_);
  const auto found = quarantined_.find(household);
  if (found == quarantined_.end()) return false;
  const auto at = latest(found->second, edition);
  return at != found->second.rend() && at->set;
}

std::optional<std::uint64_t> Overlay::card_owner(const CardKey& card) const {
  const std::shared_lock guard(mutex_);
  if (cards_.empty()) return std::nullopt;
  const auto found = cards_.find(blinded(base_->contents().index_keys, card));
  if (found == cards_.end()) return std::nullopt;
  return found->second;
}

Result<StoredPerson> Overlay::record(std::uint64_t person, const PersonState& state,
                                     SubjectPseudonym* subject) const {
  CERTRELAY_CHECK(state.kind == PersonState::Kind::kRecord);
  CERTRELAY_TRY(const auto key, key_of(person));
  CERTRELAY_TRY(const auto sealed, log_->read(state.offset, state.size));
  CERTRELAY_TRY(auto clear, open_sealed(key, context(state.sequence, person), sealed));
  auto stored = decode_stored_person(clear);
  wipe(clear);
  if (stored && to_number(stored.value().person.person) != person) {
    return Error{ErrorCode::kStoreCorrupt, "overlay: another person's record"};
  }
  if (subject != nullptr) *subject = pseudonym_under(key);
  return stored;
}

std::vector<std::uint64_t> Overlay::persons() const {
  const std::shared_lock guard(mutex_);
  std::vector<std::uint64_t> out;
  out.reserve(persons_.size());
  for (const auto& [person, history] : persons_) out.push_back(person);
  return out;
}

}  // namespace certrelay
