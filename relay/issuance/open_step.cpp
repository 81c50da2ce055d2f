#include "protocol/base/check.hpp"
#include "protocol/wire/open_message.hpp"
#include "relay/issuance/issuance.hpp"

namespace certrelay {

Issuance::Answering Issuance::open(Call call) {
  const auto request = decode_open_request(call.frame.request.body);
  if (!request) co_return refuse(call, request.error().code, std::nullopt);
  const auto& message = request.value();
  const auto id = message.transaction_id;
  if (message.municipality_code != settings_.municipality) {
    co_return refuse(call, ErrorCode::kWrongMunicipality, id);
  }
  const auto offered = offer();
  const auto calendar = offered->calendar.find(message.certificate_kind);
  if (calendar == offered->calendar.end()) co_return refuse(call, ErrorCode::kKindNotOffered, id);

  co_await end_stopped();  // first: an earlier stop is none of what is opened now
  const auto now = parts_.clock.utc_now();
  const auto steady = parts_.clock.steady_now();
  const TransactionHead head{id, call.frame.peer, message.kiosk_id, message.certificate_kind, now};
  auto turn = table_.begin_open(head, call.body, steady);
  if (!turn) co_return refuse(call, turn.error().code, id);
  if (auto* stored = std::get_if<HttpAnswer>(&turn.value())) {
    co_return co_await repeat(call, id, std::move(*stored));
  }

  // A doubted clock cannot say whether it is open.
  auto reason = unavailable(Begins::kNew);
  if (reason != ErrorCode::kClockDoubted && !is_open(calendar->second, now)) {
    reason = ErrorCode::kOutsideHours;
  }
  if (reason == ErrorCode::kNone && parts_.orders.suspended(head.kind)) {
    reason = ErrorCode::kKindSuspended;
  }
  if (reason == ErrorCode::kNone) {
    const auto known = parts_.ledger.knows_transaction(id);
    reason = !known          ? known.error().code
             : known.value() ? ErrorCode::kKnownTransaction
                             : ErrorCode::kNone;
  }
  if (reason == ErrorCode::kNone) {
    const auto written =
        co_await parts_.ledger.append(entry_about(head, EntryKind::kOpened, ErrorCode::kNone, {}));
    if (!written) reason = written.error().code;
  }
  if (reason != ErrorCode::kNone) {
    table_.forget(id);
    co_return refuse(call, reason, id, head.kind);
  }
  ++counters_.opened;
  // The wire and the payload carry whole seconds; the steady deadline is the same instant.
  const auto expires_at = std::chrono::floor<std::chrono::seconds>(now) +
                          std::chrono::seconds(settings_.deadlines.challenge_s);
  auto token = OpenedTransaction::open(head, settings_.municipality, expires_at,
                                       random_bytes<32>(parts_.entropy));
  recent_.add(token);
  const auto payload = token.signed_payload();
  auto body = encode(OpenAnswer{Bytes(payload.begin(), payload.end()), expires_at});
  CERTRELAY_CHECK(body.has_value());
  const auto answer = sign(call, json_answer(201, std::move(body.value())));
  table_.finish(id, Step::kOpen, call.body, answer,
                {.state = TransactionState::kOpened,
                 .token = std::move(token),
                 .deadline = steady + (expires_at - now),
                 .keep_until = after(steady, settings_.deadlines.repeat_s)});
  co_return answer;
}

}  // namespace certrelay
