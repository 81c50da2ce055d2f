#include "firmware/kiosk/source_people.hpp"

#include <algorithm>

#include "protocol/extract/block_digest.hpp"
#include "protocol/extract/card_table.hpp"

namespace certrelay {

Result<std::unique_ptr<SourcePeople>> SourcePeople::load(const Manifest& manifest,
                                                         ExtractFiles& files) {
  auto out = std::make_unique<SourcePeople>(manifest.issuers, manifest.numbers);
  Diagnostics diagnostics;
  CERTRELAY_TRY(walk_extract(manifest, files, *out, diagnostics));
  return out;
}

Result<void> SourcePeople::catalogue(Catalogue /*catalogue*/) { return ok(); }

Result<void> SourcePeople::household(HouseholdRows rows,
                                     std::vector<std::vector<CardRecord>> cards) {
  households_.push_back({std::move(rows), std::move(cards)});
  return ok();
}

Result<SourcePeople::Place> SourcePeople::find(const PersonId& person) const {
  for (std::size_t i = 0; i < households_.size(); ++i) {
    const auto& members = households_[i].rows.members;
    for (std::size_t j = 0; j < members.size(); ++j) {
      if (members[j].person == person) return Place{i, j};
    }
  }
  return Error{ErrorCode::kUnknownPerson, "the extract"};
}

Result<RegisterChange> SourcePeople::without(const PersonId& person) const {
  CERTRELAY_TRY(const auto place, find(person));
  auto rows = households_[place.household].rows;
  RegisterChange out;
  if (place.member == 0) {
    for (const auto& member : rows.members) out.deleted.push_back(member.person);
    return out;
  }
  out.deleted.push_back(person);
  const auto at = static_cast<std::ptrdiff_t>(place.member);
  rows.members.erase(rows.members.begin() + at);
  rows.member_lines.erase(rows.member_lines.begin() + at);
  rows.household.member_count = static_cast<std::uint16_t>(rows.members.size());
  for (std::size_t i = 0; i < rows.members.size(); ++i) {
    rows.members[i].order = static_cast<std::uint16_t>(i + 1);
  }
  out.households.push_back(std::move(rows));
  return out;
}

Result<RegisterChange> SourcePeople::gated(const PersonId& member, HouseholdGate gate) const {
  CERTRELAY_TRY(const auto place, find(member));
  RegisterChange out;
  out.households.push_back(households_[place.household].rows);
  out.households.front().household.gate = gate;
  return out;
}

ReconciliationRequest SourcePeople::stated(const std::array<std::uint8_t, 32>& nonce,
                                           std::uint64_t blocks) const {
  std::vector<std::pair<std::uint64_t, Place>> people;
  for (std::size_t i = 0; i < households_.size(); ++i) {
    const auto& members = households_[i].rows.members;
    for (std::size_t j = 0; j < members.size(); ++j) {
      people.emplace_back(to_number(members[j].person), Place{i, j});
    }
  }
  std::sort(people.begin(), people.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  ReconciliationRequest out{nonce, blocks, {}};
  for (std::uint64_t block = 0; block < blocks; ++block) {
    BlockDigest digest(nonce, blocks, block);
    for (const auto& [person, place] : people) {
      if (person % blocks != block) continue;
      const auto& household = households_[place.household];
      std::vector<CardKey> cards;
      std::vector<JstDay> days;
      for (const auto& card : household.cards[place.member]) {
        cards.push_back({issuers_.at(card.issuer), card.serial});
        days.push_back(card.valid_from);
      }
      digest.add(household.rows.household, household.rows.members[place.member], cards, days,
                 numbers_);
    }
    const auto persons = digest.persons();
    out.stated.push_back({block, persons, digest.finish()});
  }
  return out;
}

}  // namespace certrelay
