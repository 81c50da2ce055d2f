// Goal: a change is held to the fonts and the form like an extract (rules.md): who would not print
// is closed and named in the acknowledgement, and whom a later change mends is opened again.
#include <gtest/gtest.h>

#include "tests/unit/registry/change_world.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kUnprintable = "見本　\U00030000";

// Fonts without plane 3 and cells of forty characters; tells only of name and address.
class FontsOfTheTest final : public PrintCheckPort {
 public:
  PrintFaults check(const HouseholdRecord& household,
                    const std::vector<PersonRecord>& members) const override {
    PrintFaults out{.address = faults("address", household.address), .head = {}, .members = {}};
    for (const auto& member : members) out.members.push_back(faults("name", member.name));
    return out;
  }

 private:
  static std::vector<PrintFault> faults(std::string_view column, const PersonalText& text) {
    if (text.reveal().find("\U00030000") != std::string_view::npos) {
      return {{column, ErrorCode::kGlyphMissing, U'\U00030000', 0}};
    }
    if (text.reveal().size() > 120) return {{column, ErrorCode::kTextTooLong}};
    return {};
  }
};

// Households 1 to 6; 1 has the members 11, 12 and 13.
struct FontWorld : ChangeWorld {
  FontWorld() {
    print_check = &fonts;
    reopen();
  }
  std::vector<MemberGate> gates() {
    std::vector<MemberGate> out;
    const auto view = snapshot()->household_of(sample::person_id(11)).value();
    for (const auto& member : view.members) out.push_back(member.member_gate);
    return out;
  }
  // Household 1 with that name for its second member.
  HouseholdRows renamed(std::string_view name) const {
    auto out = rows(1);
    out.members[1].name = sample::text(name);
    return out;
  }
  RegisterAcknowledgement applied(std::uint64_t sequence, HouseholdRows household) {
    auto outcome = send(sequence, RegisterChange{.households = {std::move(household)}}).value();
    EXPECT_TRUE(outcome.acknowledgement.quarantined.empty());
    return outcome.acknowledgement;
  }

  FontsOfTheTest fonts;
};

constexpr auto kOpen = MemberGate::kOpen;
constexpr auto kNoGlyph = MemberGate::kGlyphMissing;
using Gates = std::vector<MemberGate>;

TEST(ChangeCoverage, MissingGlyphClosesThatMemberAloneAndTheAcknowledgementWarns) {  // R46
  FontWorld world;
  const auto said = world.applied(1, world.renamed(kUnprintable));
  ASSERT_EQ(said.warnings.size(), 1U);
  EXPECT_EQ(said.warnings[0].record, "persons.csv:2 00000000012");
  EXPECT_EQ(said.warnings[0].field, "name");
  EXPECT_EQ(said.warnings[0].rule, "glyph-missing");
  EXPECT_TRUE(said.warnings[0].mend.starts_with("U+30000: "));
  EXPECT_EQ(world.gates(), (Gates{kOpen, kNoGlyph, kOpen}));
  EXPECT_EQ(world.gate(11), HouseholdGate::kOpen);  // all others go on
}

TEST(ChangeCoverage, GateAndWarningAreTheSameAfterARestart) {
  FontWorld world;
  const RegisterChange change{.households = {world.renamed(kUnprintable)}};
  const auto said = world.send(1, change).value().acknowledgement;
  world.files.power_cut();
  world.reopen();
  EXPECT_EQ(world.gates(), (Gates{kOpen, kNoGlyph, kOpen}));
  const auto again = world.send(1, change).value();
  EXPECT_TRUE(again.repeated);
  ASSERT_EQ(again.acknowledgement.warnings.size(), 1U);
  EXPECT_EQ(again.acknowledgement.warnings, said.warnings);
}

TEST(ChangeCoverage, AnotherChangeKeepsItClosedUntilTheNamePrints) {
  FontWorld world;
  world.applied(1, world.renamed(kUnprintable));
  auto moved = world.renamed(kUnprintable);
  moved.household.address = sample::text("土佐みなと市新町二丁目見本");
  EXPECT_EQ(world.applied(2, moved).warnings.size(), 1U);
  EXPECT_EQ(world.gates(), (Gates{kOpen, kNoGlyph, kOpen}));
  // A change that does not send the household leaves the gate as it stands.
  const auto day = parse_iso_day("2026-11-23").value();
  const auto card =
      world.send(3, RegisterChange{.cards_added = {{sample::person_id(12), card_key(777), day}}});
  ASSERT_TRUE(card.has_value());
  EXPECT_EQ(world.gates(), (Gates{kOpen, kNoGlyph, kOpen}));
  moved.members[1].name = sample::text("見本　花子");
  EXPECT_TRUE(world.applied(4, moved).warnings.empty());
  EXPECT_EQ(world.gates(), (Gates{kOpen, kOpen, kOpen}));
}

TEST(ChangeCoverage, AddressOnlyChangeDoesNotReopenWhomTheExtractClosed) {
  FontWorld world;
  world.content.generation = 2;
  world.content.households[0].members[1].name = sample::text(kUnprintable);
  ASSERT_TRUE(world.import(*world.reg, sample::extract(world.content)).has_value());
  ASSERT_EQ(world.gates(), (Gates{kOpen, kNoGlyph, kOpen}));
  auto moved = world.rows(1);
  moved.household.address = sample::text("土佐みなと市新町二丁目見本");
  world.clock.pass(std::chrono::milliseconds(1));
  const auto outcome =
      world.reg->change({2, 1, world.clock.utc_now()}, ChangeWorld::body({.households = {moved}}));
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome.value().acknowledgement.warnings.size(), 1U);
  EXPECT_EQ(world.gates(), (Gates{kOpen, kNoGlyph, kOpen}));
}

TEST(ChangeCoverage, ExcessOfTextClosesTheMemberAndAnAddressEverybody) {
  FontWorld world;
  std::string name;
  for (int i = 0; i < 120; ++i) name += "見";
  EXPECT_EQ(world.applied(1, world.renamed(name)).warnings.at(0).rule, "text-too-long");
  EXPECT_EQ(world.gates(), (Gates{kOpen, MemberGate::kTextTooLong, kOpen}));
  auto moved = world.rows(1);
  moved.household.address = sample::text(kUnprintable);
  const auto said = world.applied(2, moved);
  ASSERT_EQ(said.warnings.size(), 1U);
  EXPECT_EQ(said.warnings[0].record, "households.csv:1 00000000001");
  EXPECT_EQ(world.gates(), (Gates{kNoGlyph, kNoGlyph, kNoGlyph}));
}

TEST(ChangeCoverage, WhatTheSourceSystemClosedStaysAsItSaid) {
  FontWorld world;
  auto rows = world.renamed(kUnprintable);
  rows.members[1].member_gate = MemberGate::kWindow;
  EXPECT_TRUE(world.applied(1, rows).warnings.empty());
  EXPECT_EQ(world.gates(), (Gates{kOpen, MemberGate::kWindow, kOpen}));
}

}  // namespace
}  // namespace certrelay
