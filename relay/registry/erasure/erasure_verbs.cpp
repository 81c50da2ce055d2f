// The verbs of Erasure: each runs on `work`, one at a time.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "protocol/extract/card_table.hpp"
#include "relay/registry/erasure/erasure.hpp"
#include "relay/registry/erasure/erasure_report.hpp"
#include "relay/registry/erasure/run_on.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::hours kResidueBound{24};
constexpr std::chrono::hours kNumbersBound{1};
constexpr Error kBusy{ErrorCode::kErasureBusy, "erasure: another order is being carried out"};

}  // namespace

// Between two waits of one verb no other begins.
class Erasure::Turn {
 public:
  explicit Turn(Erasure& owner) : owner_(&owner), mine_(!owner.busy_) { owner.busy_ = true; }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (mine_) owner_->busy_ = false;
  }
  bool mine() const { return mine_; }

 private:
  Erasure* owner_;
  bool mine_;
};

ErasureStatus Erasure::status_now() const {
  const auto now = parts_.clock.utc_now();
  ErasureStatus out;
  out.pending = due_.size();
  out.pending_since = state_.pending_since;
  out.unfinished = state_.begun.has_value();
  out.waiting_for_residue = state_.waiting.size();
  out.standing = state_.standing;
  out.last_error = last_error_;
  out.numbers = numbers_.count;
  out.numbers_overdue = numbers_.at_once && numbers_since_ && now - *numbers_since_ > kNumbersBound;
  if (out.pending_since && settings_.bound) {
    out.bound = settings_.bound(*out.pending_since);
    out.overdue = now >= *out.bound;
  }
  if (!state_.waiting.empty()) {
    out.residue_since = state_.waiting.front().keys_destroyed_at;
    out.residue_overdue = now - *out.residue_since > kResidueBound;
  }
  return out;
}

asio::awaitable<void> Erasure::tick_here() {
  const Turn turn(*this);
  if (!turn.mine()) co_return;
  const auto keep = [this](const Result<void>& done) {
    last_error_ = done ? ErrorCode::kNone : done.error().code;
    return done.has_value();
  };
  const auto resumed = co_await resume();
  if (!keep(resumed) || !keep(look_who_is_due())) co_return;
  const auto now = parts_.clock.utc_now();
  const bool numbers_gathered = numbers_since_ && now - *numbers_since_ >= settings_.gather;
  const auto ended = co_await end_numbers_due(numbers_gathered);
  if (!keep(ended)) co_return;
  const bool gathered = state_.pending_since && now - *state_.pending_since >= settings_.gather;
  if (state_.standing && gathered) {
    const auto erased = co_await erase_due_now(state_.standing->order);
    if (!keep(erased ? Result<void>(ok()) : Result<void>(erased.error()))) co_return;
  }
  const bool residue_due =
      !state_.waiting.empty() &&
      now - state_.waiting.front().keys_destroyed_at >= settings_.residue_after;
  if (residue_due || dropped_) {
    const auto done = co_await drop_residue();
    keep(done);
  }
}

asio::awaitable<Result<ErasureReceipt>> Erasure::erase_one_here(PersonId person,
                                                                ErasureOrder order) {
  const Turn turn(*this);
  if (!turn.mine()) co_return kBusy;
  CERTRELAY_CO_TRY(co_await resume());
  CERTRELAY_CO_TRY(look_who_is_due());
  const auto number = to_number(person);
  std::vector<std::uint64_t> one(1, number);
  if (!std::binary_search(due_.begin(), due_.end(), number)) {
    CERTRELAY_CO_TRY(const auto keyed, parts_.reg.with_key(std::move(one)));
    co_return Error{keyed.empty() ? ErrorCode::kUnknownPerson : ErrorCode::kPersonOnRegister,
                    "erasure"};
  }
  if (parts_.in_use(person)) co_return Error{ErrorCode::kPersonInUse, "erasure"};
  co_return co_await erase(std::move(one), std::move(order));
}

asio::awaitable<Result<ErasureReceipt>> Erasure::erase_due_now(ErasureOrder order) {
  CERTRELAY_CO_TRY(co_await resume());
  CERTRELAY_CO_TRY(look_who_is_due());
  auto all = due_;
  const auto before = all.size();
  std::erase_if(all, [this](std::uint64_t person) { return parts_.in_use(person_of(person)); });
  const auto deferred = before - all.size();
  if (all.empty()) co_return ErasureReceipt{0, 0, deferred};
  CERTRELAY_CO_TRY(auto receipt, co_await erase(std::move(all), std::move(order)));
  receipt.deferred = deferred;
  co_return receipt;
}

asio::awaitable<Result<void>> Erasure::standing_here(std::optional<ErasureOrder> given,
                                                     ErasureOrder by) {
  const Turn turn(*this);
  if (!turn.mine()) co_return kBusy;
  if (!given && !state_.standing) co_return Error{ErrorCode::kNoErasureOrder, "standing order"};
  const auto kind = given ? EntryKind::kStandingOrderGiven : EntryKind::kStandingOrderWithdrawn;
  const std::optional<ErasureOrder> said(std::move(by));
  CERTRELAY_CO_TRY(co_await record_order(kind, 0, 0, said));
  state_.standing.reset();
  if (given) state_.standing = ErasureState::Standing{parts_.clock.utc_now(), std::move(*given)};
  co_return save();
}

asio::awaitable<Result<void>> Erasure::start_here() {
  const Turn turn(*this);
  if (!turn.mine()) co_return kBusy;
  CERTRELAY_CO_TRY(co_await resume());
  CERTRELAY_CO_TRY(look_who_is_due());
  // A death whose acknowledgement a crash forestalled. What cannot be done now is tick()'s, and
  // shows in status().
  const auto ended = co_await end_numbers_due(false);
  if (!ended) last_error_ = ended.error().code;
  co_return ok();
}

asio::awaitable<Result<void>> Erasure::end_numbers_here() {
  const Turn turn(*this);
  if (!turn.mine()) co_return kBusy;
  CERTRELAY_CO_TRY(co_await resume());
  co_return co_await end_numbers_due(false);
}

asio::awaitable<Result<ErasureReceipt>> Erasure::erase_due_here(ErasureOrder order) {
  const Turn turn(*this);
  if (!turn.mine()) co_return kBusy;
  co_return co_await erase_due_now(std::move(order));
}

asio::awaitable<Result<void>> Erasure::finish_here() {
  const Turn turn(*this);
  if (!turn.mine()) co_return kBusy;
  CERTRELAY_CO_TRY(co_await resume());
  if (state_.waiting.empty() && !dropped_) co_return ok();
  co_return co_await drop_residue();
}

asio::awaitable<ErasureStatus> Erasure::status_here() { co_return status_now(); }

asio::awaitable<Result<std::vector<std::string>>> Erasure::report_here(UtcTime from,
                                                                       UtcTime until) {
  CERTRELAY_CO_TRY(const auto lines, list_evidence(parts_.files, settings_.folder, from, until));
  co_return erasure_report(lines, status_now(), from, until);
}

asio::awaitable<Result<void>> Erasure::start() {
  co_return co_await run_on(parts_.work, start_here());
}

asio::awaitable<Result<ErasureReceipt>> Erasure::erase_one(PersonId person, ErasureOrder order) {
  auto work = erase_one_here(std::move(person), std::move(order));
  co_return co_await run_on(parts_.work, std::move(work));
}

asio::awaitable<Result<ErasureReceipt>> Erasure::erase_due(ErasureOrder order) {
  auto work = erase_due_here(std::move(order));
  co_return co_await run_on(parts_.work, std::move(work));
}

asio::awaitable<Result<void>> Erasure::give_standing_order(ErasureOrder order) {
  auto work = standing_here(order, order);
  co_return co_await run_on(parts_.work, std::move(work));
}

asio::awaitable<Result<void>> Erasure::withdraw_standing_order(ErasureOrder order) {
  auto work = standing_here(std::nullopt, std::move(order));
  co_return co_await run_on(parts_.work, std::move(work));
}

asio::awaitable<ErasureStatus> Erasure::status() {
  co_return co_await run_on(parts_.work, status_here());
}

asio::awaitable<Result<std::vector<std::string>>> Erasure::report(UtcTime from, UtcTime until) {
  auto work = report_here(from, until);
  co_return co_await run_on(parts_.work, std::move(work));
}

asio::awaitable<Result<void>> Erasure::end_numbers() {
  co_return co_await run_on(parts_.work, end_numbers_here());
}

asio::awaitable<void> Erasure::tick() {
  co_await asio::co_spawn(parts_.work, tick_here(), asio::use_awaitable);
}

asio::awaitable<Result<void>> Erasure::finish() {
  co_return co_await run_on(parts_.work, finish_here());
}

}  // namespace certrelay
