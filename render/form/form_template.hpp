#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "render/form/eras.hpp"
#include "render/form/form_grid.hpp"

namespace certrelay {

// One form as a municipality may set it: its words and its geometry (render/form/FORMAT.md).
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
  FormGrid grid;
  std::vector<Era> eras;  // ascending, at least one
};

// Closed schema: a missing, unknown, empty or ill-typed member is an error, and so is a cell
// outside its block, an item that has no cell or two, or a label that no cell uses.
// Errors: kTemplateInvalid, kInvalidUtf8.
Result<FormTemplate> parse_form_template(std::string_view toml);

// household.toml (世帯連記式), individual.toml (個人票) and record.toml (住民票記載事項証明書), as
// they were built in.
std::string_view default_household_template();
std::string_view default_individual_template();
std::string_view default_record_template();

}  // namespace certrelay
