// The part of Overlay that keeps 個人番号 under keys of their own, where they are held (R08, R49).
#include <mutex>

#include "protocol/extract/card_table.hpp"
#include "relay/registry/overlay.hpp"
#include "relay/registry/sealed_number.hpp"

namespace certrelay {

Result<Key256> Overlay::number_key(std::uint64_t person, const SealedNumber& number) const {
  if (number.slot != SealedNumber::kAddedKey) return base_->number_key(person, number.slot);
  const std::shared_lock guard(mutex_);
  const auto found = added_keys_.find(number_key_of(person));
  if (found == added_keys_.end()) return Error{ErrorCode::kUnknownPerson, "overlay: number's key"};
  return Key256(found->second.reveal());
}

Result<std::optional<IndividualNumber>> Overlay::open_number(const StoredPerson& stored) const {
  if (!stored.number) return std::optional<IndividualNumber>();
  const auto person = to_number(stored.person.person);
  CERTRELAY_TRY(const auto key, number_key(person, *stored.number));
  CERTRELAY_TRY(const auto number, open_sealed_number(key, person, *stored.number));
  return std::optional(number);
}

// A number that came goes under the key that the person's number has, or under a new one.
Result<bool> Overlay::needs_number_key(StoredPerson& record) const {
  if (!record.person.individual_number) return false;
  const auto person = to_number(record.person.person);
  if (!record.number) record.number.emplace();
  const auto key = number_key(person, *record.number);
  if (key) return false;
  if (key.error().code != ErrorCode::kUnknownPerson) return key.error();
  record.number->slot = SealedNumber::kAddedKey;
  return !number_key(person, *record.number).has_value();
}

Result<void> Overlay::seal_number_of(StoredPerson& record) const {
  auto& clear = record.person.individual_number;
  if (!clear) return ok();
  const auto person = to_number(record.person.person);
  CERTRELAY_TRY(const auto key, number_key(person, *record.number));
  record.number->sealed = seal_number(key, person, *clear, *env_.entropy);
  clear.reset();
  return ok();
}

// The one that came with a change, else the extract's. Errors: kUnknownPerson, damaged bytes.
Result<Key256> Overlay::number_key_in_force(std::uint64_t person) const {
  {
    const std::shared_lock guard(mutex_);
    const auto found = added_keys_.find(number_key_of(person));
    if (found != added_keys_.end()) return Key256(found->second.reveal());
  }
  CERTRELAY_TRY(const auto stored, base_->stored(person_of(person)));
  if (!stored.number) return Error{ErrorCode::kUnknownPerson, "overlay: number's key"};
  return base_->number_key(person, stored.number->slot);
}

Result<bool> Overlay::has_number_key(std::uint64_t person) const {
  const auto key = number_key_in_force(person);
  if (!key && key.error().code != ErrorCode::kUnknownPerson) return key.error();
  return key.has_value();
}

Result<EndedNumbers> Overlay::ended_numbers() {
  EndedNumbers out;
  std::vector<std::uint64_t> candidates;
  {
    const std::shared_lock guard(mutex_);
    candidates.assign(numberless_.begin(), numberless_.end());
  }
  for (const auto person : candidates) {
    CERTRELAY_TRY(const bool lives, has_number_key(person));
    if (lives) {
      out.persons.push_back(person);
      out.at_once = out.at_once || has_record(person);
      continue;
    }
    // Until the next change of that person there is nothing to look for.
    const std::unique_lock guard(mutex_);
    numberless_.erase(person);
  }
  return out;
}

}  // namespace certrelay
