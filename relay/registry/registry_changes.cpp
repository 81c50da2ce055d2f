// The registry's calls after an extract: changes, heartbeats, reconciliation, and holds by hand.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "protocol/extract/card_table.hpp"
#include "relay/registry/registry_problem.hpp"
#include "relay/registry/registry_verbs.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

HttpAnswer json_answer(Result<Bytes> body) {
  if (!body) return registry_problem(ErrorCode::kInternal);
  return {200, {{"content-type", "application/json"}}, std::move(body).value()};
}

}  // namespace

// Durable and in force, then withdrawn at issuance, then in the ledger, then acknowledged: an
// intent of the older state can neither follow the entry nor leave after the answer (INV-6).
RegistryVerbs::Answering RegistryVerbs::change(const RequestFrame& frame) {
  auto body = change_keys_.open(frame.request.body);
  if (!body) co_return co_await refuse_change(frame, body.error().code, std::nullopt);
  const auto signed_by = verified_statement(StatementKind::kChange, frame, body.value());
  if (!signed_by) co_return co_await refuse_change(frame, signed_by.error().code, std::nullopt);
  const auto& statement = signed_by.value().statement;
  const RegisterVersion version{statement.generation, statement.sequence};
  const auto state = parts_.reg.state();
  const bool repeated =
      version.generation == state.version.generation && version.sequence <= state.version.sequence;
  // A repeat may be the very request again; whatever is new must be younger than all before.
  if (!repeated) {
    const auto rising = take_rising(statement.sent_at);
    if (!rising) co_return co_await refuse_change(frame, rising.error().code, version);
  }
  auto outcome = parts_.reg.change(statement, body.value());
  wipe(body.value());
  if (!outcome) co_return co_await refuse_change(frame, outcome.error().code, version);
  auto known = unsettled_.find(version);
  if (known != unsettled_.end() && known->second.at_work) {
    co_return registry_problem(ErrorCode::kChangeInProgress);
  }
  if (known == unsettled_.end()) {
    const bool settled = outcome.value().repeated && version > started_at_;
    if (settled) co_return json_answer(encode(outcome.value().acknowledgement));
    known = unsettled_.emplace(version, Unsettled{true, std::move(outcome).value()}).first;
  }
  known->second.at_work = true;
  co_return co_await settle(frame, version, known->second.outcome);
}

RegistryVerbs::Answering RegistryVerbs::settle(const RequestFrame& frame, RegisterVersion version,
                                               ChangeOutcome outcome) {
  parts_.hand_overs.withdraw(outcome.touched);
  const auto& said = outcome.acknowledgement;
  const bool closed = !said.quarantined.empty();
  auto entry = entry_of(closed ? EntryKind::kChangeQuarantined : EntryKind::kChangeAcknowledged,
                        frame.peer, closed ? ErrorCode::kChangeQuarantined : ErrorCode::kNone);
  entry.register_version = said.version;
  entry.count = outcome.touched.size();
  const auto recorded = co_await record(std::move(entry));
  if (!recorded) {
    unsettled_.at(version).at_work = false;
    co_return registry_problem(recorded.error().code);
  }
  co_await end_numbers();
  unsettled_.erase(version);
  co_return json_answer(encode(said));
}

// Before anybody is told that a death is in force, the number of the dead is gone (R49). What
// hinders it, an import say, hinders no change: then tick() tries again.
asio::awaitable<void> RegistryVerbs::end_numbers() {
  const auto due = parts_.reg.numbers_due();
  const bool none = due && !due.value().at_once;
  if (none || !parts_.end_numbers) {
    numbers_owed_ = false;
    co_return;
  }
  const auto ended = co_await parts_.end_numbers();
  numbers_owed_ = !ended.has_value();
}

RegistryVerbs::Answering RegistryVerbs::refuse_change(
    const RequestFrame& frame, ErrorCode reason, const std::optional<RegisterVersion>& version) {
  const bool gap = reason == ErrorCode::kChangeGap;
  auto entry =
      entry_of(gap ? EntryKind::kSequenceGap : EntryKind::kChangeRefused, frame.peer, reason);
  entry.register_version = version;
  const auto recorded = co_await record(std::move(entry));
  if (!recorded) co_return registry_problem(recorded.error().code);
  if (gap) co_return gap_problem(parts_.reg.state().version.sequence + 1);
  co_return registry_problem(reason);
}

RegistryVerbs::Answering RegistryVerbs::heartbeat(const RequestFrame& frame) {
  const auto& body = frame.request.body;
  const auto signed_by = verified_statement(StatementKind::kHeartbeat, frame, body);
  if (!signed_by) co_return co_await refuse_change(frame, signed_by.error().code, std::nullopt);
  const auto& statement = signed_by.value().statement;
  const RegisterVersion version{statement.generation, statement.sequence};
  const std::pair again{statement.sent_at, sha256(body)};
  if (last_heartbeat_ == again) co_return status();  // its answer was lost on the way
  const auto rising = take_rising(statement.sent_at);
  if (!rising) co_return co_await refuse_change(frame, rising.error().code, version);
  const auto request = decode_heartbeat_request(body);
  if (!request) co_return co_await refuse_change(frame, request.error().code, version);
  const auto done = parts_.reg.heartbeat(statement, request.value().complete_until);
  if (!done) co_return co_await refuse_change(frame, done.error().code, version);
  last_heartbeat_ = again;
  if (request.value().complete_until) {
    auto entry = entry_of(EntryKind::kPromiseGiven, frame.peer, ErrorCode::kNone);
    entry.register_version = version;
    entry.period_from = statement.sent_at;
    entry.period_until = request.value().complete_until;
    const auto recorded = co_await record(std::move(entry));
    if (!recorded) co_return registry_problem(recorded.error().code);
  }
  co_return status();
}

// Sealed like a change: a digest whose nonce is known would let anybody test guesses.
RegistryVerbs::Answering RegistryVerbs::reconcile(const RequestFrame& frame) {
  auto body = change_keys_.open(frame.request.body);
  if (!body) co_return co_await refuse_change(frame, body.error().code, std::nullopt);
  const auto statement = check_statement(StatementKind::kReconciliation, frame, body.value());
  if (!statement) co_return co_await refuse_change(frame, statement.error().code, std::nullopt);
  const auto request = decode_reconciliation_request(body.value());
  if (!request) co_return co_await refuse_change(frame, request.error().code, std::nullopt);
  if (comparing_) co_return registry_problem(ErrorCode::kChangeInProgress);
  comparing_ = true;
  std::optional<Result<ReconciliationAnswer>> compared;
  co_await asio::co_spawn(parts_.builder, compare_apart(request.value(), compared),
                          asio::use_awaitable);
  comparing_ = false;
  const auto& answer = *compared;
  if (!answer) co_return co_await refuse_change(frame, answer.error().code, std::nullopt);
  auto entry = entry_of(EntryKind::kReconciled, frame.peer, ErrorCode::kNone);
  entry.register_version = answer.value().version;
  entry.count = answer.value().differing.size();
  const auto recorded = co_await record(std::move(entry));
  if (!recorded) co_return registry_problem(recorded.error().code);
  co_return json_answer(encode(answer.value()));
}

asio::awaitable<void> RegistryVerbs::compare_apart(
    const ReconciliationRequest& request, std::optional<Result<ReconciliationAnswer>>& out) {
  out.emplace(parts_.reg.reconcile(request));
  co_return;
}

asio::awaitable<Result<SubjectPseudonym>> RegistryVerbs::hold(PersonId person, std::string reason) {
  if (reason.empty() || reason.size() > kHoldReasonBytesMax) {
    co_return Error{ErrorCode::kLimitExceeded, "hold: reason"};
  }
  std::optional<Result<SubjectPseudonym>> out;
  co_await asio::co_spawn(parts_.work, serve_hold(person, reason, out), asio::use_awaitable);
  co_return *out;
}

asio::awaitable<Result<SubjectPseudonym>> RegistryVerbs::release(PersonId person) {
  const std::string none;
  std::optional<Result<SubjectPseudonym>> out;
  co_await asio::co_spawn(parts_.work, serve_hold(person, none, out), asio::use_awaitable);
  co_return *out;
}

asio::awaitable<void> RegistryVerbs::serve_hold(const PersonId& person, const std::string& reason,
                                                std::optional<Result<SubjectPseudonym>>& out) {
  const auto done = reason.empty() ? parts_.reg.release(person) : parts_.reg.hold(person, reason);
  if (!done) {
    out.emplace(done.error());
    co_return;
  }
  parts_.hand_overs.withdraw({done.value().household});
  out.emplace(done.value().subject);
}

std::vector<HeldPerson> RegistryVerbs::held() const {
  std::vector<HeldPerson> out;
  for (auto& hold : parts_.reg.holds()) {
    out.push_back({person_of(hold.person), std::move(hold.reason)});
  }
  return out;
}

}  // namespace certrelay
