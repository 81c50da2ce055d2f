// The key that answers are signed with, one a listener, apart from TLS (R44, INV-3).
#pragma once

#include <memory>
#include <mutex>

#include "protocol/base/time.hpp"
#include "protocol/wire/answer_signature.hpp"
#include "relay/keys/private_key.hpp"

namespace certrelay {

// ECDSA P-256. Move-only. Safe to use from several threads, one of which may replace it.
class AnswerKey {
 public:
  // Errors: kWrongPassphrase, kKeyUnusable.
  static Result<AnswerKey> from_pem(std::string_view pem, std::string_view pass_phrase);
  static Result<AnswerKey> generate();

  std::string keyid() const { return held()->keyid; }
  Bytes spki() const { return held()->key.spki(); }
  Result<std::string> encrypted_pem(std::string_view pass_phrase, PassPhraseOrigin origin) const {
    return held()->key.encrypted_pem(pass_phrase, origin);
  }

  // Over a signature base (answer_signature.hpp). Errors: kInternal.
  Result<RawSignature> sign(std::string_view base) const;

  // From the next answer on it is `next`; an answer under way keeps the key that it began with.
  void replace(const AnswerKey& next);
  // The key as it is now: name and signature of one answer are then of one key.
  AnswerKey current() const { return AnswerKey(held()); }

 private:
  struct Held {
    PrivateKey key;
    std::string keyid;
  };
  struct Slot {
    mutable std::mutex mutex;
    std::shared_ptr<const Held> held;
  };
  explicit AnswerKey(PrivateKey key);
  explicit AnswerKey(std::shared_ptr<const Held> held);
  std::shared_ptr<const Held> held() const {
    const std::lock_guard guard(slot_->mutex);
    return slot_->held;
  }
  std::unique_ptr<Slot> slot_;
};

// Completes a finished answer: adds content-digest (where there is a body), signature-input and
// signature. An answer that has one of them already, or lacks a covered header, is refused.
// Errors: kCoverageDiffers, kMalformed, kInternal.
Result<void> sign_answer(HttpAnswer& answer, const RequestParts& request, const AnswerKey& key,
                         UtcTime now);

}  // namespace certrelay
