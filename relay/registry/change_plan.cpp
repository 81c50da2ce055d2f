#include "relay/registry/change_plan.hpp"

#include <algorithm>
#include <set>

#include "protocol/extract/card_table.hpp"
#include "protocol/extract/schema.hpp"

namespace certrelay {
namespace {

class Planner {
 public:
  Planner(const OverlaidRegister& now, const RegisterChange& change, Diagnostics& diagnostics)
      : now_(now), change_(change), diagnostics_(diagnostics) {}

  Result<PlannedChange> run() {
    for (const auto& rows : change_.households) {
      CERTRELAY_TRY(household(rows));
    }
    for (const auto& person : change_.deleted) {
      CERTRELAY_TRY(deletion(person));
    }
    CERTRELAY_TRY(check_leftovers());
    for (const auto& person : change_.deceased) {
      CERTRELAY_TRY(death(person));
    }
    for (const auto& card : change_.cards_removed) {
      CERTRELAY_TRY(remove_card(card));
    }
    for (const auto& card : change_.cards_added) {
      CERTRELAY_TRY(add_card(card));
    }
    return finish();
  }

 private:
  // What the register says of a person; none: unknown to it.
  Result<std::optional<StoredPerson>> known(const PersonId& person) const {
    auto stored = now_.stored(person);
    if (stored) return std::optional(std::move(stored).value());
    if (stored.error().code == ErrorCode::kUnknownPerson) return std::optional<StoredPerson>();
    return stored.error();
  }

  void touch(const HouseholdId& household) { touched_.insert(to_number(household)); }

  // The household as it was, which the change leaves or takes apart.
  void leave(const StoredPerson& stored) {
    touch(stored.household.household);
    former_.insert_or_assign(stored.household.household, stored.members);
  }

  Result<void> household(const HouseholdRows& rows) {
    std::vector<PersonId> members;
    for (const auto& member : rows.members) members.push_back(member.person);
    touch(rows.household.household);
    reopened_.insert(to_number(rows.household.household));
    for (std::size_t i = 0; i < rows.members.size(); ++i) {
      const auto& member = rows.members[i];
      CERTRELAY_TRY(auto before, known(member.person));
      if (now_.deleted(member.person)) {
        reject(Table::kPersons, rows.member_lines[i], "person_id", "id-used-again",
               "消除された番号は再び使えません。新しい番号にしてください。");
      }
      StoredPerson after{member, rows.household, members, {}, {}};
      if (before) {
        leave(*before);
        after.cards = before->cards;
        after.cards_valid_from = before->cards_valid_from;
        // Its key goes on over the number that the change brings; without one there is none left.
        if (member.individual_number) after.number = before->number;
      }
      take_image(after.person, before, rows.member_lines[i]);
      changed_.insert(to_number(member.person));
      described_.insert(to_number(member.person));
      records_.insert_or_assign(member.person, std::move(after));
    }
    return ok();
  }

  void take_image(PersonRecord& person, const std::optional<StoredPerson>& before,
                  std::uint64_t line) {
    if (person.name_image_file.empty()) return;
    images_.insert(person.name_image_file);
    const auto sent = change_.images.find(person.name_image_file);
    if (sent != change_.images.end()) {
      person.name_image = sent->second;
    } else if (before && before->person.name_image_file == person.name_image_file) {
      person.name_image = before->person.name_image;
    } else {
      reject(Table::kPersons, line, "name_image", "image-missing", "画像がimagesにありません。");
    }
  }

  Result<void> deletion(const PersonId& person) {
    CERTRELAY_TRY(const auto before, known(person));
    changed_.insert(to_number(person));
    deleted_.insert(person);
    if (before) {
      leave(*before);
    } else if (!now_.deleted(person)) {
      reject(Table::kPersons, 0, "person_id", "unknown-person", "登録のない人の消除です。");
    }
    return ok();
  }

  // A household that loses or keeps somebody comes whole, or nobody of it stays.
  Result<void> check_leftovers() {
    for (const auto& [household, members] : former_) {
      bool anybody_left = false;
      for (const auto& member : members) {
        const bool moved = records_.contains(member) || deleted_.contains(member);
        anybody_left = anybody_left || !moved;
      }
      if (!anybody_left) continue;
      reject(Table::kHouseholds, 0, "household_id", "household-not-whole",
             "変わる世帯は、残る世帯員も含めて世帯全員分を送信してください。");
    }
    return ok();
  }

  // The record that the change works on further: its own new one or the register's.
  Result<StoredPerson*> working(const PersonId& person) {
    const auto found = records_.find(person);
    if (found != records_.end()) return &found->second;
    if (deleted_.contains(person)) return static_cast<StoredPerson*>(nullptr);
    CERTRELAY_TRY(auto stored, known(person));
    if (!stored) return static_cast<StoredPerson*>(nullptr);
    return &records_.insert_or_assign(person, std::move(*stored)).first->second;
  }

  // The gates close at once and the individual number leaves the record (R49); a household whose
  // head died has no head until a change says who.
  Result<void> death(const PersonId& person) {
    CERTRELAY_TRY(auto* stored, working(person));
    if (stored == nullptr) {
      reject(Table::kPersons, 0, "person_id", "unknown-person", "登録のない人の死亡です。");
      return ok();
    }
    changed_.insert(to_number(person));
    touch(stored->household.household);
    stored->person.member_gate = MemberGate::kDeathReported;
    stored->person.applicant_gate = ApplicantGate::kDeceased;
    stored->person.applicant_gate_from.reset();
    stored->person.individual_number.reset();
    stored->number.reset();
    if (stored->household.head != person) return ok();
    const auto members = stored->members;
    for (const auto& member : members) {
      CERTRELAY_TRY(auto* other, working(member));
      if (other == nullptr) return Error{ErrorCode::kStoreCorrupt, "change: members"};
      if (other->household.gate == HouseholdGate::kOpen) {
        other->household.gate = HouseholdGate::kHeadUndecided;
      }
    }
    return ok();
  }

  // A card that nobody has is taken away already.
  Result<void> remove_card(const CardKey& card) {
    CERTRELAY_TRY(const auto owner, now_.card_owner(card));
    others_ = others_ || !owner;
    if (!owner) return ok();
    CERTRELAY_TRY(auto* stored, working(*owner));
    others_ = others_ || stored == nullptr;
    if (stored == nullptr) return ok();
    described_.insert(to_number(*owner));
    const auto found = std::find(stored->cards.begin(), stored->cards.end(), card);
    if (found == stored->cards.end()) return ok();
    stored->cards_valid_from.erase(stored->cards_valid_from.begin() +
                                   (found - stored->cards.begin()));
    stored->cards.erase(found);
    changed_.insert(to_number(*owner));
    touch(stored->household.household);
    return ok();
  }

  Result<void> add_card(const AddedCard& added) {
    CERTRELAY_TRY(const auto owner, now_.card_owner(added.card));
    if (owner && *owner != added.person) {
      reject(Table::kCards, added.line, "serial", "card-of-another",
             "別の人に紐付いたことのある証明書です。");
      return ok();
    }
    CERTRELAY_TRY(auto* stored, working(added.person));
    if (stored == nullptr) {
      reject(Table::kCards, added.line, "person_id", "card-for-nobody",
             "登録のない人のカードです。");
      return ok();
    }
    const auto twin = std::find(seen_cards_.begin(), seen_cards_.end(), added.card);
    if (twin != seen_cards_.end()) {
      reject(Table::kCards, added.line, "serial", "double-card",
             "同じ証明書が1つの異動に2回あります。");
    }
    seen_cards_.push_back(added.card);
    changed_.insert(to_number(added.person));
    described_.insert(to_number(added.person));
    touch(stored->household.household);
    const auto found = std::find(stored->cards.begin(), stored->cards.end(), added.card);
    if (found != stored->cards.end()) {
      stored->cards_valid_from.at(static_cast<std::size_t>(found - stored->cards.begin())) =
          added.valid_from;
      return ok();
    }
    stored->cards.push_back(added.card);
    stored->cards_valid_from.push_back(added.valid_from);
    return ok();
  }

  PlannedChange finish() {
    PlannedChange out;
    for (auto& [person, record] : records_) out.records.push_back(std::move(record));
    for (const auto& person : deleted_) out.deleted.push_back(to_number(person));
    out.changed.assign(changed_.begin(), changed_.end());
    out.touched.assign(touched_.begin(), touched_.end());
    // A household that is no more needs no gate.
    for (const auto& [household, members] : former_) reopened_.insert(to_number(household));
    out.reopened.assign(reopened_.begin(), reopened_.end());
    out.described.assign(described_.begin(), described_.end());
    out.others = others_;
    for (const auto& [name, png] : change_.images)
      out.others = out.others || !images_.contains(name);
    return out;
  }

  void reject(Table table, std::uint64_t line, std::string_view column, std::string_view rule,
              std::string_view mend) {
    diagnostics_.reject({std::string(table_info(table).file), line, column, rule, mend});
  }

  const OverlaidRegister& now_;
  const RegisterChange& change_;
  Diagnostics& diagnostics_;
  std::map<PersonId, StoredPerson> records_;
  std::set<PersonId> deleted_;
  std::map<HouseholdId, std::vector<PersonId>> former_;
  std::set<std::uint64_t> changed_;
  std::set<std::uint64_t> touched_;
  std::set<std::uint64_t> reopened_;
  std::vector<CardKey> seen_cards_;
  std::set<std::string> images_;  // that a record names
  std::set<std::uint64_t> described_;
  bool others_ = false;
};

}  // namespace

Result<PlannedChange> plan_change(const OverlaidRegister& now, const ReadChange& read,
                                  Diagnostics& diagnostics) {
  return Planner(now, read.change, diagnostics).run();
}

Result<PlannedChange> plan_quarantine(const OverlaidRegister& now, const ReadChange& read) {
  std::set<std::uint64_t> closed;
  for (const auto& household : read.households) closed.insert(to_number(household));
  for (const auto& person : read.persons) {
    const auto stored = now.stored(person);
    if (stored) {
      closed.insert(to_number(stored.value().household.household));
    } else if (stored.error().code != ErrorCode::kUnknownPerson) {
      return stored.error();
    }
  }
  for (const auto& card : read.change.cards_removed) {
    CERTRELAY_TRY(const auto owner, now.card_owner(card));
    if (!owner) continue;
    const auto stored = now.stored(*owner);
    if (stored) closed.insert(to_number(stored.value().household.household));
  }
  PlannedChange out;
  out.closed.assign(closed.begin(), closed.end());
  out.touched = out.closed;
  out.others = true;
  return out;
}

}  // namespace certrelay
