#include "tests/sim/simulation.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "protocol/wire/event_message.hpp"
#include "protocol/wire/problem.hpp"
#include "tests/support/issuance_world.hpp"

namespace certrelay::testing {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr std::size_t kKiosks = 8;

class Simulation {
 public:
  explicit Simulation(SimSettings settings)
      : settings_(std::move(settings)), site_(settings_.seed, settings_.plants), checker_(city_) {}

  SimResult run() {
    begin_all();
    while (!done()) {
      site_.run_ready();
      if (!site_.clock.advance()) break;
      fate();
    }
    site_.clock.forget_alarms();
    out_.alarm = site_.alarm().reason();
    if (out_.alarm != ErrorCode::kNone) alarm_outlives_a_restart();
    checker_.ended(site_.close_and_read());
    out_.documents = checker_.documents();
    out_.broken = checker_.broken();
    return out_;
  }

 private:
  // A relay that has stopped is not asked for ever: the test finds that too few were opened.
  bool wanted() const {
    return out_.opened < settings_.transactions && attempts_ < 4 * settings_.transactions;
  }
  bool done() const { return !wanted() && busy_ == 0; }

  void begin_all() {
    busy_ = kKiosks;
    for (std::size_t kiosk = 0; kiosk < kKiosks; ++kiosk) spawn(kiosk_loop());
    spawn(source_loop());
    spawn(expiry_loop());
  }
  void spawn(asio::awaitable<void> work) {
    asio::co_spawn(site_.io(), std::move(work), [](const std::exception_ptr& error) {
      if (error) std::rethrow_exception(error);
    });
  }
  std::uint64_t chance(std::uint64_t below) { return site_.chance(below); }
  asio::awaitable<void> pause(std::chrono::milliseconds time) {
    co_await site_.clock.sleep_until(site_.clock.steady_now() + time);
  }
  asio::awaitable<void> pause_below(std::uint64_t milliseconds) {
    co_await pause(std::chrono::milliseconds(chance(milliseconds)));
  }

  // What happens to the machine between two moments.
  void fate() {
    const auto draw = chance(4'000);
    if (!settings_.crashes) return;
    if (draw < 8) return crash();
    if (draw < 14) site_.files.fail_nth(Call::kSync, 1 + chance(4), ErrorCode::kIoError);
    if (draw >= 14 && draw < 20 && stepped_ == 0ms) spawn(wrong_clock());
    if (draw == 20) checker_.second_instance(site_.start_second_ledger());
    if (!site_.ledger().health().writable) crash();
  }
  void crash() {
    ++out_.crashes;
    site_.files.heal();
    set_clock_right();
    site_.crash();
    begin_all();
    if (!last_opened_) return;
    spawn(open_again(*last_opened_));
  }
  // An administrator sets a wrong date, and later the right one.
  asio::awaitable<void> wrong_clock() {
    ++out_.clock_steps;
    stepped_ = chance(2) == 0 ? 90s : -90s;
    site_.clock.step_utc(stepped_);
    co_await pause_below(20'000);
    set_clock_right();
  }
  void set_clock_right() {
    site_.clock.step_utc(-stepped_);
    stepped_ = 0ms;
  }
  void alarm_outlives_a_restart() {
    site_.crash();
    if (!site_.alarm().latched()) checker_.alarm_gone_by_itself();
  }

  asio::awaitable<void> kiosk_loop() {
    while (wanted()) {
      ++attempts_;
      // Where it is closed the kiosk says so, and its next customer comes later.
      const auto opened = co_await visit();
      co_await pause_below(opened == 503 ? 20'000 : 3'000);
    }
    --busy_;
  }
  asio::awaitable<void> expiry_loop() {
    while (!done()) {
      co_await pause(1s);
      co_await site_.issuance().expire_overdue();
    }
  }

  // Without an answer the center sends the same again. `sent`: the last time.
  asio::awaitable<HttpAnswer> post(std::string path, Bytes body, SteadyTime* sent = nullptr) {
    HttpAnswer answer;
    for (int tries = 0; tries < 3 && answer.status == 0; ++tries) {
      const LineFate fate{.pieces = 1 + chance(4), .tally = &out_.pieces, .lost = chance(30) == 0};
      if (sent != nullptr) *sent = site_.clock.steady_now();
      answer = co_await site_.call(HttpMethod::kPost, path, body, site_.center, fate);
      if (answer.status == 0) ++out_.lost;
    }
    if (answer.status >= 400) ++out_.refused;
    if (answer.status == 503) {
      ++out_.shed;
      ++out_.shed_for[site_.issuance().unavailable(Issuance::Begins::kNew)];
    }
    co_return answer;
  }
  asio::awaitable<int> open(TransactionId id, Bytes& payload) {
    const OpenRequest request{id, site_.municipality, KioskId::parse("KIOSK-1").value(),
                              CertificateKind::kJuminhyo};
    auto answer = co_await post("/v1/transactions", encode(request).value());
    const auto message = decode_open_answer(answer.body);
    if (message) payload = message.value().signed_payload;
    co_return answer.status;
  }
  asio::awaitable<void> open_again(TransactionId id) {
    Bytes payload;
    const auto status = co_await open(id, payload);
    checker_.opened_again(status);
  }

  std::uint64_t somebody() {
    const auto household = 1 + chance(SimCity::kHouseholds);
    return household * 10 + 1 + chance(SimCity::members_of(household));
  }
  // The status of the call that opens.
  asio::awaitable<int> visit() {
    const auto id =
        TransactionId::from_bytes(uuid_v4_bytes(random_bytes<16>(site_.entropy))).value();
    Bytes payload;
    const auto opened = co_await open(id, payload);
    if (opened != 201) co_return opened;
    ++out_.opened;
    last_opened_ = id;
    co_await pause(chance(60) == 0 ? 119'999ms + std::chrono::milliseconds(chance(3))
                                   : std::chrono::milliseconds(chance(2'000)));
    const auto person = somebody();
    const auto serial = sample::card_of(sample::person_id(person)).serial;
    const auto listed = co_await post(IssuanceWorld::path_of(id, "/inquiry"),
                                      IssuanceWorld::inquiry_body(serial, payload));
    if (listed.status != 200) co_return opened;
    auto visit = std::make_shared<const SimVisit>(SimVisit{
        id, person, decode_inquiry_answer(listed.body).value(), IssuanceWorld::take_all(listed)});
    checker_.inquired(*visit);
    co_await pause_below(4'000);
    if (chance(20) == 0) co_return opened;  // walked away; the deadline ends it
    if (chance(10) == 0) co_await ask_as_a_stranger(visit);
    if (chance(5) == 0) spawn(ask(visit));  // the center repeats before the answer came
    const bool issued = co_await ask_for(visit);
    if (issued && chance(4) == 0) co_await ask(visit);
    if (issued) co_await report(*visit);
    if (chance(10) == 0) co_await ask(visit);
    co_return opened;
  }
  asio::awaitable<void> ask(std::shared_ptr<const SimVisit> visit) {
    co_await pause_below(500);
    const bool repeated = co_await ask_for(visit);
    out_.repeats += repeated ? 1U : 0U;
  }
  asio::awaitable<bool> ask_for(std::shared_ptr<const SimVisit> visit) {
    SteadyTime sent{};
    const auto answer = co_await post(IssuanceWorld::path_of(visit->id, "/issuance"),
                                      encode(visit->request).value(), &sent);
    if (answer.status != 200) co_return false;
    checker_.delivered(*visit, answer, sent, site_.clock.steady_now());
    co_return true;
  }
  asio::awaitable<void> ask_as_a_stranger(std::shared_ptr<const SimVisit> visit) {
    const auto answer =
        co_await site_.call(HttpMethod::kPost, IssuanceWorld::path_of(visit->id, "/issuance"),
                            encode(visit->request).value(), site_.stranger);
    checker_.foreign_asked(answer.status);
  }
  asio::awaitable<void> report(const SimVisit& visit) {
    co_await pause_below(20'000);
    const auto id = EventId::from_bytes(uuid_v4_bytes(random_bytes<16>(site_.entropy))).value();
    constexpr std::array kEvents{PrintEvent::kPrinted, PrintEvent::kCancelled, PrintEvent::kJammed,
                                 PrintEvent::kTimedOut};
    const EventReport event{id,
                            kEvents.at(chance(kEvents.size())),
                            std::chrono::floor<std::chrono::seconds>(site_.clock.utc_now()),
                            1,
                            true,
                            200};
    co_await post(IssuanceWorld::path_of(visit.id, "/events"), encode(event).value());
  }

  // One change after the other; what was not acknowledged is sent again, over a crash too.
  asio::awaitable<void> source_loop() {
    while (!done()) {
      co_await pause_below(8'000);
      if (!sending_ && chance(12) == 0) {
        swap();
        continue;
      }
      if (!sending_) {
        sending_ = 1 + chance(SimCity::kHouseholds);
        if (city_.now().at(*sending_).deleted) {
          sending_.reset();
          continue;
        }
        city_ = city_.changed(*sending_, chance(4) == 0);
      }
      co_await send();
    }
  }
  asio::awaitable<void> send() {
    const auto household = *sending_;
    const auto [generation, sequence] = city_.version();
    auto clear = encode(city_.change_of(household)).value();
    const auto status = co_await site_.change(generation, sequence, std::move(clear));
    if (status != 200) co_return;
    ++out_.changes;
    const bool deleted = city_.now().at(household).deleted;
    checker_.acknowledged(household, city_.version(), deleted);
    sending_.reset();
    if (!deleted || chance(2) == 0) co_return;
    const auto erased = site_.reg().destroy_keys({household * 10 + 1});  // busy: another time
    if (erased) ++out_.erased;
  }
  void swap() {
    // A file system that fails just now leaves the old register, or the new one after a restart.
    const auto next = city_.next_generation();
    if (!site_.swap(next)) return;
    city_ = next;
    ++out_.swaps;
    checker_.swapped(city_.version());
  }

  SimSettings settings_;
  SimSite site_;
  SimCity city_;
  SimChecker checker_;
  SimResult out_;
  std::size_t busy_ = 0, attempts_ = 0;
  std::chrono::milliseconds stepped_{0};
  std::optional<TransactionId> last_opened_;
  std::optional<std::uint64_t> sending_;  // the household of the change on its way
};

}  // namespace

bool SimResult::broke(std::string_view invariant) const {
  return std::any_of(broken.begin(), broken.end(), [&](const std::string& line) {
    return line.starts_with(std::string(invariant) + " ");
  });
}

SimResult simulate(SimSettings settings) { return Simulation(std::move(settings)).run(); }

}  // namespace certrelay::testing
