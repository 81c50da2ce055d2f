#pragma once

#include <map>

#include "firmware/selftest/fictional_city.hpp"

namespace certrelay {

// The fictional city's register: one version that never changes. Its people's pseudonyms are the
// digests of their numbers, because nobody has to be protected. Immutable, thread-safe.
class FictionalRegister final : public RegisterPort {
 public:
  // `city` must outlive it.
  explicit FictionalRegister(const FictionalCity& city);

  Result<std::shared_ptr<const RegisterSnapshot>> snapshot() const override { return snapshot_; }
  RegisterState state() const override;
  Result<void> still_current(const RegisterVersion&, const HouseholdId&) const override {
    return ok();
  }

 private:
  std::shared_ptr<const RegisterSnapshot> snapshot_;
};

}  // namespace certrelay
