// What the two middle steps share: taking the step, and ending a transaction with a refusal.
#include "protocol/wire/content_digest.hpp"
#include "relay/issuance/issuance.hpp"
#include "relay/issuance/outer_problem.hpp"

namespace certrelay {
namespace {

// All answers of window_only leave at a multiple of this after the body arrived, so that their time
// tells nothing of their cause.
constexpr std::chrono::milliseconds kWindowOnlyBeat{300};

SteadyTime next_beat(SteadyTime received, SteadyTime now) {
  const auto beats = (now - received) / kWindowOnlyBeat + 1;
  return received + beats * kWindowOnlyBeat;
}

}  // namespace

boost::asio::awaitable<std::variant<HttpAnswer, TransactionTable::Work>> Issuance::take_step(
    const Call& call, TransactionId id, Step step) {
  co_await end_stopped();
  // Before any stored answer: while an alarm is latched or issuing is stopped not one byte about a
  // resident leaves, not even for the second time (INV-9).
  if (parts_.alarm.latched()) co_return refuse(call, ErrorCode::kIssuingStopped, id);
  if (parts_.orders.stopped()) co_return refuse(call, ErrorCode::kStoppedByOperator, id);
  auto turn = table_.begin(id, call.frame.peer, step, call.body, parts_.clock.steady_now());
  if (turn) {
    if (auto* stored = std::get_if<HttpAnswer>(&turn.value())) {
      co_return co_await repeat(call, id, std::move(*stored));
    }
    const auto reason = unavailable(Begins::kNothing);
    if (reason == ErrorCode::kNone) {
      co_return std::move(std::get<TransactionTable::Work>(turn.value()));
    }
    table_.give_back(id, std::move(std::get<TransactionTable::Work>(turn.value()).token));
    co_return refuse(call, reason, id);
  }
  auto reason = turn.error().code;
  if (reason == ErrorCode::kStepExpired) co_await expire_overdue();
  if (reason == ErrorCode::kUnknownTransaction) {
    const auto entries = parts_.ledger.entries_of(id);
    if (!entries) co_return refuse(call, entries.error().code, id);
    const auto story = story_of(entries.value(), trusted_now(), settings_.deadlines);
    if (story && story->peer != call.frame.peer) reason = ErrorCode::kForeignTransaction;
    if (story && story->peer == call.frame.peer) {
      const bool expired = story->state == TransactionState::kExpired;
      reason = expired ? ErrorCode::kStepExpired : ErrorCode::kAnswerGone;
    }
  }
  co_return refuse(call, reason, id);
}

Issuance::Answering Issuance::repeat(Call call, TransactionId id, HttpAnswer stored) {
  if (check_content_digest(stored.headers, stored.body)) co_return stored;
  wipe(stored.body);
  const auto found = table_.find(id);
  table_.wipe_answers(id);
  if (found) co_await latch_alarm(ErrorCode::kDigestMismatch, found->first);
  co_return refuse(call, ErrorCode::kIssuingStopped, id);
}

ErrorCode Issuance::ended_meanwhile(const Call& call) const {
  if (parts_.alarm.latched()) return ErrorCode::kIssuingStopped;
  if (parts_.orders.stopped()) return ErrorCode::kStoppedByOperator;
  return too_late(call) ? ErrorCode::kAnswerTooLate : ErrorCode::kNone;
}

Issuance::Answering Issuance::end_refused(Call call, TransactionHead head, Step step,
                                          ErrorCode reason, StepTrace trace) {
  ++counters_.refused;
  if (is_alarm(reason)) co_await latch_alarm(reason, head);
  const auto written =
      co_await parts_.ledger.append(entry_about(head, EntryKind::kRefusal, reason, trace));
  if (!written) {
    table_.forget(head.id);  // the opening is in the ledger: the id stays used
    co_return refuse(call, written.error().code, head.id);
  }
  auto answer = sign(call, problem(reason, head.id, head.kind));
  if (outer_problem(reason) == ProblemCode::kWindowOnly) {
    co_await parts_.clock.sleep_until(next_beat(call.received, parts_.clock.steady_now()));
  }
  const auto now = parts_.clock.steady_now();
  // A 503 is never stored: the repeat is told what holds then, and in the end that this is over.
  const bool keep = status_of(outer_problem(reason)) != 503;
  table_.finish(head.id, step, call.body, answer,
                {.state = TransactionState::kRefused,
                 .token = {},
                 .deadline = now,
                 .keep_until = keep ? after(now, settings_.deadlines.repeat_s) : now});
  co_return answer;
}

}  // namespace certrelay
