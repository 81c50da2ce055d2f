#pragma once

#include <memory>
#include <mutex>

#include "relay/ports/print_check_port.hpp"
#include "render/print_check.hpp"

namespace certrelay {

// The port over the render kit: a record becomes a block as it would on a page, and is measured.
class PrintCheck final : public PrintCheckPort {
 public:
  // `kit` must outlive it.
  explicit PrintCheck(const RenderKit& kit)
      : current_(std::make_shared<const Current>(Current{nullptr, PrintChecker(kit)})) {}
  // Of a reload: what is checked from now on. Thread-safe, as check() is.
  void set_kit(std::shared_ptr<const RenderKit> kit);
  PrintFaults check(const HouseholdRecord& household,
                    const std::vector<PersonRecord>& members) const override;

 private:
  struct Current {
    std::shared_ptr<const RenderKit> kit;  // what the checker views; none: the first one
    PrintChecker checker;
  };
  std::shared_ptr<const Current> current() const;

  mutable std::mutex mutex_;
  std::shared_ptr<const Current> current_;  // under the mutex
};

// The extract's column behind a field's name on the page. Precondition: a field that PrintChecker
// names (CHECK).
std::string_view column_of_field(std::string_view field, bool foreign);

}  // namespace certrelay
