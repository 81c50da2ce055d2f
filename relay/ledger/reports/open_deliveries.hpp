// Which certificates a city still has to look after: no result came, or somebody paid and got no
// paper (rules.md, Money and time).
#pragma once

#include <map>
#include <vector>

#include "protocol/record/entry.hpp"

namespace certrelay {

// The word of an action that ends one by hand, with a reason.
inline constexpr std::string_view kResultClosedAction = "result.close";

struct OpenDelivery {
  enum class Why : std::uint8_t {
    kNoResult,    // left, and nothing came back yet
    kUnknown,     // nothing came back in time, or a restart came between
    kPaid,        // paid, and not printed: cancelled, jammed or timed out
    kLeftBehind,  // printed, and not taken
  };
  Why why = Why::kNoResult;
  UtcTime at;  // the intent's
  TransactionId transaction;
  std::optional<KioskId> kiosk;
  std::optional<DocumentId> document;
  std::optional<CertificateKind> kind;
  std::optional<std::uint32_t> yen;  // paid, or else the fee
};

// Fed with every entry from the ledger's first on, in order.
class OpenDeliveries {
 public:
  void take(const Entry& entry);
  // Oldest first.
  std::vector<OpenDelivery> list() const;

 private:
  void begin(const Entry& entry, OpenDelivery::Why why);
  void take_event(const Entry& entry);
  std::map<TransactionId, OpenDelivery> open_;
};

}  // namespace certrelay
