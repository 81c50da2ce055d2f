#include "relay/registry/overlaid_register.hpp"

#include <algorithm>

#include "protocol/extract/card_table.hpp"
#include "relay/registry/household_assembly.hpp"

namespace certrelay {
namespace {

using Kind = Overlay::PersonState::Kind;

}  // namespace

std::shared_ptr<const OverlaidRegister> OverlaidRegister::now(
    std::shared_ptr<const Overlay> overlay) {
  const auto version = overlay->version();
  return std::make_shared<const OverlaidRegister>(std::move(overlay), version);
}

Overlay::PersonState OverlaidRegister::state_of(const PersonId& person) const {
  return overlay_->person(to_number(person), version_.edition);
}

bool OverlaidRegister::deleted(const PersonId& person) const {
  return state_of(person).kind == Kind::kDeleted;
}

bool OverlaidRegister::as_extracted(const PersonId& person) const {
  return state_of(person).kind == Kind::kAsBase;
}

Result<std::vector<std::uint64_t>> OverlaidRegister::person_ids() const {
  CERTRELAY_TRY(auto out, base().person_ids());
  for (const auto person : overlay_->persons()) {
    if (!as_extracted(person_of(person))) out.push_back(person);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Result<StoredPerson> OverlaidRegister::stored(const PersonId& person,
                                              SubjectPseudonym* subject) const {
  const auto state = state_of(person);
  switch (state.kind) {
    case Kind::kRecord:
      return overlay_->record(to_number(person), state, subject);
    case Kind::kDeleted:
      return Error{ErrorCode::kUnknownPerson, "register: deleted"};
    case Kind::kAsBase:
      break;
  }
  return base().stored(person, subject);
}

Result<std::optional<PersonId>> OverlaidRegister::card_owner(const CardKey& card) const {
  if (const auto owner = overlay_->card_owner(card)) return std::optional(person_of(*owner));
  const auto link = base().find_card(card);
  if (link) return std::optional(link.value().person);
  if (link.error().code == ErrorCode::kUnknownCard) return std::optional<PersonId>();
  return link.error();
}

// A card that no change named is found in the base's index.
Result<LinkedPerson> OverlaidRegister::find_link(const CardKey& card) const {
  const auto owner = overlay_->card_owner(card);
  if (!owner) return base().find_card(card);
  // The day is the record's; of one that the extract made, the base's index has it.
  if (state_of(person_of(*owner)).kind == Kind::kAsBase) return base().find_card(card);
  return LinkedPerson{person_of(*owner), JstDay{}};
}

// A person's own record says which cards are the person's; the index only says where to look.
Result<LinkedPerson> OverlaidRegister::find_card(const CardKey& card) const {
  CERTRELAY_TRY(auto link, find_link(card));
  switch (state_of(link.person).kind) {
    case Kind::kAsBase:
      return link;
    case Kind::kDeleted:
      return LinkedPerson{link.person, JstDay{}};  // household_of refuses; the subject is known
    case Kind::kRecord:
      break;
  }
  CERTRELAY_TRY(const auto record, stored(link.person));
  const auto found = std::find(record.cards.begin(), record.cards.end(), card);
  if (found == record.cards.end()) return Error{ErrorCode::kUnknownCard, "register: taken away"};
  const auto index = static_cast<std::size_t>(found - record.cards.begin());
  return LinkedPerson{std::move(link.person), record.cards_valid_from.at(index)};
}

void OverlaidRegister::close_gates(HouseholdView& view) const {
  const auto household = to_number(view.household.household);
  if (view.household.gate == HouseholdGate::kOpen &&
      overlay_->quarantined(household, version_.edition)) {
    view.household.gate = HouseholdGate::kQuarantined;
  }
  for (auto& member : view.members) {
    if (!overlay_->held(to_number(member.person), version_.edition)) continue;
    if (member.member_gate == MemberGate::kOpen) member.member_gate = MemberGate::kWindow;
    if (member.applicant_gate != ApplicantGate::kProtected) {
      member.applicant_gate = ApplicantGate::kHeld;
      member.applicant_gate_from.reset();
    }
  }
}

Result<HouseholdView> OverlaidRegister::household_of(const PersonId& person) const {
  const auto read = [&](const PersonId& id, SubjectPseudonym& subject) {
    return stored(id, &subject);
  };
  CERTRELAY_TRY(auto out, assemble_household(person, read));
  close_gates(out);
  return out;
}

Result<SubjectPseudonym> OverlaidRegister::pseudonym(const PersonId& person) const {
  CERTRELAY_TRY(const auto key, overlay_->key_of(to_number(person)));
  return pseudonym_under(key);
}

Result<std::optional<IndividualNumber>> OverlaidRegister::individual_number(
    const PersonId& person) const {
  CERTRELAY_TRY(const auto record, stored(person));
  return number_of(record);
}

}  // namespace certrelay
