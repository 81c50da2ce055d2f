// The center's and the source system's side: is this answer the vault's, and the one to my request?
#pragma once

#include <vector>

#include "protocol/wire/answer_signature.hpp"
#include "relay/keys/public_key.hpp"

namespace certrelay {

// Up to two pinned keys, both good while one replaces the other. Safe to use from several threads.
class AnswerVerifier {
 public:
  static constexpr std::size_t kKeysMax = 2;
  // "PUBLIC KEY" blocks, one a text. Errors: kKeyUnusable, kLimitExceeded (none, or too many),
  // kDuplicateValue (a key twice).
  static Result<AnswerVerifier> from_pems(const std::vector<std::string>& pems);

  // When the answer was signed, seconds since 1970 UTC: for the log, not for trust. Everything that
  // came with the answer is worthless after an error.
  // Errors: kSignatureMissing, kCoverageDiffers, kUnknownSigner, kDigestMissing, kDigestMismatch,
  // kBadSignature, kMalformed.
  Result<std::int64_t> verify(const HttpAnswer& answer, const RequestParts& request) const;

 private:
  explicit AnswerVerifier(std::vector<PublicKey> keys) : keys_(std::move(keys)) {}
  std::vector<PublicKey> keys_;
};

}  // namespace certrelay
