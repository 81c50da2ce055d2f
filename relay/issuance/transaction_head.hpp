#pragma once

#include "protocol/base/time.hpp"
#include "protocol/ids/ids.hpp"
#include "protocol/ids/uuid.hpp"
#include "protocol/ids/values.hpp"

namespace certrelay {

// Facts of a transaction that every step and every entry needs; fixed when it opens.
struct TransactionHead {
  TransactionId id;
  PeerName peer;
  KioskId kiosk;
  CertificateKind kind;
  UtcTime opened_at;
};

}  // namespace certrelay
