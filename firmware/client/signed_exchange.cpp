#include "firmware/client/signed_exchange.hpp"

#include <algorithm>
#include <charconv>
#include <thread>

#include "protocol/wire/content_digest.hpp"
#include "protocol/wire/problem.hpp"

namespace certrelay {
namespace {

// How long a signed `overloaded` asks to wait; none for every other answer.
std::optional<std::chrono::seconds> wait_asked_for(const HttpAnswer& answer) {
  if (answer.status != status_of(ProblemCode::kOverloaded)) return std::nullopt;
  const auto problem = decode_problem(answer.body);
  if (!problem || problem.value().code != ProblemCode::kOverloaded) return std::nullopt;
  const auto text = only_header(answer.headers, "retry-after");
  int seconds = 0;
  if (!text) return std::nullopt;
  const auto [end, code] = std::from_chars(text->data(), text->data() + text->size(), seconds);
  if (code != std::errc{} || end != text->data() + text->size() || seconds < 0) {
    return std::nullopt;
  }
  return std::chrono::seconds{seconds};
}

}  // namespace

bool is_no_answer(ErrorCode code) {
  return code == ErrorCode::kCannotReach || code == ErrorCode::kConnectionBroken ||
         code == ErrorCode::kDeadlinePassed || code == ErrorCode::kAnswerMalformed ||
         code == ErrorCode::kSignatureMissing;
}

RequestParts SignedExchange::add_digest(HttpRequest& request) {
  RequestParts parts = RequestParts::of(request);
  if (parts.body_digest) {
    request.headers.push_back({"content-digest", format_content_digest(*parts.body_digest)});
  }
  return parts;
}

Result<void> SignedExchange::send_and_hang_up(HttpRequest request) {
  add_digest(request);
  return client_->send_and_hang_up(request);
}

Result<HttpAnswer> SignedExchange::exchange(HttpRequest request) {
  const RequestParts parts = add_digest(request);
  const SteadyTime end = clock_->steady_now() + policy_.window_ms;
  auto length_ms = policy_.pause_first_ms;
  while (true) {
    Result<HttpAnswer> answer = once(request, parts);
    auto wait_ms = length_ms;
    if (answer) {
      const auto asked = wait_asked_for(answer.value());
      if (!asked || *asked > policy_.retry_after_max_s) return answer;
      wait_ms = std::max(length_ms, std::chrono::milliseconds(*asked));
    } else {
      client_->disconnect();
      if (!is_no_answer(answer.error().code)) return answer;
    }
    if (!pause(wait_ms, end)) return answer;
    length_ms = std::min(length_ms * 2, policy_.pause_max_ms);
    ++repeats_;
  }
}

Result<HttpAnswer> SignedExchange::once(const HttpRequest& request, const RequestParts& parts) {
  CERTRELAY_TRY(HttpAnswer answer, client_->exchange(request));
  CERTRELAY_TRY(verifier_->verify(answer, parts));
  return answer;
}

bool SignedExchange::pause(std::chrono::milliseconds length_ms, SteadyTime end) const {
  if (clock_->steady_now() + length_ms >= end) return false;
  std::this_thread::sleep_for(length_ms);
  return true;
}

}  // namespace certrelay
