// A register that holds fictional 個人番号 (0000...).
#pragma once

#include "tests/unit/registry/change_world.hpp"

namespace certrelay {

struct NumberWorld : RegisterWorld {
  explicit NumberWorld(sample::Content first = sample::numbered(6))
      : RegisterWorld(true), content(std::move(first)) {
    reopen();
    CERTRELAY_CHECK(import(*reg, sample::extract(content)).has_value());
  }
  void reopen() {
    reg.reset();
    reg = open().value();
  }
  void restart_after_a_power_cut() {
    reg.reset();
    files.power_cut();
    reopen();
  }
  Result<ChangeOutcome> send(std::uint64_t sequence, const RegisterChange& change,
                             IndividualNumbers numbers = IndividualNumbers::kHeld) {
    clock.pass(std::chrono::milliseconds(1));
    const auto generation = reg->state().version.generation;
    return reg->change({generation, sequence, clock.utc_now()}, encode(change, numbers).value());
  }
  bool applied(std::uint64_t sequence, const RegisterChange& change) {
    const auto outcome = send(sequence, change);
    return outcome && outcome.value().acknowledgement.quarantined.empty();
  }
  Result<void> next_generation(sample::Content next) {
    next.generation = reg->state().version.generation + 1;
    auto extract = sample::extract(next);
    extract.manifest.base_generation = next.generation - 1;
    extract.manifest.last_change = reg->state().version.sequence;
    return import(*reg, extract);
  }
  HouseholdRows rows(std::uint64_t number) const {
    const auto& household = content.households.at(number - 1);
    HouseholdRows out{household.household, 1, household.members, {}};
    for (std::size_t i = 0; i < out.members.size(); ++i) out.member_lines.push_back(i + 1);
    return out;
  }
  std::shared_ptr<const RegisterSnapshot> snapshot() { return reg->snapshot().value(); }
  std::optional<IndividualNumber> number_of(std::uint64_t person) {
    return snapshot()->individual_number(sample::person_id(person)).value();
  }
  ErrorCode number_error(std::uint64_t person) {
    const auto number = snapshot()->individual_number(sample::person_id(person));
    return number ? ErrorCode::kNone : number.error().code;
  }
  std::uint64_t due() { return reg->numbers_due().value().count; }

  sample::Content content;
  std::unique_ptr<SealedRegister> reg;
};

}  // namespace certrelay
