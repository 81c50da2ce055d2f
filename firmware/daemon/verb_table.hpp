// Every verb that a front can ask the vault for: one closed column a role, each row allowed in some
// of the vault's states. What is not in the table reaches no room.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "protocol/ids/values.hpp"
#include "protocol/wire/http_types.hpp"

namespace certrelay {

enum class VaultState : std::uint8_t {
  kStarting = 1,  // open, but not everything that the start demands is done (INV-12)
  kServing = 2,
  kEnding = 4,   // the fronts have drained: what comes now is answered no more
  kRetired = 8,  // its end was ordered: the operators alone are heard (R19)
};

struct Verb {
  Role role;
  HttpMethod method;
  std::string_view pattern;  // "{}" stands for one segment, not empty
  std::uint8_t states;       // VaultState, or-ed
};

// All rows.
std::span<const Verb> verb_table();

// Errors: kNoSuchCall (no row of that role), kVerbNotInState.
Result<void> check_verb(Role role, HttpMethod method, std::string_view path, VaultState state);

}  // namespace certrelay
