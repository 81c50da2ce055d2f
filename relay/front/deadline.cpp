#include "relay/front/deadline.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/system/system_error.hpp>
#include <optional>

namespace certrelay {

namespace asio = boost::asio;

struct Deadline::State {
  asio::any_io_executor executor;
  Clock* clock;
  std::function<void()> late;
  std::optional<SteadyTime> at{};  // none: lifted
  // Of the coroutine that sleeps now; none does while they are empty.
  std::optional<SteadyTime> wakes_at{};
  Signal sleeper{};
};

Deadline::Deadline(asio::any_io_executor executor, Clock& clock, std::function<void()> late)
    : state_(std::make_shared<State>(State{std::move(executor), &clock, std::move(late)})) {}

Deadline::~Deadline() {
  state_->at.reset();
  state_->late = nullptr;
}

void Deadline::lift() { state_->at.reset(); }

bool Deadline::is_set() const { return state_->at.has_value(); }

void Deadline::set(SteadyTime at) {
  state_->at = at;
  if (!state_->wakes_at || at < *state_->wakes_at) wake_at(at);
}

void Deadline::stop() {
  state_->at.reset();
  state_->wakes_at.reset();
  if (auto former = std::exchange(state_->sleeper, nullptr)) {
    // On the executor and with a share: Asio hands the word on there, by a bare pointer into it.
    asio::dispatch(state_->executor,
                   [former = std::move(former)] { former->emit(asio::cancellation_type::all); });
  }
}

// In place of the sleeper of a later time, if there is one.
void Deadline::wake_at(SteadyTime at) {
  stop();
  state_->at = at;
  state_->wakes_at = at;
  const auto signal = std::make_shared<asio::cancellation_signal>();
  state_->sleeper = signal;
  asio::co_spawn(state_->executor, watch(state_, signal),
                 asio::bind_cancellation_slot(signal->slot(), [signal](std::exception_ptr ended) {
                   try {
                     if (ended) std::rethrow_exception(ended);
                   } catch (const boost::system::system_error& cancelled) {
                     if (cancelled.code() != asio::error::operation_aborted) throw;
                   }
                 }));
}

asio::awaitable<void> Deadline::watch(std::shared_ptr<State> state, Signal own) {
  while (state->at) {
    const SteadyTime until = *state->at;
    state->wakes_at = until;
    co_await state->clock->sleep_until(until);
    // Stopped when its time had come already: another one may sleep by now.
    if (state->sleeper != own) co_return;
    if (state->at && *state->at <= state->clock->steady_now()) {
      state->at.reset();
      state->late();
    }
  }
  state->wakes_at.reset();
  state->sleeper.reset();
}

}  // namespace certrelay
