// What operators order of the service: the rows of the action table that issuance's levers carry
// out. Another room's action is added in the same way: a row, and a function that takes the
// PersonalOrder or the Approval.
#pragma once

#include <functional>

#include "relay/issuance/alarm.hpp"
#include "relay/issuance/service_orders.hpp"
#include "relay/operators/operator_verbs.hpp"

namespace certrelay {

// All outlive the verbs.
struct ServiceLevers {
  AlarmLatch& alarm;
  ServiceOrders& orders;
  LedgerPort& ledger;
  std::function<bool(CertificateKind)> offers;  // whether there is that kind
  bool demo;
  const Clock& clock;
};

// alarm.clear {alarm: label}, issuing.stop, issuing.resume, kind.suspend {kind}, kind.resume
// {kind}.
void add_service_actions(OperatorVerbs& verbs, const ServiceLevers& levers);

}  // namespace certrelay
