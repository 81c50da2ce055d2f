#include "relay/issuance/print_check.hpp"

#include <algorithm>
#include <array>

#include "protocol/base/check.hpp"
#include "relay/issuance/printed_person.hpp"

namespace certrelay {
namespace {

struct FieldColumn {
  std::string_view field;
  std::string_view japanese;
  std::string_view foreign;
};

// Cells that no item fills print the form's own marks; they name the cell.
constexpr std::array kColumns{
    FieldColumn{"address", "address", "address"},
    FieldColumn{"head_of_household", "head_name", "head_name"},
    FieldColumn{"name_kana", "kana", "kana"},
    FieldColumn{"individual_number", "name", "name"},
    FieldColumn{"name", "name", "name"},
    FieldColumn{"resident_since", "resident_since", "foreign_since"},
    FieldColumn{"resident_code", "name", "name"},
    FieldColumn{"former_surname_kana", "former_name_kana", "former_name_kana"},
    FieldColumn{"alias_kana", "alias_kana", "alias_kana"},
    FieldColumn{"address_since", "address_since", "address_since"},
    FieldColumn{"former_surname", "former_name", "former_name"},
    FieldColumn{"alias", "alias", "alias"},
    FieldColumn{"notified", "notified", "notified"},
    FieldColumn{"birth_date", "birth_date", "birth_date"},
    FieldColumn{"sex", "sex_text", "sex_text"},
    FieldColumn{"relation", "relation_text", "relation_text"},
    FieldColumn{"register_head", "register_head", "register_head"},
    FieldColumn{"residence_card_number", "residence_card_number", "residence_card_number"},
    FieldColumn{"registered_domicile", "registered_domicile", "registered_domicile"},
    FieldColumn{"nationality", "nationality", "nationality"},
    FieldColumn{"previous_address", "previous_address", "previous_address"},
    FieldColumn{"residence_status", "residence_status", "residence_status"},
    FieldColumn{"residence_category", "residence_category", "residence_category"},
    FieldColumn{"residence_period", "residence_period", "residence_period"},
    FieldColumn{"residence_expiry", "residence_expiry", "residence_expiry"},
    FieldColumn{"remarks", "remarks", "remarks"},
};

std::vector<PrintFault> faults_of(const std::vector<PrintProblem>& problems, bool foreign) {
  std::vector<PrintFault> out;
  out.reserve(problems.size());
  for (const auto& problem : problems) {
    out.push_back({column_of_field(problem.field, foreign), problem.code, problem.missing.base,
                   problem.missing.selector});
  }
  return out;
}

}  // namespace

std::string_view column_of_field(std::string_view field, bool foreign) {
  const auto* row = std::find_if(kColumns.begin(), kColumns.end(),
                                 [&](const FieldColumn& known) { return known.field == field; });
  CERTRELAY_CHECK(row != kColumns.end());
  return foreign ? row->foreign : row->japanese;
}

PrintCheck::PrintCheck(KitSource kit) : kit_(std::move(kit)) { prepared(); }

// A replaced kit is seldom: its table is made anew by whoever asks first.
std::shared_ptr<const PrintCheck::Prepared> PrintCheck::prepared() const {
  auto kit = kit_.now();
  const std::lock_guard guard(mutex_);
  if (!prepared_ || prepared_->kit != kit) {
    PrintChecker checker(*kit);
    prepared_ = std::make_shared<const Prepared>(Prepared{std::move(kit), std::move(checker)});
  }
  return prepared_;
}

PrintFaults PrintCheck::check(const HouseholdRecord& household,
                              const std::vector<PersonRecord>& members) const {
  constexpr PrintedEntries kAll{.head_relation = true, .domicile = true, .foreign_items = true};
  const auto with = prepared();
  const auto& checker = with->checker;
  PrintFaults out;
  out.address = faults_of(checker.address(household.address), false);
  out.head = faults_of(checker.head(household.head_name), false);
  out.members.reserve(members.size());
  for (const auto& member : members) {
    out.members.push_back(faults_of(checker.person(printed_person(member, kAll)),
                                    member.resident_class == ResidentClass::kForeign));
  }
  return out;
}

}  // namespace certrelay
