// A register with an extract in force, and changes to it as the source system would send them.
#pragma once

#include "protocol/extract/change.hpp"
#include "tests/unit/registry/register_world.hpp"

namespace certrelay {

struct ChangeWorld : RegisterWorld {
  explicit ChangeWorld(std::size_t households = 6) : content(sample::content(households)) {
    reopen();
    CERTRELAY_CHECK(import(*reg, sample::extract(content)).has_value());
  }
  void reopen() {
    reg.reset();
    auto opened = open();
    CERTRELAY_CHECK(opened.has_value());
    reg = std::move(opened).value();
  }

  // Household `number` as the extract had it.
  HouseholdRows rows(std::uint64_t number) const {
    const auto& household = content.households.at(number - 1);
    HouseholdRows out{household.household, 1, household.members, {}};
    for (std::size_t i = 0; i < out.members.size(); ++i) out.member_lines.push_back(i + 1);
    return out;
  }
  static Bytes body(const RegisterChange& change) { return encode(change).value(); }
  Result<ChangeOutcome> send(std::uint64_t sequence, ByteView bytes) {
    clock.pass(std::chrono::milliseconds(1));
    return reg->change({1, sequence, clock.utc_now()}, bytes);
  }
  Result<ChangeOutcome> send(std::uint64_t sequence, const RegisterChange& change) {
    return send(sequence, body(change));
  }
  Result<void> beat(std::uint64_t sequence, std::optional<UtcTime> until = std::nullopt) {
    clock.pass(std::chrono::milliseconds(1));
    return reg->heartbeat({1, sequence, clock.utc_now()}, until);
  }
  // The rule of the first finding, "" when the change was applied.
  std::string rule_of(const RegisterChange& change, std::uint64_t sequence = 1) {
    const auto outcome = send(sequence, change);
    if (!outcome) return "error " + std::to_string(static_cast<int>(outcome.error().code));
    const auto& quarantined = outcome.value().acknowledgement.quarantined;
    return quarantined.empty() ? "" : quarantined.front().rule;
  }
  std::shared_ptr<const RegisterSnapshot> snapshot() { return reg->snapshot().value(); }
  HouseholdGate gate(std::uint64_t person) {
    return snapshot()->household_of(sample::person_id(person)).value().household.gate;
  }
  ErrorCode card_error(const CardKey& card) {
    const auto linked = snapshot()->find_card(card);
    if (!linked) return linked.error().code;
    const auto view = snapshot()->household_of(linked.value().person);
    return view ? ErrorCode::kNone : view.error().code;
  }

  sample::Content content;
  std::unique_ptr<SealedRegister> reg;
};

inline CardKey card_key(std::uint64_t person) {
  return sample::key_of(sample::card_of(sample::person_id(person)));
}

}  // namespace certrelay
