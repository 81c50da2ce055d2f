// One register version: a generation and its overlay up to one point, as nobody changes it (INV-5).
#pragma once

#include "relay/registry/overlay.hpp"

namespace certrelay {

class OverlaidRegister final : public RegisterSnapshot {
 public:
  // The register as it is now.
  static std::shared_ptr<const OverlaidRegister> now(std::shared_ptr<const Overlay> overlay);

  RegisterVersion version() const override { return version_; }
  Result<LinkedPerson> find_card(const CardKey& card) const override;
  Result<HouseholdView> household_of(const PersonId& person) const override;
  // Of a deleted person too: the key lives until the erasure, and the refusal names the subject.
  Result<SubjectPseudonym> pseudonym(const PersonId& person) const override;
  Result<std::optional<IndividualNumber>> individual_number(const PersonId& person) const override;
  const Catalogue& catalogue() const override { return base().catalogue(); }

  // What is stored of one person now, gates of holds and quarantines left out; with `subject` the
  // pseudonym too.
  // Errors: as household_of.
  Result<StoredPerson> stored(const PersonId& person, SubjectPseudonym* subject = nullptr) const;
  // Of a record that stored() gave. Errors: as individual_number.
  Result<std::optional<IndividualNumber>> number_of(const StoredPerson& stored) const {
    return overlay_->open_number(stored);
  }
  // Whose that card is or was. None: nobody's. Errors: damaged bytes.
  Result<std::optional<PersonId>> card_owner(const CardKey& card) const;
  bool deleted(const PersonId& person) const;
  // No change has named the person: what is stored is the extract's.
  bool as_extracted(const PersonId& person) const;
  // Everybody of the extract and of the changes, ascending, the deleted too. Errors: damaged bytes.
  Result<std::vector<std::uint64_t>> person_ids() const;
  const GenerationSeal& extract() const { return base().contents(); }

  // For now() alone.
  OverlaidRegister(std::shared_ptr<const Overlay> overlay, RegisterVersion version)
      : overlay_(std::move(overlay)), version_(version) {}

 private:
  const Generation& base() const { return *overlay_->base(); }
  Result<LinkedPerson> find_link(const CardKey& card) const;
  Overlay::PersonState state_of(const PersonId& person) const;
  void close_gates(HouseholdView& view) const;

  std::shared_ptr<const Overlay> overlay_;
  RegisterVersion version_;
};

}  // namespace certrelay
