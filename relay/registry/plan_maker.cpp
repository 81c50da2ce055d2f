#include "relay/registry/plan_maker.hpp"

#include <algorithm>

#include "protocol/base/check.hpp"
#include "protocol/extract/card_table.hpp"
#include "protocol/extract/catalogue_rules.hpp"
#include "protocol/extract/schema.hpp"
#include "relay/registry/record_difference.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kCardsColumn = "cards";
constexpr std::string_view kMembersColumn = "members";

std::string eleven_digits(std::uint64_t number) { return std::string(person_of(number).text()); }

}  // namespace

Result<PlanMaker> PlanMaker::create(std::shared_ptr<const OverlaidRegister> base) {
  PlanMaker out(std::move(base));
  if (out.base_ == nullptr) return out;
  out.plan_.base_generation = out.base_->version().generation;
  CERTRELAY_TRY(out.persons_, out.base_->person_ids());
  out.kept_.resize(out.persons_.size());
  out.households_.reserve(out.persons_.size());
  return out;
}

void PlanMaker::list(PlanRecord record, std::string id, PlanChange change,
                     std::vector<std::string> columns) {
  if (base_ == nullptr || plan_.differences.size() == kDifferencesMax) return;
  plan_.differences.push_back({record, std::move(id), change, std::move(columns)});
}

void PlanMaker::count(PlanCounts& counts, PlanRecord record, std::string_view id,
                      const std::vector<std::string>& columns) {
  if (columns.empty()) {
    ++counts.unchanged;
    return;
  }
  ++counts.changed;
  list(record, std::string(id), PlanChange::kChanged, columns);
}

void PlanMaker::check_fees(const Catalogue& catalogue, JstDay today,
                           Diagnostics& diagnostics) const {
  if (base_ != nullptr) check_past_fees(base_->catalogue(), catalogue, today, diagnostics);
}

Result<void> PlanMaker::household(const HouseholdRows& rows,
                                  const std::vector<std::vector<CardRecord>>& cards,
                                  const std::vector<Bytes>& issuers) {
  CERTRELAY_CHECK(cards.size() == rows.members.size() && rows.card_lines.size() == cards.size());
  Seen seen;
  for (std::size_t i = 0; i < rows.members.size(); ++i) {
    CERTRELAY_TRY(compare(rows, i, {cards[i], rows.card_lines[i], issuers}, seen));
  }
  const auto& id = rows.household.household;
  const bool same = seen.before && seen.columns.empty() && !seen.members_changed;
  if (base_ != nullptr && !same) touched_.push_back(to_number(id));
  if (seen.before) {
    count(plan_.households, PlanRecord::kHousehold, id.text(), seen.columns);
  } else if (base_ != nullptr) {
    unmatched_.push_back(to_number(id));
  } else {
    ++plan_.households.added;
  }
  return ok();
}

Result<void> PlanMaker::compare(const HouseholdRows& rows, std::size_t member, const Cards& cards,
                                Seen& household) {
  const auto& person = rows.members[member];
  const std::uint64_t number = to_number(person.person);
  const auto found = std::lower_bound(persons_.begin(), persons_.end(), number);
  const bool known = found != persons_.end() && *found == number;
  if (known) kept_[static_cast<std::size_t>(found - persons_.begin())] = true;
  auto before = known ? base_->stored(person.person) : Error{ErrorCode::kUnknownPerson, "register"};
  if (!before && before.error().code != ErrorCode::kUnknownPerson) return before.error();
  if (!before) {  // or deleted or erased: nobody can say what they were
    ++plan_.persons.added;
    list(PlanRecord::kPerson, std::string(person.person.text()), PlanChange::kAdded);
    CERTRELAY_TRY(compare_cards(nullptr, person.person, cards));
    return ok();
  }
  auto& then = before.value();
  CERTRELAY_TRY(then.person.individual_number, base_->number_of(then));
  cards_before_ += then.cards.size();
  compare_household(then, rows, household);
  std::vector<std::string> columns;
  if (!(then.person == person)) columns = changed_columns(then.person, person);
  CERTRELAY_TRY(const bool cards_changed, compare_cards(&then, person.person, cards));
  if (cards_changed) columns.push_back("~" + std::string(kCardsColumn));
  if (!columns.empty()) {
    household.members_changed = true;
    touched_.push_back(to_number(then.household.household));
  }
  count(plan_.persons, PlanRecord::kPerson, person.person.text(), columns);
  return ok();
}

void PlanMaker::compare_household(const StoredPerson& before, const HouseholdRows& rows,
                                  Seen& household) {
  // Of every member: the head may have been erased.
  households_.push_back(to_number(before.household.household));
  if (household.before || before.household.household != rows.household.household) return;
  household.before = true;
  household.columns = changed_columns(before.household, rows.household);
  const bool same_members = std::equal(
      before.members.begin(), before.members.end(), rows.members.begin(), rows.members.end(),
      [](const PersonId& id, const PersonRecord& record) { return id == record.person; });
  if (!same_members) household.columns.push_back("~" + std::string(kMembersColumn));
}

// Counts the person's cards; true when they are not what they were.
Result<bool> PlanMaker::compare_cards(const StoredPerson* before, const PersonId& person,
                                      const Cards& cards) {
  std::size_t kept = 0;
  bool changed = false;
  for (std::size_t i = 0; i < cards.records.size(); ++i) {
    const auto& card = cards.records[i];
    const CardKey key{cards.issuers[card.issuer], card.serial};
    std::size_t at = 0;
    const std::size_t size = before == nullptr ? 0 : before->cards.size();
    while (at < size && !(before->cards[at] == key)) ++at;
    if (at == size) {
      ++plan_.cards.added;
      changed = true;
      CERTRELAY_TRY(added_card(key, person, before != nullptr, cards.lines[i]));
      continue;
    }
    ++kept;
    const bool same = before->cards_valid_from[at] == card.valid_from;
    ++(same ? plan_.cards.unchanged : plan_.cards.changed);
    changed = changed || !same;
  }
  return changed || (before != nullptr && kept != before->cards.size());
}

Result<void> PlanMaker::added_card(const CardKey& card, const PersonId& person, bool known,
                                   std::uint64_t line) {
  if (base_ == nullptr) return ok();
  CERTRELAY_TRY(const auto owner, base_->card_owner(card));
  if (!owner) return ok();
  if (*owner == person) {
    // The index keeps an erased person's cards until the residue is dropped, and those that a
    // change took away.
    if (!known || !base_->as_extracted(person)) return ok();
    return Error{ErrorCode::kStoreCorrupt, "register: card"};
  }
  ++moved_count_;
  if (moved_cards_.size() == Diagnostics::kKeptMax) return ok();
  moved_cards_.push_back(
      {std::string(table_info(Table::kCards).file), line, "serial", "card-of-another-person",
       "今の登録では別の人のカードです。まずこのカードを除いた抽出データを適用し、"
       "確認のうえ次の抽出データで付けてください。",
       ErrorCode::kCardOfAnother, std::string(person.text())});
  return ok();
}

Result<void> PlanMaker::count_deleted() {
  for (std::size_t i = 0; i < persons_.size(); ++i) {
    if (kept_[i]) continue;
    const auto before = base_->stored(person_of(persons_[i]));
    // Erased, or deleted by a change: gone before this extract, which deletes nothing.
    if (!before && before.error().code == ErrorCode::kUnknownPerson) continue;
    if (!before) return before.error();
    ++plan_.persons.deleted;
    cards_before_ += before.value().cards.size();
    list(PlanRecord::kPerson, eleven_digits(persons_[i]), PlanChange::kDeleted);
    const auto household = to_number(before.value().household.household);
    households_.push_back(household);
    touched_.push_back(household);
  }
  return ok();
}

std::vector<std::uint64_t> PlanMaker::take_touched() {
  std::sort(touched_.begin(), touched_.end());
  touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
  return std::move(touched_);
}

// Households none of whose members the base has in the same household: there under that number
// nevertheless, all of its members are others now.
void PlanMaker::count_unmatched() {
  std::sort(households_.begin(), households_.end());
  households_.erase(std::unique(households_.begin(), households_.end()), households_.end());
  for (const auto number : unmatched_) {
    if (std::binary_search(households_.begin(), households_.end(), number)) {
      ++plan_.households.changed;
      list(PlanRecord::kHousehold, eleven_digits(number), PlanChange::kChanged,
           {"~" + std::string(kMembersColumn)});
    } else {
      ++plan_.households.added;
      list(PlanRecord::kHousehold, eleven_digits(number), PlanChange::kAdded);
    }
  }
}

Result<ExtractPlan> PlanMaker::finish(const Catalogue& catalogue, Diagnostics& diagnostics) {
  for (auto& fault : moved_cards_) diagnostics.reject(std::move(fault));
  if (moved_count_ > 0) return Error{ErrorCode::kCardOfAnother, "register: card"};
  if (base_ == nullptr) {
    plan_.catalogue_changed = true;
    return std::move(plan_);
  }
  CERTRELAY_TRY(count_deleted());
  count_unmatched();
  const auto kept_households = plan_.households.changed + plan_.households.unchanged;
  const auto kept_cards = plan_.cards.changed + plan_.cards.unchanged;
  if (households_.size() < kept_households || cards_before_ < kept_cards) {
    return Error{ErrorCode::kStoreCorrupt, "register: counts"};
  }
  plan_.households.deleted = households_.size() - kept_households;
  plan_.cards.deleted = cards_before_ - kept_cards;
  plan_.catalogue_changed = !(catalogue == base_->catalogue());
  plan_.fees_changed = kinds_of_other_fees(base_->catalogue(), catalogue);
  return std::move(plan_);
}

}  // namespace certrelay
