#include "firmware/selftest/fictional_register.hpp"

#include <algorithm>

namespace certrelay {
namespace {

constexpr RegisterVersion kOnlyVersion{1, 0};

class FictionalSnapshot final : public RegisterSnapshot {
 public:
  explicit FictionalSnapshot(const FictionalCity& city) : city_(city) {
    for (const auto& one : city.households) {
      by_serial_.emplace(one.card_key.serial, &one);
      for (const auto& person : one.view.members) by_person_.emplace(person.person, &one);
    }
  }

  RegisterVersion version() const override { return kOnlyVersion; }
  Result<LinkedPerson> find_card(const CardKey& card) const override {
    const auto found = by_serial_.find(card.serial);
    if (found == by_serial_.end() || found->second->card_key != card) {
      return Error{ErrorCode::kUnknownCard, "self-test: register"};
    }
    return LinkedPerson{found->second->view.household.head, JstDay{}};
  }
  Result<HouseholdView> household_of(const PersonId& person) const override {
    const auto found = by_person_.find(person);
    if (found == by_person_.end()) return Error{ErrorCode::kUnknownPerson, "self-test: register"};
    auto out = found->second->view;
    for (const auto& one : out.members) {
      CERTRELAY_TRY(const auto subject, pseudonym(one.person));
      out.subjects.push_back(subject);
    }
    return out;
  }
  // The fictional have none, and no selection of the self-test asks.
  Result<std::optional<IndividualNumber>> individual_number(
      const PersonId& /*person*/) const override {
    return std::optional<IndividualNumber>();
  }
  Result<SubjectPseudonym> pseudonym(const PersonId& person) const override {
    if (!by_person_.contains(person)) {
      return Error{ErrorCode::kUnknownPerson, "self-test: register"};
    }
    const auto digest = sha256(person.text());
    SubjectPseudonym out{};
    std::copy_n(digest.begin(), out.size(), out.begin());
    return out;
  }
  const Catalogue& catalogue() const override { return city_.catalogue; }

 private:
  const FictionalCity& city_;
  std::map<Bytes, const FictionalHousehold*> by_serial_;
  std::map<PersonId, const FictionalHousehold*> by_person_;
};

}  // namespace

FictionalRegister::FictionalRegister(const FictionalCity& city)
    : snapshot_(std::make_shared<const FictionalSnapshot>(city)) {}

RegisterState FictionalRegister::state() const {
  RegisterState out;
  out.version = kOnlyVersion;
  out.reason = RegisterReason::kReady;
  return out;
}

}  // namespace certrelay
