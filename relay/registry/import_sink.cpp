#include "relay/registry/import_sink.hpp"

#include "relay/registry/coverage.hpp"

namespace certrelay {

Result<void> ImportSink::catalogue(Catalogue catalogue) {
  catalogue_ = catalogue;
  plan_.check_fees(catalogue, today_, *diagnostics_);
  if (!diagnostics_->clean()) return ok();  // the walk looks at the other rows and refuses
  return next_->catalogue(std::move(catalogue));
}

Result<void> ImportSink::household(HouseholdRows rows, std::vector<std::vector<CardRecord>> cards) {
  if (check_ != nullptr) closed_members_ += close_unprintable(rows, *check_, *diagnostics_);
  CERTRELAY_TRY(plan_.household(rows, cards, manifest_->issuers));
  return next_->household(std::move(rows), std::move(cards));
}

}  // namespace certrelay
