// The fictional city's register: reproducible, complete in its special cases, and accepted by the
// rules that the product itself applies.
#include "firmware/kiosk/city/source_tables.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "protocol/extract/catalogue_rules.hpp"
#include "tests/unit/city/register_files.hpp"

namespace certrelay {
namespace {

const JstDay kToday = parse_iso_day("2026-11-22").value();

struct City {
  ScratchFolder folder;
  RegisterSummary summary;

  explicit City(PopulationOptions options) : summary(make(options)) {}

  RegisterSummary make(const PopulationOptions& options) const {
    PosixFiles files;
    return write_source_tables(files, folder.path(), options).value();
  }
  std::vector<PersonRecord> persons() const {
    return read_table(folder.path(), Table::kPersons, decode_person);
  }
  std::vector<HouseholdRecord> households() const {
    return read_table(folder.path(), Table::kHouseholds, decode_household);
  }
  std::vector<CardRecord> cards() const {
    return read_table(folder.path(), Table::kCards, decode_card);
  }
  std::map<std::string, IssuedCard> roles() const {
    std::map<std::string, IssuedCard> out;
    for (const auto& card : summary.softcards) out.emplace(card.plan.role, card);
    return out;
  }
  std::map<std::string, PersonRecord> by_id() const {
    std::map<std::string, PersonRecord> out;
    for (auto& person : persons()) out.emplace(person.person.text(), person);
    return out;
  }
};

City sample(std::uint64_t seed = 1) {
  return City({.residents = 400, .seed = seed, .today = kToday, .softcards_max = 20});
}

TEST(CityPeople, SameSeedGivesTheSameBytes) {
  const City one = sample(42);
  const City two = sample(42);
  for (const auto& table : extract_tables()) {
    const std::string name = "/" + std::string(table.file);
    EXPECT_EQ(bytes_of(one.folder.path() + name), bytes_of(two.folder.path() + name)) << name;
  }
}

TEST(CityPeople, AnotherSeedGivesOtherPeople) {
  const City one = sample(42);
  const City two = sample(43);
  EXPECT_NE(bytes_of(one.folder.path() + "/persons.csv"),
            bytes_of(two.folder.path() + "/persons.csv"));
}

TEST(CityPeople, HaveFictionalNumbersOnlyWhereTheCityHoldsThem) {  // R08, R49
  const City city({.residents = 400,
                   .today = kToday,
                   .softcards_max = 20,
                   .numbers = IndividualNumbers::kHeld});
  const auto persons =
      read_table(city.folder.path(), Table::kPersons, decode_person, IndividualNumbers::kHeld);
  std::set<std::string> numbers;
  std::size_t without = 0;
  for (const auto& person : persons) {
    if (!person.individual_number) {
      ++without;
      continue;
    }
    const auto text = person.individual_number->reveal();
    EXPECT_TRUE(text.starts_with("0000"));  // nobody's
    EXPECT_TRUE(numbers.insert(std::string(text)).second);
  }
  EXPECT_GT(without, 0U);
  EXPECT_EQ(numbers.size() + without, 400U);
  const auto kinds = read_table(city.folder.path(), Table::kKinds, decode_kind);
  EXPECT_TRUE(kinds.front().individual_number);
}

TEST(CityPeople, AreExactlyAsManyAsAsked) {
  for (const int residents : {kResidentsMin, 401}) {
    const City city({.residents = residents, .seed = 5, .today = kToday});
    EXPECT_EQ(city.persons().size(), static_cast<std::size_t>(residents));
    EXPECT_EQ(city.summary.persons, static_cast<std::uint64_t>(residents));
    EXPECT_EQ(city.households().size(), city.summary.households);
    EXPECT_EQ(city.cards().size(), city.summary.cards);
  }
}

// Every rule between the rows of a household, for many seeds and for a leap day.
TEST(CityPeople, PassTheProductsOwnChecks) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U, 6U}) {
    const JstDay today = seed % 2 == 0 ? kToday : parse_iso_day("2028-02-29").value();
    const City city({.residents = 600, .seed = seed, .today = today});
    const auto persons = city.persons();
    Diagnostics diagnostics;
    std::size_t at = 0;
    for (const auto& household : city.households()) {
      HouseholdRows rows{household, 0, {}, {}};
      for (; at < persons.size() && persons[at].household == household.household; ++at) {
        rows.members.push_back(persons[at]);
        rows.member_lines.push_back(at + 2);
      }
      EXPECT_TRUE(check_household(rows, diagnostics)) << seed;
    }
    EXPECT_EQ(at, persons.size());
    check_catalogue({.kinds = read_table(city.folder.path(), Table::kKinds, decode_kind),
                     .purposes = read_table(city.folder.path(), Table::kPurposes, decode_purpose),
                     .entries = read_table(city.folder.path(), Table::kEntries, decode_entry),
                     .fees = read_table(city.folder.path(), Table::kFees, decode_fee)},
                    today, diagnostics);
    EXPECT_TRUE(diagnostics.clean()) << seed;
  }
}

TEST(CityPeople, IdsAndSerialsAreNeverGivenTwice) {
  const City city = sample();
  std::set<std::string> ids;
  for (const auto& person : city.persons()) {
    EXPECT_TRUE(ids.insert(std::string(person.person.text())).second);
  }
  for (const auto& household : city.households()) {
    EXPECT_TRUE(ids.insert(std::string(household.household.text())).second);
  }
  std::set<Bytes> serials;
  for (const auto& card : city.cards()) EXPECT_TRUE(serials.insert(card.serial).second);
}

TEST(CityPeople, NobodyWasBornOrCameAfterToday) {
  const auto today = to_iso_day(kToday);
  for (const auto& person : sample().persons()) {
    for (const auto* date : {&person.birth, &person.resident_since, &person.address_since,
                             &person.notified, &person.foreign_since}) {
      EXPECT_LE(date->iso(), today);
    }
  }
}

TEST(CityCast, HasEveryRole) {
  const auto roles = sample().roles();
  for (const char* role :
       {"ordinary",      "ordinary_phone", "ordinary_wife",     "revoked",
        "onhold",        "expired_card",   "not_yet_valid",     "forged",
        "card_of_today", "suppressed",     "suppressed_family", "moving",
        "move_pending",  "dead",           "dead_spouse",       "head_undecided",
        "child14",       "child14_parent", "foreign",           "special_permanent",
        "half_width",    "variation",      "unknown_birth",     "unfixed_kana",
        "long_address",  "no_glyph",       "text_too_long",     "large4",
        "large5",        "large9",         "large12",           "large13",
        "over20",        "deleted",        "unknown",           "resident"}) {
    EXPECT_EQ(roles.count(role), 1U) << role;
  }
}

TEST(CityCast, TheFirstFamilyIsThatOfTheSpecimen) {
  const City city = sample();
  const auto persons = city.persons();
  EXPECT_EQ(city.households().front().address.reveal(),
            "高知県土佐みなと市青潮町三丁目１２番５号　うみかぜ住宅２０３号");
  EXPECT_EQ(persons[0].name.reveal(), "𠮷野　浩一郎");
  EXPECT_EQ(persons[0].birth.iso(), "1983-07-09");
  EXPECT_EQ(persons[1].name.reveal(), "MARIA FERNANDA DE LA CONCEPCION GONZALEZ RODRIGUEZ");
  EXPECT_EQ(persons[1].remarks.size(), 2U);
  EXPECT_EQ(persons[2].name.reveal(), "𠮷野　みなと");
  EXPECT_TRUE(persons[2].previous_address.empty());
  EXPECT_EQ(persons[3].name.reveal(), "辻\U000E0102　千鶴");
  EXPECT_EQ(persons[3].former_name.reveal(), "𠮷野");
  EXPECT_TRUE(persons[3].address_since.empty());
  EXPECT_EQ(*city.roles().at("ordinary").plan.person, persons[0].person);
}

TEST(CityCast, RecordsSayWhatTheRolesPromise) {
  const City city = sample();
  const auto roles = city.roles();
  const auto people = city.by_id();
  const auto person = [&](const char* role) {
    return people.at(std::string(roles.at(role).plan.person->text()));
  };
  EXPECT_EQ(person("suppressed").applicant_gate, ApplicantGate::kProtected);
  EXPECT_EQ(person("moving").applicant_gate, ApplicantGate::kMovingOut);
  EXPECT_LT(*person("moving").applicant_gate_from, kToday);
  EXPECT_EQ(person("dead").applicant_gate, ApplicantGate::kDeceased);
  EXPECT_EQ(person("no_glyph").member_gate, MemberGate::kGlyphMissing);
  EXPECT_EQ(person("foreign").resident_class, ResidentClass::kForeign);
  EXPECT_EQ(person("unknown_birth").birth.iso(), "1944-00-00");
  EXPECT_FALSE(person("unfixed_kana").kana_fixed);
  EXPECT_GT(person("child14").birth.iso(), "2011-11-22");
  EXPECT_LE(person("child14").birth.iso(), "2012-11-22");
  // In no file, and yet with a card (R51).
  EXPECT_EQ(people.count(std::string(roles.at("deleted").plan.person->text())), 0U);
  EXPECT_FALSE(roles.at("unknown").plan.person.has_value());
}

TEST(CityCast, HouseholdsOfTheSheetLimitsExist) {
  std::set<int> sizes;
  for (const auto& household : sample().households()) sizes.insert(household.member_count);
  for (const int size : {1, 4, 5, 9, 12, 13, 21}) EXPECT_EQ(sizes.count(size), 1U) << size;
}

TEST(CityCast, CardsOfNobodyAreNotLinked) {
  const City city = sample();
  std::set<std::string> linked;
  for (const auto& card : city.cards()) linked.insert(std::string(card.person.text()));
  EXPECT_EQ(linked.count(std::string(city.roles().at("deleted").plan.person->text())), 0U);
  EXPECT_EQ(linked.count(std::string(city.roles().at("ordinary").plan.person->text())), 1U);
}

TEST(CityCast, TheCardOfTodayOpensTomorrow) {
  const City city = sample();
  const auto person = *city.roles().at("card_of_today").plan.person;
  const auto cards = city.cards();
  const auto found = std::find_if(cards.begin(), cards.end(),
                                  [&](const CardRecord& card) { return card.person == person; });
  ASSERT_NE(found, cards.end());
  EXPECT_EQ(found->valid_from, kToday + std::chrono::days(1));
}

TEST(CityCast, ResidentsWithSoftcardsAreOfDifferentHouseholdsFirst) {
  const City city({.residents = 1000, .seed = 1, .today = kToday, .softcards_max = 250});
  const auto people = city.by_id();
  std::set<std::string> households;
  std::size_t residents = 0;
  for (const auto& card : city.summary.softcards) {
    if (card.plan.role != "resident") continue;
    ++residents;
    households.insert(
        std::string(people.at(std::string(card.plan.person->text())).household.text()));
  }
  EXPECT_EQ(residents, 250U);
  EXPECT_EQ(households.size(), residents);
}

}  // namespace
}  // namespace certrelay
