#include "relay/registry/record_difference.hpp"

#include <type_traits>

namespace certrelay {
namespace {

template <class T>
bool is_blank(const T& value) {
  if constexpr (requires { value.empty(); }) {
    return value.empty();
  } else if constexpr (requires { value.has_value(); }) {
    return !value.has_value();
  } else if constexpr (requires { T::kOpen; }) {
    return value == T::kOpen;
  } else {
    return false;
  }
}

class ColumnList {
 public:
  template <class T>
  void compare(std::string_view column, const T& before, const T& after) {
    if (before == after) return;
    const char mark = is_blank(before) ? '+' : is_blank(after) ? '-' : '~';
    out_.push_back(mark + std::string(column));
  }
  std::vector<std::string> take() && { return std::move(out_); }

 private:
  std::vector<std::string> out_;
};

void compare_foreign_items(const PersonRecord& a, const PersonRecord& b, ColumnList& out) {
  out.compare("nationality", a.nationality, b.nationality);
  out.compare("residence_category", a.residence_category, b.residence_category);
  out.compare("residence_card_number", a.residence_card_number, b.residence_card_number);
  out.compare("residence_status", a.residence_status, b.residence_status);
  out.compare("residence_period", a.residence_period, b.residence_period);
  out.compare("residence_expiry", a.residence_expiry, b.residence_expiry);
  out.compare("foreign_since", a.foreign_since, b.foreign_since);
  out.compare("alias", a.alias, b.alias);
  out.compare("alias_kana", a.alias_kana, b.alias_kana);
}

void compare_person(const PersonRecord& a, const PersonRecord& b, ColumnList& out) {
  out.compare("household_id", a.household, b.household);
  out.compare("order", a.order, b.order);
  out.compare("resident_class", a.resident_class, b.resident_class);
  out.compare("resident_class_text", a.resident_class_text, b.resident_class_text);
  out.compare("name", a.name, b.name);
  out.compare("kana", a.kana, b.kana);
  out.compare("kana_fixed", a.kana_fixed, b.kana_fixed);
  out.compare("name_image", a.name_image, b.name_image);
  out.compare("birth_date", a.birth, b.birth);
  out.compare("sex", a.sex, b.sex);
  out.compare("sex_text", a.sex_text, b.sex_text);
  out.compare("relation", a.relation, b.relation);
  out.compare("relation_text", a.relation_text, b.relation_text);
  out.compare("former_name", a.former_name, b.former_name);
  out.compare("former_name_kana", a.former_name_kana, b.former_name_kana);
  out.compare("resident_since", a.resident_since, b.resident_since);
  out.compare("address_since", a.address_since, b.address_since);
  out.compare("notified", a.notified, b.notified);
  out.compare("registered_domicile", a.registered_domicile, b.registered_domicile);
  out.compare("register_head", a.register_head, b.register_head);
  out.compare("previous_address", a.previous_address, b.previous_address);
  compare_foreign_items(a, b, out);
  out.compare("remarks", a.remarks, b.remarks);
  out.compare("closed_reason", a.member_gate, b.member_gate);
  out.compare("applicant_closed_reason", a.applicant_gate, b.applicant_gate);
  out.compare("applicant_closed_from", a.applicant_gate_from, b.applicant_gate_from);
  out.compare("individual_number", a.individual_number, b.individual_number);
}

}  // namespace

std::vector<std::string> changed_columns(const PersonRecord& before, const PersonRecord& after) {
  ColumnList out;
  compare_person(before, after, out);
  return std::move(out).take();
}

std::vector<std::string> changed_columns(const HouseholdRecord& before,
                                         const HouseholdRecord& after) {
  ColumnList out;
  out.compare("head_person_id", before.head, after.head);
  out.compare("address", before.address, after.address);
  out.compare("head_name", before.head_name, after.head_name);
  out.compare("member_count", before.member_count, after.member_count);
  out.compare("closed_reason", before.gate, after.gate);
  return std::move(out).take();
}

}  // namespace certrelay
