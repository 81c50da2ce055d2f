// What operators need of the register: a person's gates closed by hand while the source system is
// down (rules.md). Nothing is edited; the next change of that person ends it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "protocol/ids/ids.hpp"
#include "protocol/ids/values.hpp"

namespace certrelay {

inline constexpr std::size_t kHoldReasonBytesMax = 256;

struct HeldPerson {
  PersonId person;
  std::string reason;  // as it was given
};

// Completes on the caller's executor.
class HoldPort {
 public:
  HoldPort() = default;
  HoldPort(const HoldPort&) = delete;
  HoldPort& operator=(const HoldPort&) = delete;
  virtual ~HoldPort() = default;

  // From its completion on no certificate is handed out to or of that person; durable. `reason` is
  // a reference (a document's number), never personal data, 1 to kHoldReasonBytesMax bytes. The
  // caller writes the ledger's entry, with the pseudonym that is returned.
  // Errors: kUnknownPerson, kRegisterNotReady (no register), kLimitExceeded, kOverlayFull, and the
  // store's (nothing has changed then).
  virtual boost::asio::awaitable<Result<SubjectPseudonym>> hold(PersonId person,
                                                                std::string reason) = 0;
  // Errors: as hold(); kNotHeld.
  virtual boost::asio::awaitable<Result<SubjectPseudonym>> release(PersonId person) = 0;
  virtual std::vector<HeldPerson> held() const = 0;
};

}  // namespace certrelay
