// The geometry of a form's template.
#pragma once

#include "render/form/form_grid.hpp"
#include "render/form/form_table.hpp"

namespace certrelay {

// Reads [sheet], [header], [cell], [[cells]], [lines], [remarks], [place] and [labels].
// `mark` is the mark of an omitted item. Errors: kTemplateInvalid.
Result<FormGrid> read_grid(FormTable& root, const std::string& mark);

}  // namespace certrelay
