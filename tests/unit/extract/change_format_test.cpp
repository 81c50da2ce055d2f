#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "protocol/extract/change.hpp"
#include "tests/unit/extract/sample_extract.hpp"

namespace certrelay {
namespace {

RegisterChange whole_household() {
  const auto household = sample::household(1, 2);
  RegisterChange out{.households = {{household.household, 1, household.members, {1, 2}}}};
  out.deleted = {sample::person_id(31)};
  out.deceased = {sample::person_id(41)};
  out.cards_added = {{sample::person_id(11), sample::key_of(sample::card_of(sample::person_id(11))),
                      parse_iso_day("2026-11-24").value(), 1}};
  out.cards_removed = {sample::key_of(sample::card_of(sample::person_id(12)))};
  out.images.emplace("a.png", sample::png());
  return out;
}

TEST(ChangeFormat, DecodesWhatItEncodes) {
  const auto body = encode(whole_household()).value();
  Diagnostics diagnostics;
  const auto read = decode_change(body, diagnostics).value();
  EXPECT_TRUE(diagnostics.clean());
  EXPECT_EQ(encode(read.change).value(), body);
  EXPECT_EQ(read.households.size(), 1U);
  EXPECT_EQ(read.persons.size(), 5U);  // two members, deleted, deceased, the card's
}

TEST(ChangeFormat, MembersHaveTheNumberExactlyWhereItIsHeld) {  // R08
  auto change = whole_household();
  change.households[0].members[0].individual_number = sample::individual_number(11);
  const auto held = encode(change, IndividualNumbers::kHeld).value();
  Diagnostics diagnostics;
  const auto read = decode_change(held, diagnostics, IndividualNumbers::kHeld).value();
  ASSERT_TRUE(diagnostics.clean());
  EXPECT_EQ(read.change.households[0].members, change.households[0].members);
  const auto rule_of = [](ByteView body, IndividualNumbers numbers) {
    Diagnostics found;
    EXPECT_TRUE(decode_change(body, found, numbers).has_value());
    const auto& first = found.rejections().front();
    return std::string(first.rule) + ":" + std::string(first.column);
  };
  EXPECT_EQ(rule_of(held, IndividualNumbers::kNotHeld), "unknown-column:");
  EXPECT_EQ(rule_of(encode(change).value(), IndividualNumbers::kHeld), "cell:individual_number");
}

TEST(ChangeFormat, FormatMdsExampleIsWhatEncodeWrites) {
  std::ifstream file(CERTRELAY_SOURCE_DIR "/protocol/extract/FORMAT.md");
  std::stringstream text;
  text << file.rdbuf();
  const auto format = text.str();
  const auto begin = format.find("```json\n", format.find("## A change")) + 8;
  const auto example = format.substr(begin, format.find("\n```", begin) - begin);
  const auto body = encode(RegisterChange{.deleted = {sample::person_id(31)}}).value();
  EXPECT_EQ(as_text(body), example);
}

TEST(ChangeFormat, ListAtItsLimitPassesAndOnePastRefuses) {
  RegisterChange change;
  for (std::uint64_t i = 1; i <= kChangeListMax; ++i)
    change.deleted.push_back(sample::person_id(i));
  Diagnostics diagnostics;
  EXPECT_TRUE(decode_change(encode(change).value(), diagnostics).has_value());
  change.deleted.push_back(sample::person_id(9999));
  EXPECT_EQ(decode_change(encode(change).value(), diagnostics).error().code,
            ErrorCode::kLimitExceeded);
}

TEST(ChangeFormat, BodyAtItsLimitPassesAndOnePastRefuses) {
  auto text = std::string(as_text(encode(RegisterChange{}).value()));
  text.resize(kChangeBytesMax, ' ');
  Diagnostics diagnostics;
  EXPECT_TRUE(decode_change(as_bytes(text), diagnostics).has_value());
  text += ' ';
  EXPECT_EQ(decode_change(as_bytes(text), diagnostics).error().code, ErrorCode::kLimitExceeded);
}

TEST(ChangeFormat, UnknownAndMissingColumnsAreFindingsOfTheirRecord) {
  auto text = std::string(as_text(encode(whole_household()).value()));
  const auto at = text.find("\"kana_fixed\"");
  text.replace(at, 12, "\"kana_fixes\"");
  Diagnostics diagnostics;
  const auto read = decode_change(as_bytes(text), diagnostics).value();
  EXPECT_FALSE(diagnostics.clean());
  EXPECT_EQ(diagnostics.rejections().front().rule, "cell");
  EXPECT_EQ(diagnostics.rejections().front().column, "kana_fixed");
  EXPECT_EQ(read.households.size(), 1U);  // whom it concerns is known
}

}  // namespace
}  // namespace certrelay
