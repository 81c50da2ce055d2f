// The people of a city's extract as the resident-record system knows them, for the changes that it
// makes of them.
#pragma once

#include "protocol/extract/change.hpp"
#include "protocol/extract/walk.hpp"
#include "protocol/wire/reconciliation_message.hpp"

namespace certrelay {

class SourcePeople final : public ExtractSink {
 public:
  // Errors: the extract's.
  static Result<std::unique_ptr<SourcePeople>> load(const Manifest& manifest, ExtractFiles& files);

  // As the extract's: each change's too.
  IndividualNumbers numbers() const { return numbers_; }

  // The deletion of a person, with the household whole that stays; of a head, of the whole
  // household. Errors: kUnknownPerson.
  Result<RegisterChange> without(const PersonId& person) const;
  // The household whole with that gate. Errors: kUnknownPerson.
  Result<RegisterChange> gated(const PersonId& member, HouseholdGate gate) const;
  // The digests of `blocks` blocks under that nonce.
  ReconciliationRequest stated(const std::array<std::uint8_t, 32>& nonce,
                               std::uint64_t blocks) const;

  Result<void> catalogue(Catalogue catalogue) override;
  Result<void> household(HouseholdRows rows, std::vector<std::vector<CardRecord>> cards) override;
  SourcePeople(std::vector<Bytes> issuers, IndividualNumbers numbers)
      : issuers_(std::move(issuers)), numbers_(numbers) {}

 private:
  struct Household {
    HouseholdRows rows;
    std::vector<std::vector<CardRecord>> cards;
  };
  struct Place {
    std::size_t household;
    std::size_t member;
  };
  Result<Place> find(const PersonId& person) const;
  std::vector<Bytes> issuers_;
  IndividualNumbers numbers_;
  std::vector<Household> households_;
};

}  // namespace certrelay
