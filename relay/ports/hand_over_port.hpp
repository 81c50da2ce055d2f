// What the register needs of issuance: nothing that was prepared before a change leaves after its
// acknowledgement (INV-6).
#pragma once

#include <vector>

#include "protocol/ids/ids.hpp"

namespace certrelay {

// Thread-safe, never blocks for long.
class HandOverPort {
 public:
  HandOverPort() = default;
  HandOverPort(const HandOverPort&) = delete;
  HandOverPort& operator=(const HandOverPort&) = delete;
  virtual ~HandOverPort() = default;

  // When it returns, every stored answer about these households is zeroised (its repeat gets 410),
  // and every step that is at work on one of them will end without giving out its bytes.
  // The register already answers with the change.
  virtual void withdraw(const std::vector<HouseholdId>& households) = 0;
  // The same for every household: another generation is in force.
  virtual void withdraw_all() = 0;
};

}  // namespace certrelay
