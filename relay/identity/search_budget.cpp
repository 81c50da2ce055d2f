#include "relay/identity/search_budget.hpp"

namespace certrelay {

std::optional<bool> SignatureChecks::verified(const CardPublicKey& key, const Digest& key_digest,
                                              SignatureAlgorithm algorithm, ByteView tbs,
                                              ByteView signature, ByteView whole) {
  const std::pair wanted{key_digest, as_text(whole)};
  if (const auto found = known_.find(wanted); found != known_.end()) return found->second;
  if (made_ == max_) return std::nullopt;
  ++made_;
  const bool answer = key.verifies(algorithm, tbs, signature);
  known_.emplace(wanted, answer);
  return answer;
}

}  // namespace certrelay
