#pragma once

#include "relay/ports/print_check_port.hpp"
#include "render/print_check.hpp"

namespace certrelay {

// The port over the render kit: a record becomes a block as it would on a page, and is measured.
class PrintCheck final : public PrintCheckPort {
 public:
  // `kit` must outlive it.
  explicit PrintCheck(const RenderKit& kit) : checker_(kit) {}
  PrintFaults check(const HouseholdRecord& household,
                    const std::vector<PersonRecord>& members) const override;

 private:
  PrintChecker checker_;
};

// The extract's column behind a field's name on the page. Precondition: a field that PrintChecker
// names (CHECK).
std::string_view column_of_field(std::string_view field, bool foreign);

}  // namespace certrelay
