#include "tests/sim/sim_city.hpp"

#include "protocol/extract/card_table.hpp"
#include "tests/support/memory_ports.hpp"

namespace certrelay::testing {

SimCity::Households SimCity::first() {
  Households out;
  for (std::uint64_t number = 1; number <= kHouseholds; ++number) out[number] = {};
  return out;
}

std::string SimCity::address(std::uint64_t household, std::uint64_t edition) {
  return "土佐みなと市見本町" + std::to_string(household) + "番" + std::to_string(edition) + "号";
}

std::string SimCity::address_of(std::uint64_t household, const Version& version) const {
  return address(household, at_.at(version).at(household).edition);
}

const SimCity::Households* SimCity::at(const Version& version) const {
  const auto found = at_.find(version);
  return found == at_.end() ? nullptr : &found->second;
}

sample::Household SimCity::rows(std::uint64_t household) const {
  auto out = sample::household(household, members_of(household));
  out.household.address = sample::text(address(household, now_.at(household).edition));
  out.household.head_name = sample::text(name_of(household * 10 + 1));
  for (auto& member : out.members) {
    member.name = sample::text(name_of(to_number(member.person)));
    member.register_head = out.household.head_name;
  }
  return out;
}

sample::Extract SimCity::extract() const {
  sample::Content content{
      .catalogue = sample_catalogue(), .households = {}, .cards = {}, .images = {}};
  content.generation = version_.first;
  for (const auto& [number, household] : now_) {
    if (household.deleted) continue;
    content.households.push_back(rows(number));
    for (const auto& member : content.households.back().members) {
      content.cards.push_back(sample::card_of(member.person));
    }
  }
  auto out = sample::extract(content);
  out.manifest.base_generation = base_.first;
  out.manifest.last_change = base_.second;
  return out;
}

SimCity SimCity::next_generation() const {
  auto out = *this;
  out.base_ = version_;
  out.version_ = {version_.first + 1, 0};
  for (auto& [number, household] : out.now_) ++household.edition;
  out.at_[out.version_] = out.now_;
  return out;
}

SimCity SimCity::changed(std::uint64_t household, bool leave) const {
  auto out = *this;
  ++out.version_.second;
  auto& state = out.now_.at(household);
  if (leave && members_of(household) == 1) {
    state.deleted = true;
  } else {
    ++state.edition;
  }
  out.at_[out.version_] = out.now_;
  return out;
}

RegisterChange SimCity::change_of(std::uint64_t household) const {
  if (now_.at(household).deleted) return {.deleted = {sample::person_id(household * 10 + 1)}};
  const auto whole = rows(household);
  HouseholdRows out{whole.household, 1, whole.members, {}};
  for (std::size_t i = 0; i < out.members.size(); ++i) out.member_lines.push_back(i + 1);
  return {.households = {out}};
}

}  // namespace certrelay::testing
