#pragma once

#include <map>
#include <vector>

#include "protocol/record/entry.hpp"

namespace certrelay {

// Which transactions a ledger leaves without an end: fed with every entry in order.
class UnfinishedTransactions {
 public:
  void take(const Entry& entry);
  // One entry each, in the order of the entries that they are about: delivery_unknown for an
  // intent without result, abandoned for what never came to an intent.
  std::vector<Entry> closing_entries() const;
  // The last entry of each of them, ascending: fed with these alone, another object of this class
  // tells the same.
  std::vector<Entry> entries() const;

 private:
  std::map<TransactionId, Entry> open_;
};

}  // namespace certrelay
