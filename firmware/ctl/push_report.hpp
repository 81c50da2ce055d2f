// The report of a push in Japanese, for the clerk at the source system.
#pragma once

#include <string>

#include "protocol/wire/registry_message.hpp"

namespace certrelay {

std::string to_japanese(ExtractState state);
// State, counts, findings with their mends; several lines.
std::string to_japanese(const ExtractReport& report);
// Added, changed, deleted, unchanged, and the list of differences without any value.
std::string to_japanese(const ExtractPlan& plan);
// What is in force, how long it serves, what waits; the last line warns where somebody must act.
std::string to_japanese(const RegisterStatus& status);
// Nothing in force, past the bound, 75 % of it used up, or a household closed by a change that
// could not be applied.
bool needs_attention(const RegisterStatus& status);
// What an activation answered: the version and since when it is in force.
std::string to_japanese(const RegisterAcknowledgement& acknowledgement);

}  // namespace certrelay
