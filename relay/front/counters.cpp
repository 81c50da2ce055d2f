#include "relay/front/counters.hpp"

#include <algorithm>
#include <limits>

namespace certrelay {

FrontRefusal refusal_kind(ErrorCode code) {
  switch (code) {
    case ErrorCode::kHandshakeFailed:
    case ErrorCode::kPeerUnknown:
      return FrontRefusal::kHandshake;
    case ErrorCode::kHandshakeTimeout:
    case ErrorCode::kGateHeadTimeout:
    case ErrorCode::kGateBodyTimeout:
    case ErrorCode::kVaultSilent:
    case ErrorCode::kConnectionEnded:
      return FrontRefusal::kTimeout;
    case ErrorCode::kConnectionLimit:
    case ErrorCode::kVaultOverloaded:
    case ErrorCode::kVaultNotServing:
      return FrontRefusal::kShed;
    default:
      return FrontRefusal::kGate;
  }
}

void FrontCounters::add(const std::optional<PeerName>& peer, ErrorCode code) {
  put_back({.reason = refusal_kind(code), .peer = peer, .count = 1});
}

void FrontCounters::put_back(const RefusalsFrame& refusals) {
  auto& count = counts_[{refusals.peer, refusals.reason}];
  const std::uint32_t room = std::numeric_limits<std::uint32_t>::max() - count;
  count += std::min(room, refusals.count);
}

std::vector<RefusalsFrame> FrontCounters::take() {
  std::vector<RefusalsFrame> out;
  for (const auto& [key, count] : counts_) {
    out.push_back({.reason = key.second, .peer = key.first, .count = count});
  }
  counts_.clear();
  return out;
}

}  // namespace certrelay
