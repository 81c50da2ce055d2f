// Puts people on the register: from who somebody is to the record the source system would send.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "firmware/kiosk/city/names.hpp"
#include "firmware/kiosk/city/random.hpp"
#include "protocol/extract/records.hpp"

namespace certrelay {

// What is wrong with a card, or nothing.
enum class CardFate : std::uint8_t {
  kGood,
  kRevoked,      // on the list
  kOnHold,       // on the list as certificateHold
  kExpired,      // the certificate's validity has ended
  kNotYetValid,  // the certificate's validity lies ahead
  kIssuedToday,  // the link is valid from tomorrow
  kUnlinked,     // no row of cards.csv names it
  kForged,       // another authority of the same name made it, with the serial of a linked card
};

// A card to be made. `person` is empty where nobody on the register has it.
struct CardPlan {
  std::string role = "resident";
  std::optional<PersonId> person{};
  CardFate fate = CardFate::kGood;
  std::string expected = "issued";  // or the problem's code
  std::string reason{};             // for people
};

// The fictional city of every address.
inline constexpr std::string_view kThisCity = "高知県土佐みなと市";

struct CityHousehold {
  HouseholdRecord record;
  std::vector<PersonRecord> members{};
  std::vector<CardPlan> cards{};
  // When the household came to the city, and when it moved within it.
  std::optional<JstDay> arrived{};
  std::optional<JstDay> moved_within{};
};

// Somebody who joins a household. Without `given` the name is drawn.
struct Newcomer {
  Sex sex = Sex::kMale;
  int age = 30;  // full years
  Relation relation = Relation::kHead;
  std::string relation_text = "世帯主";
  NamePart surname{};
  NamePart given{};
};

// A foreign resident's own items; a special permanent resident has no status and no period.
struct ForeignItemsDraft {
  std::string name;
  std::string_view nationality;
  std::string_view status{};
  std::string_view period{};
  std::string_view category = "中長期在留者";
};

class Registrar {
 public:
  // `random` must outlive it.
  Registrar(CityRandom& random, JstDay today) : random_(&random), today_(today) {}

  // A household at a drawn address; two in three have come from elsewhere.
  CityHousehold open_household();
  PersonRecord& add_japanese(CityHousehold& household, const Newcomer& newcomer);
  PersonRecord& add_foreign(CityHousehold& household, const Newcomer& newcomer,
                            const ForeignItemsDraft& items);
  // Status, period and number as the person's sex and nationality suggest.
  PersonRecord& add_any_foreign(CityHousehold& household, const Newcomer& newcomer);
  // Head, head's name and count from the members; each of 15 or more gets a card with `permille`.
  void close(CityHousehold& household, int card_permille);

  PersonId fresh_person_id();
  // The day on which somebody of `age` full years was born; never the birthday itself.
  JstDay birth_of(int age);
  int age_of(const PersonRecord& person) const;
  // YYYY-MM-DD `years` ago; 29 February becomes 28 where there is none.
  JstDay years_ago(int years) const;

  CityRandom& random() { return *random_; }
  JstDay today() const { return today_; }

 private:
  std::string fresh_number();
  PersonRecord& add(CityHousehold& household, const Newcomer& newcomer, JstDay birth);
  void write_history(const CityHousehold& household, PersonRecord& person, JstDay birth);
  void write_alias(PersonRecord& person, JstDay since);
  void write_former_name(PersonRecord& person, JstDay since);

  CityRandom* random_;
  JstDay today_;
  std::set<std::string> numbers_;  // never given twice
};

RegisterDate register_date(JstDay day);

}  // namespace certrelay
