#pragma once

#include "relay/issuance/kit_in_force.hpp"
#include "relay/ports/print_check_port.hpp"
#include "render/print_check.hpp"

namespace certrelay {

// The port over the render kit: a record becomes a block as it would on a page, and is measured.
class PrintCheck final : public PrintCheckPort {
 public:
  explicit PrintCheck(KitSource kit);
  PrintFaults check(const HouseholdRecord& household,
                    const std::vector<PersonRecord>& members) const override;

 private:
  struct Prepared {
    std::shared_ptr<const RenderKit> kit;
    PrintChecker checker;
  };
  std::shared_ptr<const Prepared> prepared() const;

  const KitSource kit_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const Prepared> prepared_;  // of the kit asked last, under the mutex
};

// The extract's column behind a field's name on the page. Precondition: a field that PrintChecker
// names (CHECK).
std::string_view column_of_field(std::string_view field, bool foreign);

}  // namespace certrelay
