// The report of a push in Japanese, for the clerk at the source system.
#pragma once

#include <string>

#include "protocol/wire/registry_message.hpp"

namespace certrelay {

std::string to_japanese(ExtractState state);
// State, counts, findings with their mends; several lines.
std::string to_japanese(const ExtractReport& report);
// What an activation answered: the version and since when it is in force.
std::string to_japanese(const RegisterAcknowledgement& acknowledgement);

// One line for a terminal: [#####.....]  50%  12.3 / 24.6 MB
std::string progress_bar(std::uint64_t sent_bytes, std::uint64_t all_bytes);

}  // namespace certrelay
