// Goal: the register's everyday cases (rules.md): each change does what it says, all of it or
// nothing, and what cannot be applied closes the household and nobody else.
#include <gtest/gtest.h>

#include <functional>

#include "tests/unit/registry/change_world.hpp"

namespace certrelay {
namespace {

using sample::person_id;

// As the ledger names them, each asked for apart.
std::vector<SubjectPseudonym> subjects_of(const HouseholdView& view,
                                          const RegisterSnapshot& snapshot) {
  std::vector<SubjectPseudonym> out;
  for (const auto& member : view.members) {
    out.push_back(snapshot.pseudonym(member.person).value());
  }
  return out;
}

// Households have 3, 2, 1, 3, 2, 1 members: 11 12 13 | 21 22 | 31 | 41 42 43 | 51 52 | 61.

TEST(RegisterChange, DeletedPersonIsUnknownAtOnceAndKeepsThePseudonym) {  // R06
  ChangeWorld world;
  const auto subject = world.snapshot()->pseudonym(person_id(31)).value();
  ASSERT_EQ(world.rule_of({.deleted = {person_id(31)}}), "");
  EXPECT_EQ(world.card_error(card_key(31)), ErrorCode::kUnknownPerson);
  EXPECT_EQ(world.snapshot()->pseudonym(person_id(31)).value(), subject);
  EXPECT_EQ(world.card_error(card_key(61)), ErrorCode::kNone);
}

TEST(RegisterChange, HouseholdSentWholeIsTheNewOneForEveryMember) {
  ChangeWorld world;
  auto rows = world.rows(1);
  rows.household.address = sample::text("土佐みなと市新町二丁目見本");
  ASSERT_EQ(world.rule_of({.households = {rows}}), "");
  for (const std::uint64_t person : {11U, 12U, 13U}) {
    const auto view = world.snapshot()->household_of(person_id(person)).value();
    EXPECT_EQ(view.household, rows.household);
    EXPECT_EQ(view.members, rows.members);
    EXPECT_EQ(view.subjects, subjects_of(view, *world.snapshot()));
    EXPECT_EQ(world.card_error(card_key(person)), ErrorCode::kNone);
  }
}

TEST(RegisterChange, MoveBetweenHouseholdsIsOneChangeOfBoth) {
  ChangeWorld world;
  auto from = world.rows(2);
  auto to = world.rows(3);
  auto mover = from.members[1];
  from.members.pop_back();
  from.member_lines.pop_back();
  from.household.member_count = 1;
  mover.household = to.household.household;
  mover.order = 2;
  to.members.push_back(mover);
  to.member_lines.push_back(2);
  to.household.member_count = 2;
  // The household that is left alone is not enough, nor the one that is entered.
  EXPECT_EQ(ChangeWorld().rule_of({.households = {to}}), "household-not-whole");
  EXPECT_EQ(ChangeWorld().rule_of({.households = {from}}), "household-not-whole");
  ASSERT_EQ(world.rule_of({.households = {from, to}}), "");
  EXPECT_EQ(world.snapshot()->household_of(person_id(22)).value().members, to.members);
  EXPECT_EQ(world.snapshot()->household_of(person_id(21)).value().members, from.members);
}

TEST(RegisterChange, AHouseholdComesWithItsPseudonymsFromTheBaseAndFromAChange) {
  ChangeWorld world;
  const auto fresh = sample::household(100, 2);
  ASSERT_EQ(world.rule_of({.households = {{fresh.household, 1, fresh.members, {1, 2}}}}), "");
  for (const std::uint64_t person : {11U, 1001U}) {
    const auto view = world.snapshot()->household_of(person_id(person)).value();
    ASSERT_GE(view.subjects.size(), 2U);
    EXPECT_NE(view.subjects[0], view.subjects[1]);
    EXPECT_EQ(view.subjects, subjects_of(view, *world.snapshot()));
  }
}

TEST(RegisterChange, NewPersonGetsAKeyThatSurvivesARestartAndTheNextExtract) {
  ChangeWorld world;
  const auto fresh = sample::household(100, 2);
  RegisterChange change{.households = {{fresh.household, 1, fresh.members, {1, 2}}}};
  change.cards_added = {
      {person_id(1001), card_key(1001), sample::card_of(person_id(1001)).valid_from}};
  ASSERT_EQ(world.rule_of(change), "");
  EXPECT_EQ(world.card_error(card_key(1001)), ErrorCode::kNone);
  const auto subject = world.snapshot()->pseudonym(person_id(1001)).value();
  world.files.power_cut();
  world.reopen();
  EXPECT_EQ(world.card_error(card_key(1001)), ErrorCode::kNone);
  auto content = world.content;
  content.generation = 2;
  content.households.push_back(fresh);
  auto extract = sample::extract(content);
  extract.manifest.base_generation = 1;
  extract.manifest.last_change = 1;
  ASSERT_TRUE(world.import(*world.reg, extract).has_value());
  EXPECT_EQ(world.snapshot()->pseudonym(person_id(1001)).value(), subject);
}

TEST(RegisterChange, DeathClosesMemberAndApplicantAtOnceAndTheHouseholdOfAHead) {
  ChangeWorld world;
  ASSERT_EQ(world.rule_of({.deceased = {person_id(12)}}), "");
  auto view = world.snapshot()->household_of(person_id(11)).value();
  EXPECT_EQ(view.members[1].member_gate, MemberGate::kDeathReported);
  EXPECT_EQ(view.members[1].applicant_gate, ApplicantGate::kDeceased);
  EXPECT_EQ(view.household.gate, HouseholdGate::kOpen);
  ASSERT_EQ(world.rule_of({.deceased = {person_id(11)}}, 2), "");
  view = world.snapshot()->household_of(person_id(13)).value();
  EXPECT_EQ(view.household.gate, HouseholdGate::kHeadUndecided);
  // The new head: one change with the household whole, the dead deleted.
  auto rows = world.rows(1);
  auto head = rows.members[2];
  head.order = 1;
  head.relation = Relation::kHead;
  rows.members = {head};
  rows.member_lines = {1};
  rows.household.head = head.person;
  rows.household.member_count = 1;
  ASSERT_EQ(world.rule_of({.households = {rows}, .deleted = {person_id(11), person_id(12)}}, 3),
            "");
  EXPECT_EQ(world.gate(13), HouseholdGate::kOpen);
  EXPECT_EQ(world.card_error(card_key(11)), ErrorCode::kUnknownPerson);
}

TEST(RegisterChange, ReplacedCardLeadsNowhereAtOnceAndTheNewOneFromItsDay) {
  ChangeWorld world;
  const auto day = parse_iso_day("2026-11-23").value();
  ASSERT_EQ(world.rule_of({.cards_added = {{person_id(21), card_key(777), day}},
                           .cards_removed = {card_key(21)}}),
            "");
  EXPECT_EQ(world.card_error(card_key(21)), ErrorCode::kUnknownCard);
  const auto linked = world.snapshot()->find_card(card_key(777)).value();
  EXPECT_EQ(linked.person, person_id(21));
  EXPECT_EQ(linked.valid_from, day);
  world.reopen();
  EXPECT_EQ(world.card_error(card_key(21)), ErrorCode::kUnknownCard);
  EXPECT_EQ(world.card_error(card_key(777)), ErrorCode::kNone);
}

TEST(RegisterChange, OldSnapshotStaysAsItWas) {  // INV-5
  ChangeWorld world;
  const auto old = world.snapshot();
  ASSERT_EQ(world.rule_of({.deleted = {person_id(31)}, .cards_removed = {card_key(21)}}), "");
  EXPECT_TRUE(old->household_of(person_id(31)).has_value());
  EXPECT_TRUE(old->find_card(card_key(21)).has_value());
  EXPECT_EQ(old->version(), (RegisterVersion{1, 0}));
  EXPECT_EQ(world.snapshot()->version(), (RegisterVersion{1, 1}));
}

TEST(RegisterChange, OnlyTheTouchedHouseholdsIntentsAreRefused) {  // INV-6
  ChangeWorld world;
  const auto before = world.snapshot()->version();
  ASSERT_EQ(world.rule_of({.deceased = {person_id(12)}}), "");
  EXPECT_EQ(world.reg->still_current(before, sample::household_id(1)).error().code,
            ErrorCode::kRegisterChanged);
  EXPECT_TRUE(world.reg->still_current(before, sample::household_id(2)).has_value());
  const auto after = world.snapshot()->version();
  EXPECT_TRUE(world.reg->still_current(after, sample::household_id(1)).has_value());
}

TEST(RegisterChange, FaultsOfRecordsCloseTheHouseholdAndTheSequenceGoesOn) {
  const auto first = [](ChangeWorld& world) { return world.rows(1); };
  const std::vector<std::pair<std::string, std::function<RegisterChange(ChangeWorld&)>>> cases{
      {"head",
       [&](auto& world) {
         auto rows = first(world);
         rows.household.head = person_id(12);
         return RegisterChange{.households = {rows}};
       }},
      {"double-id",
       [&](auto& world) {
         auto rows = first(world);
         rows.members[2].person = person_id(12);
         return RegisterChange{.households = {rows}};
       }},
      {"double-id",
       [&](auto& world) {
         return RegisterChange{.households = {first(world)}, .deleted = {person_id(12)}};
       }},
      {"member-count",
       [&](auto& world) {
         auto rows = first(world);
         rows.household.member_count = 2;
         return RegisterChange{.households = {rows}};
       }},
      {"card-of-another",
       [](auto&) { return RegisterChange{.cards_added = {{person_id(11), card_key(21), {}}}}; }},
      {"card-for-nobody",
       [](auto&) {
         return RegisterChange{.deceased = {person_id(11)},
                               .cards_added = {{person_id(999), card_key(888), {}}}};
       }},
      {"image-missing",
       [&](auto& world) {
         auto rows = first(world);
         rows.members[0].name_image_file = "none.png";
         return RegisterChange{.households = {rows}};
       }},
  };
  for (const auto& [rule, make] : cases) {
    ChangeWorld world;
    const auto outcome = world.send(1, make(world)).value();
    ASSERT_FALSE(outcome.acknowledgement.quarantined.empty()) << rule;
    EXPECT_EQ(outcome.acknowledgement.quarantined.front().rule, rule);
    EXPECT_EQ(world.gate(11), HouseholdGate::kQuarantined) << rule;
    EXPECT_EQ(world.gate(41), HouseholdGate::kOpen) << rule;
    EXPECT_EQ(world.reg->state().version, (RegisterVersion{1, 1}));
    EXPECT_TRUE(world.reg->state().ready());
    world.reopen();
    EXPECT_EQ(world.gate(11), HouseholdGate::kQuarantined) << rule;
    // Mended: the household comes whole.
    EXPECT_EQ(world.rule_of({.households = {world.rows(1)}}, 2), "");
    EXPECT_EQ(world.gate(11), HouseholdGate::kOpen) << rule;
  }
}

TEST(RegisterChange, ThirtyFirstOfFebruaryIsAFindingWithoutItsValue) {
  ChangeWorld world;
  auto text = std::string(as_text(ChangeWorld::body({.households = {world.rows(1)}})));
  const std::string day = "\"birth_date\":\"1980-02-29\"";
  text.replace(text.find(day), day.size(), "\"birth_date\":\"1980-02-31\"");
  const auto outcome = world.send(1, as_bytes(text)).value();
  ASSERT_EQ(outcome.acknowledgement.quarantined.size(), 1U);
  const auto& finding = outcome.acknowledgement.quarantined.front();
  EXPECT_EQ(finding.record, "persons.csv:1");
  EXPECT_EQ(finding.field, "birth_date");
  EXPECT_EQ(finding.rule, "date");
  EXPECT_EQ(finding.mend.find("1980"), std::string::npos);
}

TEST(RegisterChange, WhatCannotBeReadStopsEverythingUntilItCame) {
  for (const std::string_view bad :
       {"", "{}", "{\"deleted\":[\"31\"]}", "\xff\xfe", "{\"a\\u0000\":1}"}) {
    ChangeWorld world;
    EXPECT_FALSE(world.send(1, as_bytes(bad)).has_value()) << bad;
    EXPECT_EQ(world.reg->state().reason, RegisterReason::kGap) << bad;
    EXPECT_FALSE(world.reg->snapshot().has_value());
    world.reopen();
    EXPECT_EQ(world.reg->state().reason, RegisterReason::kGap) << "over a restart";
    ASSERT_EQ(world.rule_of({.deleted = {person_id(31)}}), "");
    EXPECT_TRUE(world.reg->state().ready());
  }
}

TEST(RegisterChange, IllFormedUtf8AndNulRefuse) {
  ChangeWorld world;
  auto text = std::string(as_text(ChangeWorld::body({.households = {world.rows(1)}})));
  const auto at = text.find("見本");
  auto bad = text;
  bad[at] = '\xff';
  EXPECT_FALSE(world.send(1, as_bytes(bad)).has_value());
  bad = text;
  bad.replace(at, 3, "\\u0000");
  EXPECT_EQ(world.send(1, as_bytes(bad)).error().code, ErrorCode::kInvalidUtf8);
  EXPECT_EQ(world.rule_of({.households = {world.rows(1)}}), "");
}

TEST(RegisterChange, IdOnceDeletedIsNotUsedAgain) {
  ChangeWorld world;
  ASSERT_EQ(world.rule_of({.deleted = {person_id(31)}}), "");
  EXPECT_EQ(world.rule_of({.households = {world.rows(3)}}, 2), "id-used-again");
}

TEST(RegisterChange, CardTakenAwayIsNobodyElsesEver) {
  ChangeWorld world;
  ASSERT_EQ(world.rule_of({.cards_removed = {card_key(21)}}), "");
  EXPECT_EQ(world.rule_of({.cards_added = {{person_id(31), card_key(21), {}}}}, 2),
            "card-of-another");
  world.reopen();
  EXPECT_EQ(world.rule_of({.cards_added = {{person_id(21), card_key(21), {}}}}, 3), "");
}

TEST(RegisterChange, ChangesPastTheLimitAskForAFullExtract) {
  ChangeWorld world;
  world.settings.overlay.changes_max = 2;
  world.reopen();
  EXPECT_EQ(world.rule_of({}), "");
  EXPECT_EQ(world.rule_of({}, 2), "");
  EXPECT_EQ(world.send(3, RegisterChange{}).error().code, ErrorCode::kOverlayFull);
  EXPECT_EQ(world.reg->state().reason, RegisterReason::kGap);
}

TEST(RegisterChange, RecordsPastTheLimitAskForAFullExtract) {
  ChangeWorld world;
  world.settings.overlay.records_max = 8;  // three records with a card each, one household touched
  world.reopen();
  EXPECT_EQ(world.rule_of({.households = {world.rows(1)}}), "");
  EXPECT_EQ(world.send(2, RegisterChange{.households = {world.rows(2)}}).error().code,
            ErrorCode::kOverlayFull);
}

// Goal: no resident's datum and no card's serial reaches the disk in the clear.
TEST(RegisterChange, RawScanOfTheOverlayFindsNoPlaintext) {  // R33, R38
  ChangeWorld world;
  auto rows = world.rows(1);
  rows.members[0].name = sample::text("秘密見本　一郎");
  ASSERT_EQ(
      world.rule_of({.households = {rows}, .cards_added = {{person_id(11), card_key(777), {}}}}),
      "");
  const auto serial = card_key(777).serial;
  for (const auto& path : world.stored_files()) {
    const auto stored = world.files.content(path);
    for (const auto& marker : {std::string("秘密見本"), std::string("ミホン"),
                               std::string(as_text(serial)), to_hex(serial)}) {
      EXPECT_EQ(as_text(stored).find(marker), std::string_view::npos) << path;
    }
  }
}

}  // namespace
}  // namespace certrelay
