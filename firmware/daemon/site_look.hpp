// What a relay's site is short of while it still serves: looked at once a minute, for the files of
// a city's configuration are many.
#pragma once

#include <string>
#include <vector>

#include "firmware/daemon/config.hpp"
#include "protocol/wire/overview_message.hpp"
#include "relay/env/files.hpp"

namespace certrelay {

// A day of 10,000 certificates is about 20 MB of ledger.
inline constexpr std::uint64_t kDiskLowBytes = std::uint64_t{2} << 30U;
inline constexpr std::chrono::days kEndsSoon{30};

// The reason of each in the words of health_reasons.hpp; empty: nothing is wrong.
struct SiteLook {
  std::string fonts;         // gone or changed since they were opened: a restart would fail
  std::string keys;          // a key's file is gone, or is not the relay's alone
  std::string disk;          // little room under state_dir
  std::string certificates;  // one has ended or ends within kEndsSoon, or cannot be read
};

// `free_bytes`: under state_dir; none: not known. `ends`: of certificates and lists.
SiteLook look_at(const Config& config, Files& files, std::optional<std::uint64_t> free_bytes,
                 const std::vector<DatedThing>& ends, std::uint32_t owner, UtcTime now);

}  // namespace certrelay
