#include "relay/identity/ocsp_step.hpp"

#include <algorithm>

#include "relay/identity/ocsp_check.hpp"

namespace certrelay {
namespace {

// How long a failed question's own reason is remembered: for the verification that follows it.
constexpr std::chrono::seconds kFailureKept{30};

ErrorCode reason_of(const OcspSingle& single) {
  switch (single.status) {
    case OcspStatus::kGood:
      return ErrorCode::kNone;
    case OcspStatus::kRevoked:
      return single.on_hold ? ErrorCode::kCardOnHold : ErrorCode::kCardRevoked;
    case OcspStatus::kUnknown:
      break;
  }
  return ErrorCode::kOcspStatusUnknown;
}

}  // namespace

boost::asio::awaitable<Result<Bytes>> OcspStep::ask(Bytes request, SteadyTime deadline) {
  const auto until = std::min(deadline, parts_.clock.steady_now() + settings_.timeout);
  Result<Bytes> answer = Error{ErrorCode::kOcspNoAnswer, "ocsp: no responder"};
  for (std::size_t i = 0; i < settings_.responders && !answer; ++i) {
    if (parts_.clock.steady_now() >= until) break;
    answer = co_await parts_.fetch.exchange(i, request, until);
  }
  co_return answer;
}

OcspStatuses::Said OcspStep::judge(const Result<Bytes>& answer, const CardVerifier& cards,
                                   const Authority& issuer, ByteView serial,
                                   const OcspNonce& nonce) const {
  const auto now = parts_.clock.utc_now();
  const auto failed = [&](ErrorCode reason) {
    return OcspStatuses::Said{.reason = reason, .from = now, .until = now + kFailureKept};
  };
  if (!answer) return failed(answer.error().code);
  const auto parsed = parse_ocsp_answer(answer.value(), cards.rules().keys);
  if (!parsed) return failed(parsed.error().code);
  auto rules = cards.rules();
  rules.ocsp_age_max = settings_.age_max;
  SignatureChecks checks(kAnswerTriesMax);
  const auto single =
      check_ocsp_answer(parsed.value(), issuer, serial, rules, now, ByteView(nonce), checks);
  if (!single) return failed(single.error().code);
  const auto reason = reason_of(single.value());
  if (reason == ErrorCode::kOcspStatusUnknown) return failed(reason);
  // The check above wants a nextUpdate.
  return {.reason = reason,
          .from = single.value().this_update,
          .until = std::min(*single.value().next_update,
                            single.value().this_update + settings_.age_max)};
}

boost::asio::awaitable<void> OcspStep::learn(Bytes certificate_der, SteadyTime deadline) {
  // Held over the wait: a reload meanwhile does not take the issuer away.
  const auto cards = parts_.cards.in_force();
  const auto leaf = parse_certificate(certificate_der);
  if (!leaf) co_return;  // verify() says why
  const auto now = parts_.clock.utc_now();
  const auto path = validate_path(cards->store(), leaf.value(), cards->rules(), now);
  if (!path) co_return;
  // In the card's profile a root issues cards itself.
  const auto& issuer = cards->store().anchors().at(path.value().anchor_index);
  const auto serial = leaf.value().serial;
  if (parts_.statuses.settled(issuer.key_digest, serial, now)) co_return;
  const auto nonce = random_bytes<std::tuple_size_v<OcspNonce>>(parts_.entropy);
  auto request = make_ocsp_request(issuer.view.subject, issuer.view.spki, serial, nonce);
  if (!request) co_return;
  const auto answer = co_await ask(std::move(request).value(), deadline);
  parts_.statuses.keep(issuer.key_digest, serial, judge(answer, *cards, issuer, serial, nonce));
}

}  // namespace certrelay
