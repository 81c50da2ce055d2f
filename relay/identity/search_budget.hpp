// What one question about a certificate may cost, whatever comes with it. Private to this room.
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "protocol/base/sha256.hpp"
#include "relay/identity/public_key.hpp"

namespace certrelay {

inline constexpr std::size_t kSignatureTriesMax = 64;    // of certificates on the way to a root
inline constexpr std::size_t kSignerTriesMax = 128;      // of keys for lists besides the path's
inline constexpr std::size_t kAnswerTriesMax = 128;      // of OCSP answers and their responders
inline constexpr std::size_t kSearchStepsMax = 4096;     // certificates visited and paths judged
inline constexpr std::size_t kStatusStepsMax = 262'144;  // lists, signers, answers, names compared

// Signatures, each verified once a key and signed bytes: copies of a certificate, and certificates
// of one key, cost nothing more.
class SignatureChecks {
 public:
  explicit SignatureChecks(std::size_t max) : max_(max) {}

  // Whether `key`, whose digest that is, verifies what was signed. None: the bound is reached, and
  // nobody knows. `whole`: signed bytes and signature together; outlives this.
  std::optional<bool> verified(const CardPublicKey& key, const Digest& key_digest,
                               SignatureAlgorithm algorithm, ByteView tbs, ByteView signature,
                               ByteView whole);
  std::size_t made() const { return made_; }

 private:
  const std::size_t max_;
  std::size_t made_ = 0;
  std::map<std::pair<Digest, std::string_view>, bool> known_;
};

class SearchBudget {
 public:
  // False once the bound is passed.
  bool take_step() { return ++steps_ <= kSearchStepsMax; }
  bool take_status_steps(std::size_t steps) {
    status_steps_ += steps;
    return status_steps_ <= kStatusStepsMax;
  }

  SignatureChecks certificates{kSignatureTriesMax};
  SignatureChecks list_signers{kSignerTriesMax};
  SignatureChecks answers{kAnswerTriesMax};

 private:
  std::size_t steps_ = 0;
  std::size_t status_steps_ = 0;
};

inline constexpr Error kSearchBound{ErrorCode::kPathTooLong, "path: search bound"};

}  // namespace certrelay
