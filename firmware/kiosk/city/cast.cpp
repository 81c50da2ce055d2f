#include "firmware/kiosk/city/cast.hpp"

#include <array>

#include "firmware/kiosk/city/first_family.hpp"
#include "firmware/kiosk/city/population.hpp"

namespace certrelay {
namespace {

using std::chrono::days;

PersonalText text(std::string_view words) { return PersonalText(std::string(words)); }

struct CardTrouble {
  const char* role;
  CardFate fate;
  const char* expected;
  const char* reason;
};

constexpr auto kCardTroubles = std::to_array<CardTrouble>({
    {"revoked", CardFate::kRevoked, "card_not_accepted", "on the revocation list"},
    {"onhold", CardFate::kOnHold, "card_not_accepted", "reported lost: certificateHold"},
    {"expired_card", CardFate::kExpired, "card_not_accepted", "the certificate has ended"},
    {"not_yet_valid", CardFate::kNotYetValid, "card_not_accepted", "the certificate lies ahead"},
    {"forged", CardFate::kForged, "card_not_accepted",
     "another authority of the same name, the serial of a linked card"},
    {"card_of_today", CardFate::kIssuedToday, "window_only", "usable from tomorrow"},
});

// Writes the roles of one cast: each function adds one household.
struct Director {
  Registrar& registrar;
  Cast& cast;

  CardPlan card(const char* role, const PersonRecord& person, const char* expected,
                const char* reason) {
    return {.role = role, .person = person.person, .expected = expected, .reason = reason};
  }

  // Closes it and keeps it, with these cards.
  void keep(CityHousehold household, std::vector<CardPlan> cards) {
    registrar.close(household, 0);
    household.cards = std::move(cards);
    cast.households.push_back(std::move(household));
  }

  // Husband, wife and so many children of 16, 8 ...
  CityHousehold family(int children = 0, NamePart surname = {}) {
    CityHousehold out = registrar.open_household();
    if (surname.text.empty()) surname = random_surname(registrar.random());
    registrar.add_japanese(out, {.age = 47, .surname = surname});
    registrar.add_japanese(out, {.sex = Sex::kFemale,
                                 .age = 45,
                                 .relation = Relation::kSpouse,
                                 .relation_text = "妻",
                                 .surname = surname});
    for (int i = 0; i < children; ++i) {
      registrar.add_japanese(out, {.sex = i % 2 == 0 ? Sex::kFemale : Sex::kMale,
                                   .age = 16 - 8 * i,
                                   .relation = Relation::kChild,
                                   .relation_text = "子",
                                   .surname = surname});
    }
    return out;
  }

  CityHousehold single(int age, NamePart surname = {}, NamePart given = {}) {
    CityHousehold out = registrar.open_household();
    registrar.add_japanese(out,
                           {.sex = Sex::kFemale, .age = age, .surname = surname, .given = given});
    return out;
  }

  void card_troubles();
  void gates();
  void deaths();
  void child();
  void foreigners();
  void characters();
  void closed_members();
  void sizes();
  void strays();
};

void Director::card_troubles() {
  for (const auto& [role, fate, expected, reason] : kCardTroubles) {
    auto household = family();
    auto plan = card(role, household.members[0], expected, reason);
    plan.fate = fate;
    keep(std::move(household), {std::move(plan)});
  }
}

void Director::gates() {
  auto suppressed = family(1);
  suppressed.record.gate = HouseholdGate::kProtected;
  suppressed.members[1].applicant_gate = ApplicantGate::kProtected;
  const auto victim = card("suppressed", suppressed.members[1], "window_only", "支援措置");
  const auto other =
      card("suppressed_family", suppressed.members[0], "window_only", "of a protected household");
  keep(std::move(suppressed), {victim, other});

  auto moving = single(29);
  moving.members[0].applicant_gate = ApplicantGate::kMovingOut;
  moving.members[0].applicant_gate_from = registrar.today() - days(1);
  const auto gone =
      card("moving", moving.members[0], "window_only", "転出 in force since yesterday");
  keep(std::move(moving), {gone});

  auto pending = family(1);
  pending.record.gate = HouseholdGate::kMovePending;
  const auto waits = card("move_pending", pending.members[0], "window_only", "異動処理中");
  keep(std::move(pending), {waits});
}

void Director::deaths() {
  auto household = family(1);
  household.members[1].applicant_gate = ApplicantGate::kDeceased;
  household.members[1].member_gate = MemberGate::kDeathReported;
  const auto dead = card("dead", household.members[1], "window_only", "死亡届出直後");
  const auto widower =
      card("dead_spouse", household.members[0], "issued", "prints without the closed member");
  keep(std::move(household), {dead, widower});

  auto orphaned = family(1);
  orphaned.record.gate = HouseholdGate::kHeadUndecided;
  orphaned.members[0].applicant_gate = ApplicantGate::kDeceased;
  orphaned.members[0].member_gate = MemberGate::kDeathReported;
  const auto widow = card("head_undecided", orphaned.members[1], "window_only", "世帯主未定");
  keep(std::move(orphaned), {widow});
}

void Director::child() {
  auto household = family();
  registrar.add_japanese(
      household,
      {.sex = Sex::kMale, .age = 14, .relation = Relation::kChild, .relation_text = "子"});
  const auto child = card("child14", household.members[2], "window_only", "under 15");
  const auto parent =
      card("child14_parent", household.members[1], "issued", "the child prints on her sheet");
  keep(std::move(household), {child, parent});
}

void Director::foreigners() {
  auto worker = registrar.open_household();
  registrar.add_foreign(worker, {.sex = Sex::kMale, .age = 27},
                        {.name = "ＮＧＵＹＥＮ　ＶＡＮ　ＡＮ",
                         .nationality = "ベトナム",
                         .status = "特定技能１号",
                         .period = "１年"});
  const auto foreign = card("foreign", worker.members[0], "issued", "full-width Latin name");
  keep(std::move(worker), {foreign});

  auto permanent = registrar.open_household();
  registrar.add_foreign(permanent, {.sex = Sex::kFemale, .age = 61},
                        {.name = "金　秀美", .nationality = "韓国", .category = "特別永住者"});
  const auto special =
      card("special_permanent", permanent.members[0], "issued", "no status, no period");
  keep(std::move(permanent), {special});

  auto half_width = registrar.open_household();
  registrar.add_foreign(half_width, {.sex = Sex::kFemale, .age = 33},
                        {.name = "SILVA ｱﾅ MARIA",
                         .nationality = "ブラジル",
                         .status = "永住者",
                         .period = "無期限"});
  const auto mixed = card("half_width", half_width.members[0], "issued", "half-width katakana");
  keep(std::move(half_width), {mixed});
}

void Director::characters() {
  auto katsuragi = single(52, {"葛\U000E0102城", "カツラギ"}, {"奈々", "ナナ"});
  const auto variation =
      card("variation", katsuragi.members[0], "issued", "a variation sequence of IPAmj");
  keep(std::move(katsuragi), {variation});

  auto old = single(82);
  old.members[0].birth = RegisterDate::parse("1944-00-00").value();
  const auto unknown_birth = card("unknown_birth", old.members[0], "issued", "月日不詳");
  keep(std::move(old), {unknown_birth});

  auto unread = single(38);
  unread.members[0].kana_fixed = false;
  const auto unfixed = card("unfixed_kana", unread.members[0], "issued", "振り仮名 stays blank");
  keep(std::move(unread), {unfixed});

  auto far = single(44);
  far.record.address = text(
      "高知県土佐みなと市西ノ浦五丁目３８番２４号　グランドメゾン見本みなとオーシャンビュー"
      "レジデンス弐番館１２１２号　見本様方");
  const auto address = card("long_address", far.members[0], "issued", "住所 takes two lines");
  keep(std::move(far), {address});
}

void Director::closed_members() {
  // 葛 with U+E0100: a sequence that IPAmj lacks. Not the head, whose name stands on every sheet.
  auto household = family(1, {"髙木", "タカギ"});
  auto& person = household.members[1];
  person.name = text("髙木　葛\U000E0100葉");
  person.kana = text("タカギ　クズハ");
  person.member_gate = MemberGate::kGlyphMissing;
  const auto missing = card("no_glyph", person, "issued",
                            "外字登録中: the applicant is listed closed, the others can be chosen");
  keep(std::move(household), {missing});

  auto lonely = registrar.open_household();
  std::string name = "MARIA";
  for (int i = 0; i < 16; ++i) name += " DE LOS ANGELES";
  registrar.add_foreign(
      lonely, {.sex = Sex::kFemale, .age = 36},
      {.name = name, .nationality = "フィリピン", .status = "定住者", .period = "３年"});
  lonely.members[0].member_gate = MemberGate::kTextTooLong;
  const auto too_long = card("text_too_long", lonely.members[0], "window_only",
                             "文字数超過 and nobody else: all members closed");
  keep(std::move(lonely), {too_long});
}

void Director::sizes() {
  for (const int size : {4, 5, 9, 12, 13}) {
    auto household = family_of(registrar, size);
    auto plan = card("", household.members[0], "issued", "so many members on sheets of four");
    plan.role = "large" + std::to_string(size);
    keep(std::move(household), {std::move(plan)});
  }
  auto dormitory = family_of(registrar, 21);
  const auto crowd = card("over20", dormitory.members[0], "window_only", "21 persons");
  keep(std::move(dormitory), {crowd});
}

void Director::strays() {
  cast.strays = {{.role = "deleted",
                  .person = registrar.fresh_person_id(),
                  .fate = CardFate::kUnlinked,
                  .expected = "window_only",
                  .reason = "消除: in no file of the register"},
                 {.role = "unknown",
                  .fate = CardFate::kUnlinked,
                  .expected = "window_only",
                  .reason = "a resident of another city"}};
}

}  // namespace

Cast make_cast(Registrar& registrar) {
  Cast cast;
  cast.households.push_back(first_family(registrar));
  Director director{registrar, cast};
  director.card_troubles();
  director.gates();
  director.deaths();
  director.child();
  director.foreigners();
  director.characters();
  director.closed_members();
  director.sizes();
  director.strays();
  return cast;
}

}  // namespace certrelay
