// The two calls that ask: a transaction's state, and the service as it is offered.
#include "protocol/base/check.hpp"
#include "protocol/wire/event_message.hpp"
#include "relay/issuance/issuance.hpp"

namespace certrelay {

HttpAnswer Issuance::state(const Call& call, const TransactionId& id) {
  std::optional<StateAnswer> answer;
  if (const auto live = table_.find(id)) {
    const auto& [head, state] = *live;
    if (head.peer != call.frame.peer) return refuse(call, ErrorCode::kForeignTransaction, id);
    answer = StateAnswer{id, head.kind, state, head.opened_at};
  } else {
    const auto entries = parts_.ledger.entries_of(id);
    if (!entries) return refuse(call, entries.error().code, id);
    const auto story = story_of(entries.value(), trusted_now(), settings_.deadlines);
    if (!story) return refuse(call, ErrorCode::kUnknownTransaction, id);
    if (story->peer != call.frame.peer) return refuse(call, ErrorCode::kForeignTransaction, id);
    answer = StateAnswer{id, story->kind, story->state, story->opened_at};
  }
  answer->opened_at = std::chrono::floor<std::chrono::seconds>(answer->opened_at);
  auto body = encode(*answer);
  CERTRELAY_CHECK(body.has_value());
  return sign(call, json_answer(200, std::move(body.value())));
}

HttpAnswer Issuance::service(const Call& call) {
  ServiceAnswer message{settings_.municipality, {}, settings_.deadlines};
  const auto snapshot = parts_.reg.snapshot();
  const auto in_force = offer();
  for (const auto& [kind, calendar] : in_force->calendar) {
    ServiceKind offered{kind,
                        parts_.orders.suspended(kind),
                        calendar.hours,
                        calendar.yearly_closures,
                        calendar.once_closures,
                        {}};
    if (snapshot) {
      for (const auto& fee : snapshot.value()->catalogue().fees) {
        if (fee.kind != kind) continue;
        offered.fees.push_back({fee.purpose, fee.unit_price_yen, fee.unit, fee.effective_from});
      }
    }
    message.kinds.push_back(std::move(offered));
  }
  auto body = encode(message);
  if (!body) return refuse(call, body.error().code, std::nullopt);
  const auto tag = service_etag(body.value());
  if (only_header(call.frame.request.headers, "if-none-match") == tag) {
    return sign(call, HttpAnswer{304, {{"etag", tag}}, {}});
  }
  auto answer = json_answer(200, std::move(body.value()));
  answer.headers.push_back({"etag", tag});
  return sign(call, std::move(answer));
}

}  // namespace certrelay
