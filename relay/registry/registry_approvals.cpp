// What becomes of a push between its building and its activation: the guard rails, the decision of
// two persons, and its sender's taking it back.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "relay/registry/registry_problem.hpp"
#include "relay/registry/registry_verbs.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

// Nobody waits for these states but the source system itself.
bool may_be_discarded(ExtractState state) {
  switch (state) {
    case ExtractState::kReceiving:
    case ExtractState::kReady:
    case ExtractState::kPendingApproval:
    case ExtractState::kRejected:
      return true;
    default:
      return false;
  }
}

}  // namespace

asio::awaitable<void> RegistryVerbs::settle_built(PushPtr push) {
  const auto force = parts_.reg.in_force();
  push->rails = tripped_rails(settings_.rails, push->plan, push->manifest,
                              force == nullptr ? nullptr : &force->contents());
  if (push->rails.empty()) {
    push->state = ExtractState::kReady;
    co_return;
  }
  push->state = ExtractState::kPendingApproval;
  auto entry = entry_of(EntryKind::kExtractPending, *push, push->rails.front().code);
  entry.count = push->plan.persons.deleted;
  // It waits, entry or not; a ledger that cannot write shows in its own health.
  static_cast<void>((co_await record(std::move(entry))).has_value());
}

RegistryVerbs::Answering RegistryVerbs::discard(const RequestFrame& frame, PushPtr push) {
  if (!may_be_discarded(push->state)) {
    co_return co_await refuse(frame, ErrorCode::kExtractState);
  }
  auto entry = entry_of(EntryKind::kExtractDiscarded, *push, ErrorCode::kExtractDiscarded);
  entry.peer = frame.peer;
  const auto recorded = co_await record(std::move(entry));
  if (!recorded) co_return registry_problem(recorded.error().code);
  // While the entry was written, the push may have gone on.
  if (!may_be_discarded(push->state)) {
    co_return co_await refuse(frame, ErrorCode::kExtractState);
  }
  forget(*push);
  push->state = ExtractState::kRejected;
  push->refusal = ErrorCode::kExtractDiscarded;
  std::erase(pushes_, push);
  publish();
  co_return HttpAnswer{204, {}, {}};
}

asio::awaitable<std::vector<PendingExtract>> RegistryVerbs::pending() {
  co_return co_await asio::co_spawn(parts_.work, list_pending(), asio::use_awaitable);
}

asio::awaitable<std::optional<OverviewPush>> RegistryVerbs::newest() {
  co_return co_await asio::co_spawn(parts_.work, find_newest(), asio::use_awaitable);
}

asio::awaitable<std::optional<OverviewPush>> RegistryVerbs::find_newest() {
  if (pushes_.empty()) co_return std::nullopt;
  const auto& push = *pushes_.back();
  co_return OverviewPush{
      .id = push.id,
      .state = push.state,
      .generation = push.manifest.generation,
      .created = UtcTime(std::chrono::floor<std::chrono::seconds>(push.manifest.created)),
      .persons = push.manifest.persons,
      .households = push.manifest.households,
      .person_changes = push.plan.persons,
      .household_changes = push.plan.households,
      .card_changes = push.plan.cards};
}

asio::awaitable<Result<void>> RegistryVerbs::approve(ExtractId id, ExtractDecision decision) {
  Result<void> out = ok();
  co_await asio::co_spawn(parts_.work, decide(std::move(id), std::move(decision), true, out),
                          asio::use_awaitable);
  co_return out;
}

asio::awaitable<Result<void>> RegistryVerbs::deny(ExtractId id, ExtractDecision decision) {
  Result<void> out = ok();
  co_await asio::co_spawn(parts_.work, decide(std::move(id), std::move(decision), false, out),
                          asio::use_awaitable);
  co_return out;
}

void RegistryVerbs::publish() {
  auto waiting = waiting_now();
  std::vector<ExtractId> known;
  for (const auto& push : pushes_) known.push_back(push->id);
  const std::lock_guard guard(published_mutex_);
  waiting_ = std::move(waiting);
  known_ = std::move(known);
}

std::vector<PendingExtract> RegistryVerbs::waiting() const {
  const std::lock_guard guard(published_mutex_);
  return waiting_;
}

Result<void> RegistryVerbs::may_decide(const ExtractId& id) const {
  const std::lock_guard guard(published_mutex_);
  if (std::ranges::find(waiting_, id, &PendingExtract::id) != waiting_.end()) return ok();
  const bool known = std::ranges::find(known_, id) != known_.end();
  return Error{known ? ErrorCode::kNotPending : ErrorCode::kUnknownExtract, "registry"};
}

asio::awaitable<std::vector<PendingExtract>> RegistryVerbs::list_pending() {
  co_return waiting_now();
}

std::vector<PendingExtract> RegistryVerbs::waiting_now() const {
  std::vector<PendingExtract> out;
  for (const auto& push : pushes_) {
    if (push->state != ExtractState::kPendingApproval) continue;
    PendingExtract one{.id = push->id,
                       .generation = push->manifest.generation,
                       .operator_name = push->manifest.operator_name,
                       .created = push->manifest.created,
                       .reasons = {},
                       .plan = push->plan,
                       .activation_asked = push->activation_asked,
                       .activate_at = push->activate_at};
    for (const auto& rail : push->rails) one.reasons.push_back(rail.finding);
    out.push_back(std::move(one));
  }
  return out;
}

asio::awaitable<void> RegistryVerbs::decide(ExtractId id, ExtractDecision decision, bool approved,
                                            Result<void>& out) {
  out = co_await try_decide(std::move(id), std::move(decision), approved);
}

asio::awaitable<Result<void>> RegistryVerbs::try_decide(ExtractId id, ExtractDecision decision,
                                                        bool approved) {
  const bool two = decision.second.has_value() && *decision.second != decision.first;
  if (!two && (approved || decision.second)) {
    co_return Error{ErrorCode::kSameApprover, "registry"};
  }
  const auto found = find(id.text());
  if (!found) co_return found.error();
  const PushPtr push = found.value();
  if (push->state != ExtractState::kPendingApproval) {
    co_return Error{ErrorCode::kNotPending, "registry"};
  }
  auto entry = entry_of(approved ? EntryKind::kExtractApproved : EntryKind::kExtractDenied,
                        push->peer, push->rails.front().code);
  entry.role = Role::kAdmin;
  entry.operator_name = decision.first;
  entry.approver = decision.second;
  entry.stated_reason = decision.reason;
  entry.terminal = decision.terminal;
  entry.action_id = decision.action_id;
  entry.register_version = RegisterVersion{push->manifest.generation, 0};
  CERTRELAY_CO_TRY(co_await record(std::move(entry)));
  // While it was written, the sender or another decision may have ended the waiting.
  if (push->state != ExtractState::kPendingApproval) {
    co_return Error{ErrorCode::kNotPending, "registry"};
  }
  if (!approved) {
    push->state = ExtractState::kRejected;
    push->refusal = ErrorCode::kApprovalDenied;
    forget(*push);
    publish();
    co_return ok();
  }
  push->approved = true;
  push->state = ExtractState::kReady;
  publish();
  if (!push->activation_asked) co_return ok();
  const auto in_force = co_await follow_activation(push);
  if (!in_force) co_return in_force.error();
  co_return ok();
}

}  // namespace certrelay
