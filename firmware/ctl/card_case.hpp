#pragma once

#include <string>
#include <string_view>

namespace certrelay {

struct CardVerdict {
  std::string line;  // one JSON object, no line feed
  bool accepted = false;
  bool understood = false;  // the input was a case at all
};

// One line of `certrelayctl card verify --stdin-jsonl`, judged by the server's own code
// (relay/identity). The answer repeats `id` and says result, reason (relay/identity/REASONS.md,
// "ok", or "bad_input: " and where) and ms, the CPU time. Never throws.
CardVerdict judge_card_line(std::string_view line);

}  // namespace certrelay
