#pragma once

#include "protocol/extract/walk.hpp"
#include "relay/ports/print_check_port.hpp"
#include "relay/registry/plan_maker.hpp"

namespace certrelay {

// Stands between the walk and the builder: closes whom the fonts and the form cannot print, then
// compares with the base what will be stored.
class ImportSink final : public ExtractSink {
 public:
  // References must outlive it; `check` may be null in tests that need no fonts. `today`: of the
  // receipt, in Japan.
  ImportSink(ExtractSink& next, PlanMaker plan, const PrintCheckPort* check,
             const Manifest& manifest, JstDay today, Diagnostics& diagnostics)
      : next_(&next),
        plan_(std::move(plan)),
        check_(check),
        manifest_(&manifest),
        today_(today),
        diagnostics_(&diagnostics) {}

  Result<void> catalogue(Catalogue catalogue) override;
  Result<void> household(HouseholdRows rows, std::vector<std::vector<CardRecord>> cards) override;

  // After the walk was ok. Errors: PlanMaker::finish's.
  Result<ExtractPlan> finish() { return plan_.finish(catalogue_, *diagnostics_); }
  std::vector<std::uint64_t> take_touched() { return plan_.take_touched(); }
  std::uint64_t closed_members() const { return closed_members_; }

 private:
  ExtractSink* next_;
  PlanMaker plan_;
  const PrintCheckPort* check_;
  const Manifest* manifest_;
  JstDay today_;
  Diagnostics* diagnostics_;
  Catalogue catalogue_;
  std::uint64_t closed_members_ = 0;
};

}  // namespace certrelay
