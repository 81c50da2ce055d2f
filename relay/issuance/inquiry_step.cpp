#include "protocol/base/spent_stack.hpp"
#include "relay/issuance/issuance.hpp"
#include "render/render.hpp"

namespace certrelay {

Issuance::Answering Issuance::inquiry(Call call, TransactionId id) {
  auto turn = co_await take_step(call, id, Step::kInquiry);
  if (auto* answered = std::get_if<HttpAnswer>(&turn)) co_return std::move(*answered);
  co_return co_await work_inquiry(call, std::move(std::get<TransactionTable::Work>(turn)));
}

// The challenge is consumed here, before anything of the request is looked at: one try.
Issuance::Answering Issuance::work_inquiry(Call call, TransactionTable::Work work) {
  const auto head = work.head;
  StepTrace trace;
  const auto request = decode_inquiry_request(call.frame.request.body);
  if (!request) {
    co_return co_await end_refused(call, head, Step::kInquiry, request.error().code, trace);
  }
  // Before the register is looked at: what takes time here makes nothing stale.
  if (parts_.card_status != nullptr) {
    co_await parts_.card_status->learn(request.value().card_certificate,
                                       after(call.received, settings_.deadlines.answer_s));
  }
  auto snapshot = parts_.reg.snapshot();
  if (!snapshot) {
    co_return co_await end_refused(call, head, Step::kInquiry, snapshot.error().code, trace);
  }
  auto opened = std::get<OpenedTransaction>(std::move(work.token));
  const Bytes payload(opened.signed_payload().begin(), opened.signed_payload().end());
  const auto now_utc = parts_.clock.utc_now();
  auto applicant =
      IdentifiedApplicant::identify(std::move(opened), request.value(), parts_.cards,
                                    std::move(snapshot.value()), now_utc, parts_.entropy, trace);
  if (!applicant) {
    wipe_spent_stack();
    auto reason = applicant.error().code;
    if (reason == ErrorCode::kCardSignature) {
      reason = recent_.what_was_signed(head, payload, request.value(), parts_.cards, now_utc);
    }
    co_return co_await end_refused(call, head, Step::kInquiry, reason, trace);
  }
  co_return co_await provide(call, head, std::move(applicant.value()), trace);
}

// Tells the applicant who may be printed, once the ledger has that it does.
Issuance::Answering Issuance::provide(Call call, TransactionHead head,
                                      IdentifiedApplicant applicant, StepTrace trace) {
  // From here on a change of this household finds the step and stops it (INV-6).
  const auto household = applicant.household();
  const auto version = applicant.version();
  table_.name_household(head.id, household);
  const auto offered = offer();
  const auto message = applicant.answer(offered->kit->eras(), parts_.entropy);
  auto body = message ? encode(message.value()) : Result<Bytes>(message.error());
  wipe_spent_stack();
  if (!body) {
    co_return co_await end_refused(call, head, Step::kInquiry, body.error().code, trace);
  }
  applicant.bind(sha256(body.value()));

  // The 22 items are a provision: durable first, for every member listed (R14, R41).
  auto entry = entry_about(head, EntryKind::kProvisionInquiry, ErrorCode::kNone, trace);
  entry.subjects = applicant.subjects();
  LedgerPort::Guard guard = [this, &call, version, household]() -> Result<void> {
    if (parts_.alarm.latched()) return Error{ErrorCode::kIssuingStopped, "inquiry"};
    if (parts_.orders.stopped()) return Error{ErrorCode::kStoppedByOperator, "inquiry"};
    if (too_late(call)) return Error{ErrorCode::kAnswerTooLate, "inquiry"};
    return parts_.reg.still_current(version, household);
  };
  const auto written = co_await parts_.ledger.append(std::move(entry), std::move(guard));
  const auto ended = written ? ended_meanwhile(call) : written.error().code;
  if (ended != ErrorCode::kNone) {
    co_return co_await end_refused(call, head, Step::kInquiry, ended, trace);
  }
  ++counters_.inquiries;
  const auto answer = sign(call, json_answer(200, std::move(body.value())));
  const auto now = parts_.clock.steady_now();
  const bool kept = table_.finish_unless_withdrawn(
      head.id, Step::kInquiry, call.body, answer,
      {.state = TransactionState::kIdentified,
       .token = std::move(applicant),
       .deadline = after(now, settings_.deadlines.inquiry_to_issuance_s),
       .keep_until = after(now, settings_.deadlines.repeat_s)});
  if (!kept) {
    co_return co_await end_refused(call, head, Step::kInquiry, ErrorCode::kRegisterChanged, trace);
  }
  co_return answer;
}

}  // namespace certrelay
