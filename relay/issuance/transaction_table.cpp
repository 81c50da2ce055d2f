#include "relay/issuance/transaction_table.hpp"

#include <algorithm>

#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

std::size_t index(Step step) { return static_cast<std::size_t>(step); }

// Which step a token is for; kOpen for none.
Step next_step(const Token& token) {
  if (std::holds_alternative<OpenedTransaction>(token)) return Step::kInquiry;
  if (std::holds_alternative<IdentifiedApplicant>(token)) return Step::kIssuance;
  return Step::kOpen;
}

}  // namespace

Result<TransactionTable::Turn> TransactionTable::repeat(const Transaction& transaction, Step step,
                                                        const Digest& body, SteadyTime now) const {
  if (transaction.working == step) {
    const bool same = transaction.working_body == body;
    const auto other =
        step == Step::kInquiry ? ErrorCode::kChallengeUsed : ErrorCode::kStepConflict;
    return Error{same ? ErrorCode::kStepInProgress : other, "table: working"};
  }
  const auto& stored = transaction.answers.at(index(step));
  if (!stored || stored->body != body) {
    // A challenge is consumed by the first try, whatever became of it.
    const bool again = step == Step::kInquiry && stored;
    return Error{again ? ErrorCode::kChallengeUsed : ErrorCode::kStepConflict,
                 "table: other body or order"};
  }
  if (!stored->answer || now >= stored->keep_until) {
    return Error{ErrorCode::kAnswerGone, "table: answer wiped"};
  }
  return Turn(*stored->answer);
}

Result<TransactionTable::Turn> TransactionTable::begin_open(const TransactionHead& head,
                                                            const Digest& body, SteadyTime now) {
  const std::lock_guard lock(mutex_);
  if (const auto found = live_.find(head.id); found != live_.end()) {
    if (found->second.head.peer != head.peer) {
      return Error{ErrorCode::kForeignTransaction, "table: open"};
    }
    auto turn = repeat(found->second, Step::kOpen, body, now);
    if (!turn && turn.error().code != ErrorCode::kStepInProgress) {
      return Error{ErrorCode::kKnownTransaction, "table: open again"};
    }
    return turn;
  }
  if (live_.size() >= limits_.live_max) return Error{ErrorCode::kTransactionsFull, "table: full"};
  Transaction& fresh = live_.emplace(head.id, Transaction(head)).first->second;
  fresh.working = Step::kOpen;
  fresh.working_body = body;
  return Turn(Work{head, {}});
}

void TransactionTable::set_live_max(std::size_t live_max) {
  const std::lock_guard lock(mutex_);
  limits_.live_max = live_max;
}

Result<TransactionTable::Turn> TransactionTable::begin(const TransactionId& id,
                                                       const PeerName& peer, Step step,
                                                       const Digest& body, SteadyTime now) {
  const std::lock_guard lock(mutex_);
  const auto found = live_.find(id);
  if (found == live_.end()) return Error{ErrorCode::kUnknownTransaction, "table: begin"};
  auto& transaction = found->second;
  if (transaction.head.peer != peer) return Error{ErrorCode::kForeignTransaction, "table: begin"};
  if (transaction.working || next_step(transaction.token) != step) {
    return repeat(transaction, step, body, now);
  }
  if (now >= transaction.deadline) return Error{ErrorCode::kStepExpired, "table: deadline"};
  transaction.working = step;
  transaction.working_body = body;
  return Turn(Work{transaction.head, std::exchange(transaction.token, std::monostate{})});
}

void TransactionTable::finish(const TransactionId& id, Step step, const Digest& body,
                              const HttpAnswer& answer, Outcome outcome) {
  const std::lock_guard lock(mutex_);
  const auto found = live_.find(id);
  CERTRELAY_CHECK(found != live_.end());  // nobody else takes out what is being worked on
  store(found->second, step, body, answer, std::move(outcome));
}

void TransactionTable::store(Transaction& transaction, Step step, const Digest& body,
                             const HttpAnswer& answer, Outcome outcome) {
  CERTRELAY_CHECK(transaction.working == step);
  make_room(answer.body.size());
  transaction.withdrawn = false;
  transaction.working.reset();
  transaction.state = outcome.state;
  transaction.token = std::move(outcome.token);
  if (const auto* applicant = std::get_if<IdentifiedApplicant>(&transaction.token)) {
    for (const auto& member : applicant->listed()) transaction.persons.push_back(member.person);
  }
  transaction.deadline = outcome.deadline;
  transaction.answers.at(index(step)) = StoredAnswer{body, answer, outcome.keep_until};
  stored_bytes_ += answer.body.size();
}

bool TransactionTable::finish_unless_withdrawn(const TransactionId& id, Step step,
                                               const Digest& body, const HttpAnswer& answer,
                                               Outcome outcome) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = live_.find(id);
    CERTRELAY_CHECK(found != live_.end());
    if (found->second.withdrawn) return false;
    store(found->second, step, body, answer, std::move(outcome));
  }
  return true;
}

void TransactionTable::name_household(const TransactionId& id, const HouseholdId& household) {
  const std::lock_guard lock(mutex_);
  const auto found = live_.find(id);
  CERTRELAY_CHECK(found != live_.end());
  found->second.household = household;
}

void TransactionTable::withdraw(const Chosen& chosen) {
  const std::lock_guard lock(mutex_);
  for (auto& [id, transaction] : live_) {
    if (!transaction.household || !chosen(*transaction.household)) continue;
    wipe(transaction);
    if (transaction.working) transaction.withdrawn = true;
  }
}

void TransactionTable::forget(const TransactionId& id) {
  const std::lock_guard lock(mutex_);
  const auto found = live_.find(id);
  if (found == live_.end()) return;
  wipe(found->second);
  live_.erase(found);
}

void TransactionTable::give_back(const TransactionId& id, Token token) {
  const std::lock_guard lock(mutex_);
  const auto found = live_.find(id);
  CERTRELAY_CHECK(found != live_.end());
  found->second.working.reset();
  found->second.token = std::move(token);
}

std::optional<std::pair<TransactionHead, TransactionState>> TransactionTable::find(
    const TransactionId& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = live_.find(id);
  if (found == live_.end()) return std::nullopt;
  return std::pair{found->second.head, found->second.state};
}

void TransactionTable::wipe(Transaction& transaction) {
  for (auto& stored : transaction.answers) {
    if (!stored || !stored->answer) continue;
    stored_bytes_ -= stored->answer->body.size();
    certrelay::wipe(stored->answer->body);
    stored->answer.reset();
  }
}

bool TransactionTable::wipe_answers(const TransactionId& id) {
  const std::lock_guard lock(mutex_);
  const auto found = live_.find(id);
  if (found == live_.end()) return false;
  wipe(found->second);
  return true;
}

void TransactionTable::set_state(const TransactionId& id, TransactionState state) {
  const std::lock_guard lock(mutex_);
  const auto found = live_.find(id);
  if (found != live_.end()) found->second.state = state;
}

// Past the limit the stored answers that end soonest give way: their repeats get 410.
void TransactionTable::make_room(std::size_t bytes) {
  while (stored_bytes_ > 0 && stored_bytes_ + bytes > limits_.stored_bytes_max) {
    Transaction* oldest = nullptr;
    SteadyTime ends = SteadyTime::max();
    for (auto& [id, transaction] : live_) {
      for (const auto& stored : transaction.answers) {
        if (!stored || !stored->answer || stored->answer->body.empty()) continue;
        if (stored->keep_until < ends) {
          ends = stored->keep_until;
          oldest = &transaction;
        }
      }
    }
    CERTRELAY_CHECK(oldest != nullptr);
    wipe(*oldest);
  }
}

std::vector<TransactionHead> TransactionTable::take_expired(SteadyTime now) {
  const std::lock_guard lock(mutex_);
  std::vector<TransactionHead> out;
  for (auto next = live_.begin(); next != live_.end();) {
    auto& transaction = next->second;
    const bool waiting = next_step(transaction.token) != Step::kOpen;
    bool repeatable = false;
    for (auto& stored : transaction.answers) {
      repeatable = repeatable || (stored && stored->answer && now < stored->keep_until);
    }
    const bool over = waiting ? now >= transaction.deadline : !repeatable;
    if (transaction.working || !over) {
      ++next;
      continue;
    }
    if (waiting) out.push_back(transaction.head);
    wipe(transaction);
    next = live_.erase(next);
  }
  return out;
}

std::vector<TransactionHead> TransactionTable::take_waiting() {
  const std::lock_guard lock(mutex_);
  std::vector<TransactionHead> out;
  for (auto next = live_.begin(); next != live_.end();) {
    auto& transaction = next->second;
    wipe(transaction);
    if (transaction.working || next_step(transaction.token) == Step::kOpen) {
      ++next;
      continue;
    }
    out.push_back(transaction.head);
    next = live_.erase(next);
  }
  return out;
}

bool TransactionTable::holds(const PersonId& person) const {
  const std::lock_guard lock(mutex_);
  return std::any_of(live_.begin(), live_.end(), [&](const auto& entry) {
    const auto& persons = entry.second.persons;
    return std::find(persons.begin(), persons.end(), person) != persons.end();
  });
}

std::size_t TransactionTable::live() const {
  const std::lock_guard lock(mutex_);
  return live_.size();
}

}  // namespace certrelay
