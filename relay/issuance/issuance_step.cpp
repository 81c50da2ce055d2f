#include <cstdio>

#include "protocol/base/check.hpp"
#include "protocol/base/spent_stack.hpp"
#include "protocol/wire/content_digest.hpp"
#include "relay/issuance/issuance.hpp"

namespace certrelay {

Issuance::Answering Issuance::issuance(Call call, TransactionId id) {
  auto turn = co_await take_step(call, id, Step::kIssuance);
  if (auto* answered = std::get_if<HttpAnswer>(&turn)) co_return std::move(*answered);
  co_return co_await work_issuance(call, std::move(std::get<TransactionTable::Work>(turn)));
}

Issuance::Answering Issuance::work_issuance(Call call, TransactionTable::Work work) {
  const auto head = work.head;
  StepTrace trace;
  const auto request = decode_issuance_request(call.frame.request.body);
  if (!request) {
    co_return co_await end_refused(call, head, Step::kIssuance, request.error().code, trace);
  }
  auto snapshot = parts_.reg.snapshot();
  if (!snapshot) {
    co_return co_await end_refused(call, head, Step::kIssuance, snapshot.error().code, trace);
  }
  auto selected = SelectedCertificate::select(std::get<IdentifiedApplicant>(std::move(work.token)),
                                              request.value(), std::move(snapshot.value()),
                                              parts_.clock.utc_now(), trace);
  if (!selected) {
    wipe_spent_stack();
    co_return co_await end_refused(call, head, Step::kIssuance, selected.error().code, trace);
  }
  const auto offered = offer();
  auto document = CheckedDocument::render(std::move(selected.value()), *offered->kit, next_marks(),
                                          offered->sealer.get(), parts_.clock.utc_now());
  wipe_spent_stack();
  if (!document) {
    co_return co_await end_refused(call, head, Step::kIssuance, document.error().code, trace);
  }
  co_return co_await hand_out(call, head, std::move(document.value()), trace);
}

// The intent is durable before the first byte; the guard is asked where the ledger orders entries.
Issuance::Answering Issuance::hand_out(Call call, TransactionHead head, CheckedDocument document,
                                       StepTrace trace) {
  const auto version = document.headers().register_version;
  const auto household = document.household();
  // Named, not written into the call: g++ 12 destroys a capturing temporary of a co_await twice.
  LedgerPort::Guard guard = [this, &call, version, household]() -> Result<void> {
    if (parts_.alarm.latched()) return Error{ErrorCode::kIssuingStopped, "intent"};
    if (parts_.orders.stopped()) return Error{ErrorCode::kStoppedByOperator, "intent"};
    if (too_late(call)) return Error{ErrorCode::kAnswerTooLate, "intent"};
    return parts_.reg.still_current(version, household);
  };
  auto committed = co_await CommittedDocument::commit(std::move(document), parts_.ledger,
                                                      settings_.demo, std::move(guard));
  if (!committed) {
    co_return co_await end_refused(call, head, Step::kIssuance, committed.error().code, trace);
  }
  if (const auto ended = ended_meanwhile(call); ended != ErrorCode::kNone) {
    co_return co_await end_refused(call, head, Step::kIssuance, ended, trace);
  }
  const auto digest = committed.value().digest();
  HttpAnswer answer{200, {{"content-type", "application/pdf"}}, {}};
  for (auto& header : to_headers(committed.value().headers())) {
    answer.headers.push_back(std::move(header));
  }
  answer.body = std::move(committed.value()).release();
  answer = sign(call, std::move(answer));
  // What was signed just now are the bytes that leave: they are those that were read back, and that
  // the ledger names (INV-3).
  if (only_header(answer.headers, "content-digest") != format_content_digest(digest)) {
    wipe(answer.body);
    co_await latch_alarm(ErrorCode::kDigestMismatch, head);
    co_return co_await end_refused(call, head, Step::kIssuance, ErrorCode::kIssuingStopped, trace);
  }
  const auto now = parts_.clock.steady_now();
  const bool kept =
      table_.finish_unless_withdrawn(head.id, Step::kIssuance, call.body, answer,
                                     {.state = TransactionState::kIssued,
                                      .token = {},
                                      .deadline = now,
                                      .keep_until = after(now, settings_.deadlines.repeat_s)});
  if (!kept) {  // INV-6: a change was acknowledged while the intent became durable
    wipe(answer.body);
    co_return co_await end_refused(call, head, Step::kIssuance, ErrorCode::kRegisterChanged, trace);
  }
  ++counters_.issued;
  co_return answer;
}

DocumentMarks Issuance::next_marks() {
  const auto day = jst_day(parts_.clock.utc_now());
  auto date = to_iso_day(day);
  std::erase(date, '-');
  const auto chance = random_bytes<2>(parts_.entropy);
  char text[32];
  std::snprintf(text, sizeof text, "%s-%08u-%02X%02X", date.c_str(),
                static_cast<unsigned>(++documents_ % 100'000'000), chance[0], chance[1]);
  auto id = DocumentId::parse(text);
  CERTRELAY_CHECK(id.has_value());
  return {std::move(id.value()), random_bytes<16>(parts_.entropy), day, settings_.demo};
}

}  // namespace certrelay
