#pragma once

#include <map>
#include <mutex>
#include <utility>

#include "protocol/base/sha256.hpp"
#include "protocol/base/time.hpp"
#include "relay/identity/der.hpp"

namespace certrelay {

// What responders said of certificates, each kept until it is too old. Bounded, in memory alone: a
// restart asks again. Thread-safe.
class OcspStatuses {
 public:
  struct Settings {
    // What nobody knows is refused. Off: the list alone decides then; a revocation counts always.
    bool refuse_unknown = true;
    std::size_t kept_max = 65'536;
  };
  // kNone: good. Otherwise why the card is refused: revoked, on hold, or what the question failed
  // of.
  struct Said {
    ErrorCode reason = ErrorCode::kNone;
    UtcTime from;
    UtcTime until;  // not counted in
  };

  explicit OcspStatuses(Settings settings) : settings_(settings) {}

  // `issuer_key`: SHA-256 of the issuer's SubjectPublicKeyInfo; `serial`: content octets.
  void keep(const Digest& issuer_key, ByteView serial, Said said);
  // Whether the responder's own word (good, revoked, on hold) is known at `now`: no need to ask.
  bool settled(const Digest& issuer_key, ByteView serial, UtcTime now) const;
  // Errors: what was said; kOcspNoAnswer when nothing was, or not for `now`.
  Result<void> check(const Digest& issuer_key, ByteView serial, UtcTime now) const;

 private:
  using Key = std::pair<Digest, Bytes>;
  static Key key_of(const Digest& issuer_key, ByteView serial) {
    return {issuer_key, Bytes(serial.begin(), serial.end())};
  }
  const Said* find(const Key& key, UtcTime now) const;
  void make_room(UtcTime now);

  const Settings settings_;
  mutable std::mutex mutex_;
  std::map<Key, Said> said_;
};

}  // namespace certrelay
