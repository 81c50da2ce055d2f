// The key that changes are sealed to, so that the registry front forwards what it cannot read. It
// lives in memory, is made anew now and then, and the one before serves a little longer.
#pragma once

#include <optional>

#include "protocol/wire/registry_message.hpp"
#include "relay/env/clock.hpp"
#include "relay/keys/seal.hpp"

namespace certrelay {

// Sealed bytes: the first 8 bytes of SHA-256 of the public key, then libsodium's crypto_box_seal.
inline constexpr std::size_t kChangeSealOverhead = 8 + 48;

// The sender's side.
Bytes seal_change(const ChangePublicKey& key, ByteView clear);

// One thread at a time.
class ChangeKeys {
 public:
  static constexpr std::chrono::hours kLife{24};
  static constexpr std::chrono::minutes kFormerServes{10};

  ChangeKeys(Entropy& entropy, const Clock& clock);

  const ChangePublicKey& public_key() const { return current_.open; }
  // Makes a new key when it is time, and forgets the former. Call it now and then.
  void rotate();
  // Errors: kChangeKeyUnknown (sealed to another key, or damaged).
  Result<Bytes> open(ByteView sealed) const;

 private:
  struct Pair {
    ChangePublicKey open{};
    Key256 secret;
  };
  static Pair make(Entropy& entropy);

  Entropy* entropy_;
  const Clock* clock_;
  Pair current_;
  std::optional<Pair> former_;
  SteadyTime made_at_;
};

}  // namespace certrelay
