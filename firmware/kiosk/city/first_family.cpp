#include "firmware/kiosk/city/first_family.hpp"

#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kFormerHome = "高知県しおさい市白浜二丁目３番地４　コーポなぎさ１０１号";
constexpr NamePart kYoshino{"𠮷野", "ヨシノ"};

PersonalText words(std::string_view text) { return PersonalText(std::string(text)); }

// The dates are those of a specimen of 2026 and move with the year of "today".
struct Years {
  int shift;
  RegisterDate date(int year, unsigned month, unsigned day) const {
    const std::chrono::year_month_day then{std::chrono::year(year + shift),
                                           std::chrono::month(month), std::chrono::day(day)};
    CERTRELAY_CHECK(then.ok());
    return register_date(JstDay{std::chrono::sys_days{then}.time_since_epoch()});
  }
};

void write_head(CityHousehold& household, Registrar& registrar, const Years& years) {
  PersonRecord& head = registrar.add_japanese(
      household, {.age = 43, .surname = kYoshino, .given = {"浩一郎", "コウイチロウ"}});
  head.kana_fixed = true;
  head.birth = years.date(1983, 7, 9);
  head.resident_since = years.date(2010, 4, 1);
  head.notified = years.date(2010, 4, 5);
  head.address_since = years.date(2020, 10, 5);
  head.previous_address = words(kFormerHome);
  head.registered_domicile = words("高知県土佐みなと市青潮町三丁目１２番地");
}

void write_wife(CityHousehold& household, Registrar& registrar, const Years& years) {
  PersonRecord& wife = registrar.add_foreign(
      household,
      {.sex = Sex::kFemale, .age = 41, .relation = Relation::kSpouse, .relation_text = "妻"},
      {.name = "MARIA FERNANDA DE LA CONCEPCION GONZALEZ RODRIGUEZ",
       .nationality = "コロンビア",
       .status = "日本人の配偶者等",
       .period = "５年"});
  wife.birth = years.date(1985, 4, 12);
  wife.foreign_since = years.date(2014, 3, 16);
  wife.notified = years.date(2014, 3, 20);
  wife.address_since = years.date(2020, 10, 5);
  wife.residence_expiry = years.date(2029, 3, 15);
  wife.previous_address = words(kFormerHome);
  wife.alias = words("𠮷野　マリア");
  wife.alias_kana = words("ヨシノ　マリア");
  for (const auto& [label, name] :
       {std::pair{"通称の記載", "𠮷野　マリア"}, std::pair{"通称の削除", "ヨシノ　マリア"}}) {
    wife.remarks.push_back({.label = words(label),
                            .name = words(name),
                            .date = years.date(2020, 10, 5),
                            .place = words(kThisCity)});
  }
}

void write_child(CityHousehold& household, Registrar& registrar, const Years& years) {
  PersonRecord& child = registrar.add_japanese(household, {.sex = Sex::kFemale,
                                                           .age = 7,
                                                           .relation = Relation::kChild,
                                                           .relation_text = "子",
                                                           .surname = kYoshino,
                                                           .given = {"みなと", "ミナト"}});
  child.kana_fixed = true;
  child.birth = years.date(2019, 5, 18);
  child.resident_since = child.birth;
  child.notified = years.date(2019, 5, 27);
  child.address_since = years.date(2020, 10, 5);
  child.previous_address = {};
}

void write_mother(CityHousehold& household, Registrar& registrar, const Years& years) {
  PersonRecord& mother = registrar.add_japanese(household, {.sex = Sex::kFemale,
                                                            .age = 73,
                                                            .relation = Relation::kParent,
                                                            .relation_text = "母",
                                                            .surname = {"辻\U000E0102", "ツジ"},
                                                            .given = {"千鶴", "チヅル"}});
  mother.kana_fixed = true;
  mother.birth = years.date(1953, 11, 3);
  mother.resident_since = years.date(2022, 6, 20);
  mother.notified = years.date(2022, 6, 22);
  mother.address_since = {};
  mother.previous_address = words("高知県しおさい市白浜二丁目７番地");
  mother.registered_domicile = words("高知県しおさい市白浜二丁目７番地");
  mother.register_head = mother.name;
  mother.former_name = words(kYoshino.text);
  mother.former_name_kana = words(kYoshino.kana);
  mother.remarks = {{.label = words("旧氏の記載"), .date = years.date(2022, 6, 22)}};
}

}  // namespace

CityHousehold first_family(Registrar& registrar) {
  CityHousehold household = registrar.open_household();
  household.record.address =
      words("高知県土佐みなと市青潮町三丁目１２番５号　うみかぜ住宅２０３号");
  const std::chrono::year_month_day today{
      std::chrono::sys_days{registrar.today().time_since_epoch()}};
  const Years years{static_cast<int>(today.year()) - 2026};
  write_head(household, registrar, years);
  write_wife(household, registrar, years);
  write_child(household, registrar, years);
  write_mother(household, registrar, years);
  registrar.close(household, 0);
  const PersonId head = household.record.head;
  household.cards = {
      {.role = "ordinary", .person = head, .reason = "a family of four, one foreign member"},
      {.role = "ordinary_phone", .person = head, .reason = "the same person's second certificate"},
      {.role = "ordinary_wife",
       .person = household.members[1].person,
       .reason = "a foreign resident in a mixed household"},
  };
  return household;
}

}  // namespace certrelay
