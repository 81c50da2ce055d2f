#include "firmware/kiosk/city/population.hpp"

#include <array>

#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

constexpr int kCardPermille = 850;

enum class Shape { kSingle, kCouple, kFamily, kSingleParent, kThreeGenerations, kSiblings };

struct Share {
  Shape shape;
  int permille;
};

constexpr auto kShares = std::to_array<Share>({
    {Shape::kSingle, 370},
    {Shape::kCouple, 220},
    {Shape::kFamily, 240},
    {Shape::kSingleParent, 80},
    {Shape::kThreeGenerations, 70},
    {Shape::kSiblings, 20},
});

Shape random_shape(CityRandom& random) {
  int draw = random.between(1, 1000);
  for (const auto& [shape, permille] : kShares) {
    draw -= permille;
    if (draw <= 0) return shape;
  }
  return Shape::kSingle;
}

Sex random_sex(CityRandom& random) { return random.chance(500) ? Sex::kMale : Sex::kFemale; }

struct FamilyBuilder {
  Registrar& registrar;
  CityHousehold household;
  int members_max;
  NamePart surname;

  CityRandom& random() { return registrar.random(); }
  bool full() const { return household.members.size() >= static_cast<std::size_t>(members_max); }

  void add(Sex sex, int age, Relation relation, std::string text) {
    if (full()) return;
    registrar.add_japanese(household, {.sex = sex,
                                       .age = age,
                                       .relation = relation,
                                       .relation_text = std::move(text),
                                       .surname = surname});
  }
  void add_head(Sex sex, int age) { add(sex, age, Relation::kHead, "世帯主"); }
  void add_spouse(int age) { add(Sex::kFemale, age, Relation::kSpouse, "妻"); }

  // Children of a mother of that age: born when she was 21 to 38, and still at home.
  void add_children(int mother_age, int count_max, const std::string& text) {
    int age = mother_age - random().between(21, 38);
    for (int i = 0; i < count_max && age >= 0; ++i) {
      if (age <= 34) add(random_sex(random()), age, Relation::kChild, text);
      age -= random().between(1, 5);
    }
  }
};

void build_three_generations(FamilyBuilder& builder) {
  const int age = builder.random().between(58, 76);
  const int child_age = age - builder.random().between(24, 32);
  builder.add_head(Sex::kMale, age);
  builder.add_spouse(age - builder.random().between(-2, 6));
  builder.add(Sex::kMale, child_age, Relation::kChild, "子");
  builder.add(Sex::kFemale, child_age - 2, Relation::kChild, "子の妻");
  builder.add_children(child_age - 2, builder.random().between(1, 4), "子の子");
  if (builder.random().chance(300)) {
    builder.add(Sex::kFemale, age + builder.random().between(21, 28), Relation::kParent, "母");
  }
}

void build_siblings(FamilyBuilder& builder) {
  const int age = builder.random().between(20, 70);
  builder.add_head(random_sex(builder.random()), age);
  const Sex sex = random_sex(builder.random());
  builder.add(sex, age - 3, Relation::kSibling, sex == Sex::kMale ? "弟" : "妹");
}

void build_japanese(FamilyBuilder& builder) {
  CityRandom& random = builder.random();
  switch (random_shape(random)) {
    case Shape::kSingle:
      builder.add_head(random_sex(random), random.between(19, 97));
      break;
    case Shape::kCouple: {
      const int age = random.between(26, 90);
      builder.add_head(Sex::kMale, age);
      builder.add_spouse(std::max(20, age - random.between(-4, 8)));
      break;
    }
    case Shape::kFamily: {
      const int mother = random.between(25, 56);
      builder.add_head(Sex::kMale, mother + random.between(-2, 8));
      builder.add_spouse(mother);
      builder.add_children(mother, random.between(1, 4), "子");
      break;
    }
    case Shape::kSingleParent: {
      const int mother = random.between(25, 54);
      builder.add_head(Sex::kFemale, mother);
      builder.add_children(mother, random.between(1, 3), "子");
      break;
    }
    case Shape::kThreeGenerations:
      build_three_generations(builder);
      break;
    case Shape::kSiblings:
      build_siblings(builder);
      break;
  }
}

void build_foreign(FamilyBuilder& builder) {
  CityRandom& random = builder.random();
  const int age = random.between(20, 58);
  const Sex sex = random_sex(random);
  builder.registrar.add_any_foreign(builder.household, {.sex = sex, .age = age});
  if (!builder.full() && random.chance(250)) {
    builder.registrar.add_any_foreign(builder.household,
                                      {.sex = sex == Sex::kMale ? Sex::kFemale : Sex::kMale,
                                       .age = age,
                                       .relation = Relation::kSpouse,
                                       .relation_text = sex == Sex::kMale ? "妻" : "夫"});
  }
}

void build_mixed(FamilyBuilder& builder) {
  const int age = builder.random().between(27, 60);
  builder.add_head(Sex::kMale, age);
  if (!builder.full()) {
    builder.registrar.add_any_foreign(builder.household, {.sex = Sex::kFemale,
                                                          .age = age - 2,
                                                          .relation = Relation::kSpouse,
                                                          .relation_text = "妻"});
  }
  builder.add_children(age - 2, 2, "子");
}

struct Kin {
  Sex sex;
  int age;
  Relation relation;
  const char* text;
};

constexpr auto kBigFamily = std::to_array<Kin>({
    {Sex::kMale, 66, Relation::kHead, "世帯主"},
    {Sex::kFemale, 63, Relation::kSpouse, "妻"},
    {Sex::kMale, 41, Relation::kChild, "子"},
    {Sex::kFemale, 39, Relation::kChild, "子の妻"},
    {Sex::kFemale, 12, Relation::kChild, "子の子"},
    {Sex::kMale, 9, Relation::kChild, "子の子"},
    {Sex::kFemale, 90, Relation::kParent, "母"},
    {Sex::kMale, 6, Relation::kChild, "子の子"},
    {Sex::kMale, 61, Relation::kSibling, "弟"},
    {Sex::kFemale, 58, Relation::kRelative, "弟の妻"},
    {Sex::kFemale, 30, Relation::kRelative, "弟の子"},
    {Sex::kMale, 3, Relation::kChild, "子の子"},
    {Sex::kFemale, 36, Relation::kChild, "子"},
});

}  // namespace

CityHousehold random_household(Registrar& registrar, int members_max) {
  CERTRELAY_CHECK(members_max >= 1);
  CityRandom& random = registrar.random();
  FamilyBuilder builder{registrar, registrar.open_household(), members_max, random_surname(random)};
  const int draw = random.between(1, 1000);
  if (draw <= 35) {
    build_foreign(builder);
  } else if (draw <= 55) {
    build_mixed(builder);
  } else {
    build_japanese(builder);
  }
  registrar.close(builder.household, kCardPermille);
  return std::move(builder.household);
}

CityHousehold family_of(Registrar& registrar, int members) {
  CERTRELAY_CHECK(members >= 2 && members <= static_cast<int>(kHouseholdMembersMax));
  CityRandom& random = registrar.random();
  FamilyBuilder builder{registrar, registrar.open_household(), members, random_surname(random)};
  for (const auto& kin : kBigFamily) builder.add(kin.sex, kin.age, kin.relation, kin.text);
  while (!builder.full()) {
    builder.surname = random_surname(random);
    builder.add(random_sex(random), random.between(19, 64), Relation::kLodger, "同居人");
  }
  registrar.close(builder.household, kCardPermille);
  return std::move(builder.household);
}

}  // namespace certrelay
