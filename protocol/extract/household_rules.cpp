#include "protocol/extract/household_rules.hpp"

#include "protocol/extract/schema.hpp"

namespace certrelay {
namespace {

bool has_foreign_items(const PersonRecord& person) {
  return !person.nationality.empty() || !person.residence_category.empty() ||
         !person.residence_card_number.empty() || !person.residence_status.empty() ||
         !person.residence_period.empty() || !person.residence_expiry.empty() ||
         !person.foreign_since.empty() || !person.alias.empty() || !person.alias_kana.empty();
}

bool has_japanese_items(const PersonRecord& person) {
  return !person.registered_domicile.empty() || !person.register_head.empty() ||
         !person.resident_since.empty() || !person.former_name.empty() ||
         !person.former_name_kana.empty();
}

class Checker {
 public:
  explicit Checker(Diagnostics& diagnostics) : diagnostics_(&diagnostics) {}

  void require(bool holds, Table table, std::uint64_t line, std::string_view column,
               std::string_view rule, std::string_view mend) {
    if (holds) return;
    clean_ = false;
    diagnostics_->reject({std::string(table_info(table).file), line, column, rule, mend});
  }
  bool clean() const { return clean_; }

 private:
  Diagnostics* diagnostics_;
  bool clean_ = true;
};

void check_member(const HouseholdRows& rows, std::size_t index, Checker& checker) {
  const auto& member = rows.members[index];
  const auto line = rows.member_lines[index];
  const auto require = [&](bool holds, std::string_view column, std::string_view rule,
                           std::string_view mend) {
    checker.require(holds, Table::kPersons, line, column, rule, mend);
  };
  require(member.order == index + 1, "order", "order",
          "世帯内の記載順は1からの連番にしてください。");
  require((member.relation == Relation::kHead) == (index == 0), "relation", "head-relation",
          "世帯主の続柄はHEAD、ほかの世帯員はHEAD以外です。");
  const bool foreign = member.resident_class == ResidentClass::kForeign;
  require(foreign || !has_foreign_items(member), "resident_class", "foreign-items",
          "日本人住民に外国人住民の項目があります。");
  require(!foreign || !has_japanese_items(member), "resident_class", "japanese-items",
          "外国人住民に日本人住民の項目があります。");
}

}  // namespace

bool check_household(const HouseholdRows& rows, Diagnostics& diagnostics) {
  Checker checker(diagnostics);
  const auto require = [&](bool holds, std::string_view column, std::string_view rule,
                           std::string_view mend) {
    checker.require(holds, Table::kHouseholds, rows.household_line, column, rule, mend);
  };
  require(rows.members.size() == rows.household.member_count, "member_count", "member-count",
          "世帯員数とpersons.csvの人数が違います。");
  require(!rows.members.empty() && rows.members.front().person == rows.household.head,
          "head_person_id", "head",
          "世帯主が世帯の先頭にいません。世帯主の番号と記載順を確認してください。");
  for (std::size_t i = 0; i < rows.members.size(); ++i) check_member(rows, i, checker);
  return checker.clean();
}

}  // namespace certrelay
