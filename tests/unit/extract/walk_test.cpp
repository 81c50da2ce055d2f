#include "protocol/extract/walk.hpp"

#include <gtest/gtest.h>

#include "tests/unit/extract/sample_extract.hpp"

namespace certrelay {
namespace {

using sample::Content;
using sample::Extract;

class Collect final : public ExtractSink {
 public:
  Result<void> catalogue(Catalogue catalogue) override {
    catalogue_ = std::move(catalogue);
    return ok();
  }
  Result<void> household(HouseholdRows rows, std::vector<std::vector<CardRecord>> cards) override {
    rows_.push_back(std::move(rows));
    cards_.push_back(std::move(cards));
    return ok();
  }
  Catalogue catalogue_;
  std::vector<HouseholdRows> rows_;
  std::vector<std::vector<std::vector<CardRecord>>> cards_;
};

struct Walked {
  ErrorCode code = ErrorCode::kNone;
  Diagnostics diagnostics;
  // "file:line:column:rule" of the first fault.
  std::string first() const {
    if (diagnostics.clean()) return "";
    const auto& d = diagnostics.rejections().front();
    return d.file + ":" + std::to_string(d.line) + ":" + std::string(d.column) + ":" +
           std::string(d.rule);
  }
};

Walked walk(const Extract& extract) {
  Walked out;
  sample::MemoryFiles files(extract);
  Collect sink;
  const auto done = walk_extract(extract.manifest, files, sink, out.diagnostics);
  if (!done) out.code = done.error().code;
  EXPECT_EQ(done.has_value(), out.diagnostics.clean());
  return out;
}

// Walks the sample after `spoil` changed its content (digests agree).
template <class Spoil>
Walked walk_content(Spoil spoil) {
  auto content = sample::content(4);
  spoil(content);
  return walk(sample::extract(content));
}

// Walks the sample after a text replacement in one file; digests agree.
Walked walk_replaced(const std::string& file, std::string_view from, std::string_view to) {
  auto extract = sample::extract(sample::content(4));
  auto& text = extract.files.at(file);
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos);
  text.replace(at, from.size(), to);
  sample::refresh(extract);
  return walk(extract);
}

TEST(Walk, HandsOnWhatWasWritten) {
  auto content = sample::content(5);
  auto& person = content.households[0].members[1];
  person.remarks = {{sample::text("旧氏の記載"), sample::text("佐藤"), sample::date("2024-05-00"),
                     sample::text("見本市")},
                    {sample::text("改行、\"引用\"のある備考"), {}, {}, {}}};
  person.birth = RegisterDate::parse("1945-00-00", sample::text("昭和２０年月日不詳")).value();
  person.name = sample::text("𠮷田　葛󠄂子");
  person.name_image_file = "yoshi.png";
  person.applicant_gate = ApplicantGate::kMovingOut;
  person.applicant_gate_from = parse_iso_day("2026-12-01").value();
  content.images["yoshi.png"] = sample::png();
  const auto extract = sample::extract(content);
  sample::MemoryFiles files(extract);
  Collect sink;
  Diagnostics diagnostics;
  const auto done = walk_extract(extract.manifest, files, sink, diagnostics);
  ASSERT_TRUE(done.has_value()) << diagnostics.rejections().front().rule;
  EXPECT_EQ(sink.catalogue_, content.catalogue);
  ASSERT_EQ(sink.rows_.size(), 5U);
  person.name_image = sample::png();
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(sink.rows_[i].household, content.households[i].household);
    EXPECT_EQ(sink.rows_[i].members, content.households[i].members);
    EXPECT_EQ(sink.cards_[i].front(),
              std::vector{sample::card_of(content.households[i].members[0].person)});
  }
}

TEST(Walk, WrongDigestTruncationAndExcessRefuse) {  // R25
  auto extract = sample::extract(sample::content(2));
  extract.files["persons.csv"].back() ^= 1;
  extract.files["fees.csv"] += "x";
  extract.files["households.csv"].pop_back();
  const auto out = walk(extract);
  EXPECT_EQ(out.code, ErrorCode::kExtractIncomplete);
  EXPECT_EQ(out.first(), "fees.csv:0::length");
  auto other = sample::extract(sample::content(2));
  other.manifest.files.back().sha256[0] ^= 1;
  EXPECT_EQ(walk(other).code, ErrorCode::kDigestMismatch);
}

TEST(Walk, DuplicateIdsNameTheirLines) {
  EXPECT_EQ(walk_content([](Content& c) {
              c.households[1].members[1].person = c.households[0].members[1].person;
              c.cards.erase(c.cards.begin() + 4);
            }).first(),
            "persons.csv:6:person_id:double-id");
}

TEST(Walk, HouseholdWithoutItsHeadRefuses) {
  EXPECT_EQ(walk_content([](Content& c) {
              c.households[1].household.head = sample::person_id(99999);
            }).first(),
            "households.csv:3:head_person_id:head");
}

TEST(Walk, HouseholdWithoutMembersRefuses) {
  EXPECT_EQ(walk_content([](Content& c) { c.households[1].members.clear(); }).first(),
            "persons.csv:5:household_id:order-of-persons");
}

TEST(Walk, OrderInTheHouseholdMustRise) {
  EXPECT_EQ(walk_content([](Content& c) { c.households[0].members[2].order = 2; }).first(),
            "persons.csv:4:order:order");
}

TEST(Walk, CardForNobodyAndSharedCardsRefuse) {
  EXPECT_EQ(walk_content([](Content& c) { c.cards[2].person = sample::person_id(5); }).first(),
            "cards.csv:4:person_id:card-for-nobody");
  EXPECT_EQ(walk_content([](Content& c) { c.cards[2].serial = c.cards[0].serial; }).first(),
            "cards.csv:4:serial:double-card");
  EXPECT_EQ(walk_content([](Content& c) { c.cards[2].issuer = 1; }).first(),
            "cards.csv:4:issuer:unknown-issuer");
}

TEST(Walk, CountsMustAgreeWithTheManifest) {  // R25
  auto extract = sample::extract(sample::content(3));
  extract.manifest.persons += 1;
  EXPECT_EQ(walk(extract).first(), "persons.csv:0::count");
}

TEST(Walk, UnknownColumnOrCodeRefusesTheWholeExtract) {  // R22
  EXPECT_EQ(walk_replaced("persons.csv", "kana_fixed", "kana_fixes").first(),
            "persons.csv:1::unknown-column");
  EXPECT_EQ(walk_replaced("persons.csv", ",J,", ",X,").first(),
            "persons.csv:2:resident_class:unknown-code");
  EXPECT_EQ(walk_replaced("persons.csv", ",J,", ",X,").code, ErrorCode::kUnknownItem);
}

TEST(Walk, ResidentCodeColumnRefusesByName) {  // R08
  const auto out = walk_replaced("persons.csv", "kana_fixed", "住民票コード");
  EXPECT_EQ(out.code, ErrorCode::kForbiddenItem);
  EXPECT_EQ(out.first(), "persons.csv:1:住民票コード:forbidden-item");
}

TEST(Walk, OfferedIndividualNumberRefuses) {  // R08
  EXPECT_EQ(walk_content([](Content& c) { c.catalogue.kinds[0].individual_number = true; }).first(),
            "kinds.csv:2:individual_number:forbidden-item");
}

std::string first_of(const Content& content) { return walk(sample::extract(content)).first(); }

TEST(Walk, NumbersComeOnlyWithAManifestThatSaysSo) {  // R08
  const auto content = sample::numbered(4);
  EXPECT_EQ(first_of(content), "");
  auto extract = sample::extract(content);
  extract.manifest.numbers = IndividualNumbers::kNotHeld;
  const auto out = walk(extract);
  EXPECT_EQ(out.code, ErrorCode::kForbiddenItem);
  EXPECT_EQ(out.first(), "kinds.csv:2:individual_number:forbidden-item");
  // And the column must be there when it says so.
  auto without = sample::extract(sample::content(4));
  without.manifest.numbers = IndividualNumbers::kHeld;
  EXPECT_EQ(walk(without).first(), "persons.csv:1:individual_number:missing-column");
}

TEST(Walk, ANumberReachesItsPersonAndMayBeMissing) {
  auto content = sample::numbered(1);
  content.households[0].members[1].individual_number.reset();  // not notified yet
  const auto extract = sample::extract(content);
  sample::MemoryFiles files(extract);
  Collect sink;
  Diagnostics diagnostics;
  ASSERT_TRUE(walk_extract(extract.manifest, files, sink, diagnostics).has_value());
  EXPECT_EQ(sink.rows_[0].members, content.households[0].members);
}

TEST(Walk, NumberWithAWrongCheckDigitRefuses) {
  const auto extract = sample::extract(sample::numbered(1));
  const std::string good(sample::individual_number(11).reveal());
  auto bad = good;
  bad.back() = bad.back() == '9' ? '0' : static_cast<char>(bad.back() + 1);
  for (const auto& number : {bad, good.substr(1), good + "0", " " + good.substr(1)}) {
    auto spoilt = extract;
    auto& text = spoilt.files.at("persons.csv");
    text.replace(text.find(good), good.size(), number);
    sample::refresh(spoilt);
    EXPECT_EQ(walk(spoilt).first(), "persons.csv:2:individual_number:individual-number") << number;
  }
}

TEST(Walk, NumberOfTheDeadRefuses) {  // R49
  auto content = sample::numbered(1);
  content.households[0].members[2].member_gate = MemberGate::kDeathReported;
  EXPECT_EQ(first_of(content), "persons.csv:4:individual_number:number-of-the-dead");
  content = sample::numbered(1);
  content.households[0].members[2].applicant_gate = ApplicantGate::kDeceased;
  EXPECT_EQ(first_of(content), "persons.csv:4:individual_number:number-of-the-dead");
  content.households[0].members[2].individual_number.reset();
  EXPECT_EQ(first_of(content), "");
}

TEST(Walk, DayThatDoesNotExistRefuses) {
  EXPECT_EQ(walk_replaced("persons.csv", "1980-02-29", "1981-02-29").first(),
            "persons.csv:2:birth_date:date");
  EXPECT_EQ(walk_replaced("persons.csv", "1980-02-29", "1980-02-31").first(),
            "persons.csv:2:birth_date:date");
  EXPECT_EQ(walk_replaced("persons.csv", "1980-02-29", "1980-02-00").code, ErrorCode::kNone);
}

TEST(Walk, IllFormedCellsNameLineAndColumn) {
  EXPECT_EQ(walk_replaced("persons.csv", "ミホン　ハナコ", "\x83\x7E").first(),
            "persons.csv:3:kana:utf-8");
  EXPECT_EQ(walk_replaced("persons.csv", "ミホン　ハナコ", std::string_view("\0", 1)).first(),
            "persons.csv:3:kana:utf-8");
  EXPECT_EQ(walk_replaced("persons.csv", "ミホン　ハナコ", std::string(1'000'000, 'x')).first(),
            "persons.csv:3:kana:cell-too-long");
  EXPECT_EQ(walk_replaced("persons.csv", "見本　花子", "見本\"花子").first(),
            "persons.csv:3:name:stray-quote");
}

// The columns in another order than the schema's: the name goes with the cell.
TEST(Walk, ColumnsInAnyOrderKeepTheirNamesInFaults) {
  EXPECT_EQ(walk_replaced("kinds.csv",
                          "kind,kind_name,inquiry,individual_number\r\n"
                          "juminhyo,住民票の写し,1,0",
                          "kind_name,kind,inquiry,individual_number\r\n"
                          "\xFF,juminhyo,1,0")
                .first(),
            "kinds.csv:2:kind_name:utf-8");
}

TEST(Walk, GateAndReasonMustAgree) {
  const auto out = walk_replaced("households.csv", ",3,1,", ",3,0,");
  EXPECT_EQ(out.first(), "households.csv:2:closed_reason:gate-differs");
}

TEST(Walk, ControlCharactersRefuse) {
  EXPECT_EQ(walk_replaced("persons.csv", "ミホン　タロウ", "ミホン\tタロウ").first(),
            "persons.csv:2:kana:control-character");
}

TEST(Walk, ForeignItemsOfAJapaneseResidentRefuse) {
  EXPECT_EQ(walk_content([](Content& c) {
              c.households[0].members[0].nationality = sample::text("ブラジル");
            }).first(),
            "persons.csv:2:resident_class:foreign-items");
}

TEST(Walk, ImagesMustBeNamedOnceAndBeOfTheForm) {
  EXPECT_EQ(walk_content([](Content& c) {
              c.households[0].members[0].name_image_file = "a.png";
            }).first(),
            "persons.csv:2:name_image:image-missing");
  EXPECT_EQ(walk_content([](Content& c) { c.images["a.png"] = sample::png(); }).first(),
            "images/a.png:0::image-for-nobody");
  EXPECT_EQ(walk_content([](Content& c) {
              c.households[0].members[0].name_image_file = "a.png";
              c.images["a.png"] = Bytes{1, 2, 3};
            }).first(),
            "images/a.png:0::image-form");
}

TEST(Walk, TwelveRemarksPassAndThirteenRefuse) {
  const auto with = [](std::size_t count) {
    return walk_content([count](Content& c) {
      c.households[0].members[0].remarks.assign(count, {sample::text("備考"), {}, {}, {}});
    });
  };
  EXPECT_EQ(with(kRemarksMax).code, ErrorCode::kNone);
  EXPECT_EQ(with(kRemarksMax + 1).first(), "persons.csv:2:remarks:too-many-remarks");
}

TEST(Walk, EveryKindAndPurposeNeedsAFeeInForce) {
  EXPECT_EQ(walk_content([](Content& c) {
              c.catalogue.fees[0].effective_from = parse_iso_day("2026-11-23").value();
            }).first(),
            "fees.csv:0:effective_from:no-fee");
}

TEST(Walk, OneRunNamesFaultsOfSeveralTables) {
  const auto out = walk_content([](Content& c) {
    c.cards[0].issuer = 7;
    c.households[0].members[1].order = 9;
    c.households[2].household.member_count = 5;
  });
  EXPECT_EQ(out.diagnostics.rejected(), 3U);
}

// One fault a wrong row: what only follows from it would send the clerk to rows that are right.
std::string all_of(const Walked& walked) {
  std::string out;
  for (const auto& fault : walked.diagnostics.rejections()) {
    out += fault.file + ":" + std::to_string(fault.line) + ":" + std::string(fault.rule) + " ";
  }
  return out;
}

TEST(Walk, ARowThatCannotBeReadIsSaidOnceAndNothingThatFollowsFromIt) {
  // The person's card, and those of the household, are not for nobody.
  EXPECT_EQ(all_of(walk_replaced("persons.csv", ",J,", ",X,")), "persons.csv:2:unknown-code ");
  // Not even whose row it is: its card's owner cannot be told.
  EXPECT_EQ(all_of(walk_replaced("persons.csv", "\r\n00000000012,", "\r\n0000000001x,")),
            "persons.csv:3:id-form ");
  // The row counts, though its card is none.
  EXPECT_EQ(all_of(walk_replaced("cards.csv", "2026-", "2026/")), "cards.csv:2:day ");
  EXPECT_EQ(all_of(walk_replaced("fees.csv", "per_", "pre_")), "fees.csv:2:unknown-code ");
  // A row for nobody is still found beside it.
  EXPECT_EQ(all_of(walk_content([](Content& c) {
              c.cards[2].person = sample::person_id(5);
              c.households[0].members[0].name = sample::text("");
            })),
            "persons.csv:2:required cards.csv:4:card-for-nobody ");
}

TEST(Walk, AnIdTwiceNamesBothLinesAndTheId) {
  const auto walked = walk_content(
      [](Content& c) { c.households[1].members[1].person = c.households[0].members[1].person; });
  std::vector<std::string> found;
  for (const auto& fault : walked.diagnostics.rejections()) {
    if (fault.rule == "double-id") found.push_back(std::to_string(fault.line) + " " + fault.id);
  }
  EXPECT_EQ(found, (std::vector<std::string>{"6 00000000012", "3 00000000012"}));
}

}  // namespace
}  // namespace certrelay
