// What differs between the roles at the gate: the closed lists of headers and the body's limit.
// Neither methods nor paths are here: those are the vault's verb table.
#pragma once

#include <span>
#include <string_view>

#include "protocol/ids/values.hpp"

namespace certrelay {

struct GateRules {
  // Lower-case names of the request headers that the vault gets; all others end here.
  std::span<const std::string_view> forwarded;
  // Lower-case names of the headers that an answer of the vault may carry.
  std::span<const std::string_view> answered;
  std::size_t head_bytes_max = std::size_t{8} * 1024;  // with its empty line
  std::size_t body_bytes_max = 0;
};

// The lists live for ever. Precondition: a role of the enumeration (CHECK).
GateRules gate_rules(Role role);

// False as soon as one header is in no list: the answer is then not the protocol's.
bool may_answer_with(const GateRules& rules, std::string_view header_name);

}  // namespace certrelay
