// Refusals before a transaction exists: counted, and written as one entry a peer, reason and
// minute, so that a flood costs bounded space and is still provable (R42).
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "protocol/record/entry.hpp"

namespace certrelay {

class RefusalCounts {
 public:
  static constexpr std::size_t kEntriesPerMinuteMax = 64;

  // An authenticated peer is counted by name, everybody else of a listener as one. Past the bound
  // of different keys a minute, the rest of a listener's counts together under kLimitExceeded.
  void count(Role role, std::optional<PeerName> peer, ErrorCode reason, std::uint64_t number = 1);

  // The counts since the last call as entries, and begins anew. Call it once a minute and at
  // shutdown.
  std::vector<Entry> take(UtcTime from, UtcTime until);

 private:
  struct Key {
    Role role;
    std::optional<PeerName> peer;
    ErrorCode reason;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  std::mutex mutex_;
  std::map<Key, std::uint64_t> counts_;
};

}  // namespace certrelay
