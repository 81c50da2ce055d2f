// What operators read of the relay, in Japanese, and the same as JSON for programs.
#pragma once

#include "protocol/wire/operator_message.hpp"
#include "protocol/wire/overview_message.hpp"

namespace certrelay {

std::string to_japanese(const RelayState& state);
// The extracts that wait for two persons, a line each; says so when there is none.
std::string waiting_extracts_text(const RelayState& state);
std::string to_japanese(const ErasureView& erasure);
std::string to_japanese(const std::vector<OverviewKind>& kinds);
std::string to_japanese(const PendingList& list);
std::string to_japanese(const PendingAction& pending);
std::string to_japanese(const OperatorList& list);
std::string to_japanese(const ActionReport& report);

}  // namespace certrelay
