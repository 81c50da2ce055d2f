#include "relay/registry/coverage.hpp"

#include <gtest/gtest.h>

#include "tests/unit/registry/verbs_world.hpp"

namespace certrelay {
namespace {

// Finds fault with what the test says.
class ScriptedCheck final : public PrintCheckPort {
 public:
  PrintFaults check(const HouseholdRecord& /*household*/,
                    const std::vector<PersonRecord>& members) const override {
    auto out = faults;
    out.members.resize(members.size());
    return out;
  }
  PrintFaults faults;
};

HouseholdRows rows(std::size_t members = 3) {
  const auto household = sample::household(4, members);
  HouseholdRows out{household.household, 5, household.members, {}};
  for (std::size_t i = 0; i < members; ++i) out.member_lines.push_back(10 + i);
  return out;
}

std::string line_of(const Diagnostic& d) {
  return d.file + ":" + std::to_string(d.line) + ":" + d.id + ":" + std::string(d.column) + ":" +
         std::string(d.rule);
}

TEST(Coverage, MissingGlyphClosesThatMemberAloneAndIsListed) {  // R46
  ScriptedCheck check;
  check.faults.members.resize(3);
  check.faults.members[1] = {PrintFault{"name", ErrorCode::kGlyphMissing, U'葛', 0xE0100}};
  auto household = rows();
  Diagnostics diagnostics;
  EXPECT_EQ(close_unprintable(household, check, diagnostics), 1U);
  EXPECT_EQ(household.members[0].member_gate, MemberGate::kOpen);
  EXPECT_EQ(household.members[1].member_gate, MemberGate::kGlyphMissing);
  EXPECT_EQ(household.members[2].member_gate, MemberGate::kOpen);
  EXPECT_TRUE(diagnostics.clean());
  ASSERT_EQ(diagnostics.warnings().size(), 1U);
  EXPECT_EQ(line_of(diagnostics.warnings()[0]), "persons.csv:11:00000000042:name:glyph-missing");
  EXPECT_EQ(diagnostics.warnings()[0].note, "U+845B U+E0100: ");
}

TEST(Coverage, ExcessOfTextClosesAndTheFirstFaultNamesTheGate) {
  ScriptedCheck check;
  check.faults.members.resize(1);
  check.faults.members[0] = {PrintFault{"kana", ErrorCode::kTextTooLong},
                             PrintFault{"name", ErrorCode::kGlyphMissing}};
  auto household = rows();
  Diagnostics diagnostics;
  EXPECT_EQ(close_unprintable(household, check, diagnostics), 1U);
  EXPECT_EQ(household.members[0].member_gate, MemberGate::kTextTooLong);
  EXPECT_EQ(diagnostics.warned(), 2U);
}

TEST(Coverage, AddressClosesEverybodyAndHeadNobody) {
  ScriptedCheck check;
  check.faults.head = {PrintFault{"head_name", ErrorCode::kTextTooLong}};
  auto household = rows();
  Diagnostics diagnostics;
  EXPECT_EQ(close_unprintable(household, check, diagnostics), 0U);
  EXPECT_EQ(household.members[0].member_gate, MemberGate::kOpen);
  EXPECT_EQ(line_of(diagnostics.warnings()[0]),
            "households.csv:5:00000000004:head_name:text-too-long");
  check.faults.address = {PrintFault{"address", ErrorCode::kGlyphMissing, U'辻', 0}};
  EXPECT_EQ(close_unprintable(household, check, diagnostics), 3U);
  for (const auto& member : household.members) {
    EXPECT_EQ(member.member_gate, MemberGate::kGlyphMissing);
  }
}

TEST(Coverage, WhatTheSourceSystemClosedStaysAndIsNotCounted) {
  ScriptedCheck check;
  check.faults.members.resize(1);
  check.faults.members[0] = {PrintFault{"name", ErrorCode::kGlyphMissing}};
  auto household = rows();
  household.members[0].member_gate = MemberGate::kDeathReported;
  Diagnostics diagnostics;
  EXPECT_EQ(close_unprintable(household, check, diagnostics), 0U);
  EXPECT_EQ(household.members[0].member_gate, MemberGate::kDeathReported);
  EXPECT_EQ(diagnostics.warned(), 0U);
}

// Through a whole build: the gate is closed in what is stored, and the report says so.
TEST(Coverage, BuiltGenerationHasTheClosedGateAndTheReportListsIt) {
  RegisterWorld world;
  ScriptedCheck check;
  check.faults.members.resize(1);  // of each head
  check.faults.members[0] = {PrintFault{"name", ErrorCode::kGlyphMissing, U'葛', 0}};
  auto env = world.env();
  env.print_check = &check;
  const auto reg = SealedRegister::open(env, world.settings).value();
  const auto extract = sample::extract(sample::content(3));
  sample::MemoryFiles source(extract);
  Diagnostics diagnostics;
  const auto built = reg->build(extract.manifest, source, diagnostics).value();
  EXPECT_EQ(built.closed_members, 3U);
  ASSERT_TRUE(reg->activate(built, world.clock.utc_now()).has_value());
  const auto view = reg->snapshot().value()->household_of(sample::person_id(12)).value();
  EXPECT_EQ(view.members[0].member_gate, MemberGate::kGlyphMissing);
  EXPECT_EQ(view.members[1].member_gate, MemberGate::kOpen);
  Push push{.id = ExtractId::parse("0b8f6a52-6f0c-4d3a-9b6e-0d7f3a1c2e45").value(),
            .peer = PeerName::parse("feeder").value(),
            .manifest = extract.manifest,
            .manifest_bytes = {},
            .expires_at = {}};
  push.state = ExtractState::kReady;
  push.diagnostics = diagnostics;
  push.closed_members = built.closed_members;
  const auto report = report_of(push);
  EXPECT_EQ(report.closed_members, 3U);
  ASSERT_EQ(report.warnings.size(), 3U);
  EXPECT_EQ(report.warnings[0].record, "persons.csv:2 00000000011");
  EXPECT_EQ(report.warnings[0].field, "name");
  EXPECT_EQ(report.warnings[0].rule, "glyph-missing");
  EXPECT_TRUE(report.warnings[0].mend.starts_with("U+845B: 証明書のフォントにない文字です。"));
}

}  // namespace
}  // namespace certrelay
