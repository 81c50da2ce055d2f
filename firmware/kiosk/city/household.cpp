#include "firmware/kiosk/city/household.hpp"

#include <algorithm>
#include <array>

#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

using std::chrono::days;

constexpr int kAdultAge = 15;  // of the applicant gate: younger people's cards open nothing

struct Permit {
  std::string_view status;
  std::string_view period;
};

constexpr auto kPermits = std::to_array<Permit>({
    {"技能実習２号ロ", "１年"},
    {"特定技能１号", "１年"},
    {"技術・人文知識・国際業務", "３年"},
    {"留学", "２年３月"},
    {"定住者", "５年"},
    {"日本人の配偶者等", "３年"},
    {"永住者", "無期限"},
    {"永住者", "無期限"},
});

struct Alias {
  std::string_view name;
  std::string_view kana;
};

constexpr auto kAliases = std::to_array<Alias>({
    {"山田　マリア", "ヤマダ　マリア"},
    {"金田　秀美", "カネダ　ヒデミ"},
    {"新井　成民", "アライ　シゲタミ"},
    {"高山　アンナ", "タカヤマ　アンナ"},
});

int permit_years(std::string_view period) {
  if (period.starts_with("５")) return 5;
  if (period.starts_with("３")) return 3;
  return period.starts_with("２") ? 2 : 1;
}

std::string joined(std::string_view surname, std::string_view given) {
  return std::string(surname) + "　" + std::string(given);
}

JstDay earlier(JstDay a, JstDay b) { return std::min(a, b); }

}  // namespace

RegisterDate register_date(JstDay day) {
  auto date = RegisterDate::parse(to_iso_day(day));
  CERTRELAY_CHECK(date.has_value());
  return std::move(date).value();
}

std::string Registrar::fresh_number() {
  for (;;) {
    auto number = random_->digits(11);
    if (numbers_.insert(number).second) return number;
  }
}

PersonId Registrar::fresh_person_id() { return PersonId::parse(fresh_number()).value(); }

JstDay Registrar::years_ago(int years) const {
  const std::chrono::year_month_day today{std::chrono::sys_days{today_.time_since_epoch()}};
  auto then = today - std::chrono::years(years);
  if (!then.ok()) then = then.year() / then.month() / std::chrono::last;
  return JstDay{std::chrono::sys_days{then}.time_since_epoch()};
}

JstDay Registrar::birth_of(int age) { return years_ago(age) - days(random_->between(20, 340)); }

int Registrar::age_of(const PersonRecord& person) const {
  const std::chrono::year_month_day today{std::chrono::sys_days{today_.time_since_epoch()}};
  // Unknown parts are 0, thus the year's start: nobody of unknown age is near fifteen here.
  const bool had_birthday =
      std::pair(static_cast<unsigned>(today.month()), static_cast<unsigned>(today.day())) >=
      std::pair(person.birth.month, person.birth.day);
  return static_cast<int>(today.year()) - person.birth.year - (had_birthday ? 0 : 1);
}

CityHousehold Registrar::open_household() {
  const auto number = fresh_number();
  CityHousehold out{.record = {.household = HouseholdId::parse(number).value(),
                               .head = PersonId::parse(number).value(),
                               .address = PersonalText(random_address(*random_))}};
  if (random_->chance(660)) {
    out.arrived = today_ - days(random_->between(200, 9000));
    if (random_->chance(350)) {
      const auto lived = (today_ - *out.arrived).count();
      out.moved_within = *out.arrived + days(random_->between(90, static_cast<int>(lived) - 60));
    }
  }
  return out;
}

PersonRecord& Registrar::add(CityHousehold& household, const Newcomer& newcomer, JstDay birth) {
  household.members.push_back(PersonRecord{
      .person = fresh_person_id(),
      .household = household.record.household,
      .order = static_cast<std::uint16_t>(household.members.size() + 1),
      .birth = register_date(birth),
      .sex = newcomer.sex,
      .sex_text = PersonalText(newcomer.sex == Sex::kMale ? "男" : "女"),
      .relation = newcomer.relation,
      .relation_text = PersonalText(newcomer.relation_text),
  });
  return household.members.back();
}

// 住民となった日, 住所を定めた日 (only of who moved within the city), 届出日, 転入前住所.
void Registrar::write_history(const CityHousehold& household, PersonRecord& person, JstDay birth) {
  const bool born_here = !household.arrived.has_value() || birth > *household.arrived;
  const JstDay since = born_here ? birth : *household.arrived;
  const bool foreign = person.resident_class == ResidentClass::kForeign;
  (foreign ? person.foreign_since : person.resident_since) = register_date(since);
  person.notified = register_date(earlier(since + days(random_->between(0, 14)), today_ - days(1)));
  if (household.moved_within.has_value() && *household.moved_within > since) {
    person.address_since = register_date(*household.moved_within);
  }
  if (!born_here) person.previous_address = PersonalText(random_previous_address(*random_));
}

void Registrar::write_former_name(PersonRecord& person, JstDay since) {
  const auto former = random_surname(*random_);
  person.former_name = PersonalText(std::string(former.text));
  person.former_name_kana = PersonalText(std::string(former.kana));
  person.remarks.push_back(
      {.label = PersonalText("旧氏の記載"), .date = register_date(earlier(since, today_))});
}

PersonRecord& Registrar::add_japanese(CityHousehold& household, const Newcomer& newcomer) {
  const JstDay birth = birth_of(newcomer.age);
  PersonRecord& person = add(household, newcomer, birth);
  const auto surname = newcomer.surname.text.empty() ? random_surname(*random_) : newcomer.surname;
  const int year = std::stoi(to_iso_day(birth).substr(0, 4));
  const auto given = newcomer.given.text.empty() ? random_given_name(*random_, newcomer.sex, year)
                                                 : newcomer.given;
  person.resident_class = ResidentClass::kJapanese;
  person.resident_class_text = PersonalText("日本人");
  person.name = PersonalText(joined(surname.text, given.text));
  person.kana = PersonalText(joined(surname.kana, given.kana));
  person.kana_fixed = random_->chance(900);
  const PersonRecord& first = household.members.front();
  const bool own_family = &first == &person || first.registered_domicile.empty() ||
                          newcomer.relation == Relation::kLodger;
  person.registered_domicile =
      own_family ? PersonalText(random_domicile(*random_)) : first.registered_domicile;
  person.register_head = own_family ? person.name : first.register_head;
  write_history(household, person, birth);
  if (newcomer.relation == Relation::kSpouse && random_->chance(40)) {
    write_former_name(person, today_ - days(random_->between(30, 2000)));
  }
  return person;
}

void Registrar::write_alias(PersonRecord& person, JstDay since) {
  const auto alias = random_->pick(std::span<const Alias>(kAliases));
  person.alias = PersonalText(std::string(alias.name));
  person.alias_kana = PersonalText(std::string(alias.kana));
  person.remarks.push_back({.label = PersonalText("通称の記載"),
                            .name = person.alias,
                            .date = register_date(since),
                            .place = PersonalText(std::string(kThisCity))});
}

PersonRecord& Registrar::add_foreign(CityHousehold& household, const Newcomer& newcomer,
                                     const ForeignItemsDraft& items) {
  const JstDay birth = birth_of(newcomer.age);
  PersonRecord& person = add(household, newcomer, birth);
  person.resident_class = ResidentClass::kForeign;
  person.resident_class_text = PersonalText("外国人");
  person.name = PersonalText(items.name);
  person.nationality = PersonalText(std::string(items.nationality));
  person.residence_category = PersonalText(std::string(items.category));
  person.residence_status = PersonalText(std::string(items.status));
  person.residence_period = PersonalText(std::string(items.period));
  // Eight zeros as on the specimen cards: no number that anybody has.
  person.residence_card_number = PersonalText("AB" + std::string(8, '0') + "CD");
  write_history(household, person, birth);
  if (!items.period.empty() && items.period != "無期限") {
    const int days_max = permit_years(items.period) * 365 - 30;
    person.residence_expiry = register_date(today_ + days(random_->between(30, days_max)));
  }
  return person;
}

PersonRecord& Registrar::add_any_foreign(CityHousehold& household, const Newcomer& newcomer) {
  const auto identity = random_foreign_identity(*random_, newcomer.sex);
  ForeignItemsDraft items{.name = identity.name, .nationality = identity.nationality};
  if (identity.nationality == "韓国" && random_->chance(700)) {
    items.category = "特別永住者";
  } else {
    const auto permit = random_->pick(std::span<const Permit>(kPermits));
    items.status = permit.status;
    items.period = permit.period;
  }
  PersonRecord& person = add_foreign(household, newcomer, items);
  if (random_->chance(250)) write_alias(person, today_ - days(random_->between(10, 100)));
  return person;
}

void Registrar::close(CityHousehold& household, int card_permille) {
  CERTRELAY_CHECK(!household.members.empty());
  const PersonRecord& head = household.members.front();
  household.record.head = head.person;
  household.record.head_name = head.name;
  household.record.member_count = static_cast<std::uint16_t>(household.members.size());
  for (const auto& member : household.members) {
    if (age_of(member) < kAdultAge || !random_->chance(card_permille)) continue;
    household.cards.push_back({.person = member.person});
  }
}

}  // namespace certrelay
