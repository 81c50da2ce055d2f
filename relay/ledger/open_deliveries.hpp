// Which certificates a city still has to look after: no result came, or somebody paid and got no
// paper (rules.md, Money and time).
#pragma once

#include <map>
#include <set>
#include <vector>

#include "protocol/record/entry.hpp"

namespace certrelay {

// The word of an action that ends one by hand, with a reason.
inline constexpr std::string_view kResultClosedAction = "result.close";

// What an entry does to the delivery of its transaction.
enum class DeliveryStep : std::uint8_t {
  kNone,
  kBegins,      // the intent
  kUnknown,     // nothing came back in time, or a restart came between
  kPaid,        // paid, and not printed: cancelled, jammed or timed out
  kLeftBehind,  // printed, and not taken: open again
  kEnds,
};
DeliveryStep delivery_step(const Entry& entry);

struct OpenDelivery {
  enum class Why : std::uint8_t { kNoResult, kUnknown, kPaid, kLeftBehind };
  Why why = Why::kNoResult;
  UtcTime at;  // the intent's
  TransactionId transaction;
  std::optional<KioskId> kiosk;
  std::optional<DocumentId> document;
  std::optional<CertificateKind> kind;
  std::optional<std::uint32_t> yen;  // paid, or else the fee
};

// Fed with every entry from the ledger's first on, in order; or with those of the transactions that
// matter alone.
class OpenDeliveries {
 public:
  void take(const Entry& entry);
  // Oldest first.
  std::vector<OpenDelivery> list() const;

 private:
  void begin(const Entry& entry, OpenDelivery::Why why);
  std::map<TransactionId, OpenDelivery> open_;
};

// The same by their ids alone: few enough to be kept for a whole ledger.
class OpenDeliveryIds {
 public:
  void take(const Entry& entry);
  void insert(const TransactionId& id) { ids_.insert(id); }
  const std::set<TransactionId>& ids() const { return ids_; }

 private:
  std::set<TransactionId> ids_;
};

}  // namespace certrelay
