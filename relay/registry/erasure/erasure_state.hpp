#pragma once

#include <optional>
#include <vector>

#include "protocol/base/time.hpp"
#include "relay/env/files.hpp"
#include "relay/registry/erasure/erasure_order.hpp"
#include "relay/registry/generation_seal.hpp"

namespace certrelay {

// What the vault must know of erasures after a restart. No person's identity is in it: after the
// keys nobody could say any more who it was, and before them a list would outlive them.
struct ErasureState {
  // Stage one is on its way. Whether it came to its end is told by the register's epoch.
  struct Begun {
    std::uint64_t number;
    UtcTime at;
    std::uint64_t persons;
    std::uint64_t epoch_before;
    FileMark keys_before;
    // None: of individual numbers, which a death ends without anybody's order (R49); `persons`
    // counts them.
    std::optional<ErasureOrder> order;
    friend bool operator==(const Begun&, const Begun&) = default;
  };
  // Stage one is done and recorded; stage two is due within 24 hours.
  struct Waiting {
    std::uint64_t number;
    UtcTime keys_destroyed_at;
    std::uint64_t persons;
    friend bool operator==(const Waiting&, const Waiting&) = default;
  };
  struct Standing {
    UtcTime given_at;
    ErasureOrder order;
    friend bool operator==(const Standing&, const Standing&) = default;
  };

  std::uint64_t next_number = 1;
  std::optional<Begun> begun;
  std::vector<Waiting> waiting;
  std::optional<Standing> standing;
  std::optional<UtcTime> pending_since;  // of whoever waits for stage one the longest
  friend bool operator==(const ErasureState&, const ErasureState&) = default;
};

inline constexpr std::size_t kErasuresWaitingMax = 4096;

// FORMAT.md, `erasure.state`. Errors: kStoreVersion, kStoreCorrupt.
Bytes encode(const ErasureState& state);
Result<ErasureState> decode_erasure_state(ByteView bytes);

// A file that is not there is the state before the first erasure. Errors: the file system's, and
// as above.
Result<ErasureState> load_erasure_state(Files& files, const std::string& path);

}  // namespace certrelay
