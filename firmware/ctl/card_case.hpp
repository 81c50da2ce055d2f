#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace certrelay {

inline constexpr std::size_t kCardLineBytesMax = std::size_t{64} * 1024 * 1024;

struct CardVerdict {
  std::string line;  // one JSON object, no line feed
  bool accepted = false;
  bool understood = false;  // the input was a case at all
};

// One line of `certrelayctl card verify --stdin-jsonl`, judged by the server's own code
// (relay/identity). The answer repeats `id` and says result, reason (relay/identity/REASONS.md,
// "ok", or "bad_input: " and where) and ms, the CPU time. Never throws.
CardVerdict judge_card_line(std::string_view line, std::size_t bytes_max = kCardLineBytesMax);

}  // namespace certrelay
