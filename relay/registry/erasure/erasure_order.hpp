#pragma once

#include "protocol/record/entry_text.hpp"

namespace certrelay {

// On whose word somebody is erased: 消去 only by a city administrator, or by a clerk with a second
// person, never by a vendor (R20). Whether these two may order it was decided before; here it goes
// to the ledger and into the evidence.
struct ErasureOrder {
  OperatorName operator_name;
  OperatorName approver;  // another person
  StatedReason reason;    // 処理事由 (R35)
  friend bool operator==(const ErasureOrder&, const ErasureOrder&) = default;
};

}  // namespace certrelay
