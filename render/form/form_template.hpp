#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "render/form/eras.hpp"

namespace certrelay {

// The words of one form, as a municipality may set them (render/form/FORMAT.md).
struct FormTemplate {
  std::string title;
  struct Office {
    std::string title;
    std::string name;
  } office;  // who signs: the mayor, or the acting one where `acting` is set
  struct Seal {
    std::vector<std::string> columns;  // from right to left, equally long
    std::string note;
  } seal;
  struct Marks {
    std::string omitted;
    std::string unknown;
  } marks;
  struct Sentences {
    std::string whole_household;
    std::string part_of_household;
  } sentences;
  struct Footer {
    std::string document;
    std::string page;
  } footer;
  std::string demo_word;
  struct HeaderLabels {
    std::string address, head_of_household;
  } header;
  struct CommonLabels {
    std::string name_kana, individual_number, name, resident_code, address_since, notified,
        birth_date, sex, relation, previous_address, remarks;
  } common;
  struct JapaneseLabels {
    std::string resident_since, former_surname_kana, former_surname, register_head,
        registered_domicile;
  } japanese;
  struct ForeignLabels {
    std::string resident_since, alias_kana, alias, residence_card_number, nationality,
        residence_status, residence_category, residence_period, residence_expiry;
  } foreign;
  std::vector<Era> eras;  // ascending, at least one
};

// Closed schema: a missing, unknown, empty or ill-typed member is an error.
// Errors: kTemplateInvalid, kInvalidUtf8.
Result<FormTemplate> parse_form_template(std::string_view toml);

// render/form/household.toml as it was built in.
std::string_view default_household_template();

}  // namespace certrelay
