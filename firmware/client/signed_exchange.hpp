// What callers use: an answer that comes out of here was signed by a pinned key, for this request.
#pragma once

#include "firmware/client/https_client.hpp"
#include "relay/keys/answer_verifier.hpp"

namespace certrelay {

struct RepeatPolicy {
  // From the first attempt; as long as the vault keeps a stored answer.
  std::chrono::milliseconds window_ms{120'000};
  std::chrono::milliseconds pause_first_ms{250};  // doubles
  std::chrono::milliseconds pause_max_ms{4'000};
  // A signed 503 `overloaded` is waited for and repeated when its Retry-After is at most this.
  std::chrono::seconds retry_after_max_s{5};
};

// Three kinds of outcome, which callers must keep apart:
//  - an answer: signed, checked, whatever its status (a problem document is one);
//  - kCannotReach, kConnectionBroken, kDeadlinePassed, kAnswerMalformed, kSignatureMissing: no
//    answer came although the same bytes were sent again, each time on a new connection, until the
//    window had passed (an unsigned answer is the front's own, hence none);
//  - any other code: something came that claims to be the answer and is not. Never repeated.
class SignedExchange {
 public:
  // All four must outlive it. One thread at a time.
  SignedExchange(HttpsClient& client, const AnswerVerifier& verifier, const Clock& clock,
                 RepeatPolicy policy = {})
      : client_(&client), verifier_(&verifier), clock_(&clock), policy_(policy) {}

  // Adds Content-Digest where there is a body; `request` must not have one.
  Result<HttpAnswer> exchange(HttpRequest request);

  // Sends once and closes the connection without reading: a line that breaks, for tests of the
  // relay. Errors: HttpsClient's.
  Result<void> send_and_hang_up(HttpRequest request);

  // How often a request was sent again since this object was made.
  int repeats() const { return repeats_; }

 private:
  static RequestParts add_digest(HttpRequest& request);
  Result<HttpAnswer> once(const HttpRequest& request, const RequestParts& parts);
  // False when the window has passed before the pause would end.
  bool pause(std::chrono::milliseconds length_ms, SteadyTime end) const;

  HttpsClient* client_;
  const AnswerVerifier* verifier_;
  const Clock* clock_;
  RepeatPolicy policy_;
  int repeats_ = 0;
};

// Whether `code` says that no answer came, so that nothing is known of the request's fate.
bool is_no_answer(ErrorCode code);

}  // namespace certrelay
