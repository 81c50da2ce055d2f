#include "firmware/kiosk/storm.hpp"

#include <fmt/core.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "firmware/kiosk/document_check.hpp"
#include "firmware/kiosk/wish.hpp"
#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

// Lets all clients go on at one instant: when the last has arrived, or when one has waited for the
// others for so long, since somebody whose request is repeated may take minutes.
class Gate {
 public:
  Gate(int clients, std::chrono::milliseconds patience_ms)
      : clients_(clients), patience_ms_(patience_ms) {}
  void arrive_and_wait() {
    std::unique_lock lock(mutex_);
    const auto opening = openings_;
    if (++waiting_ < clients_ &&
        opened_.wait_for(lock, patience_ms_, [&] { return openings_ != opening; })) {
      return;
    }
    open();
  }
  // One client less, who is not at the gate: nobody waits for him any more.
  void leave() {
    const std::lock_guard lock(mutex_);
    --clients_;
    if (waiting_ > 0 && waiting_ >= clients_) open();
  }

 private:
  void open() {
    waiting_ = 0;
    ++openings_;
    opened_.notify_all();
  }

  int clients_;
  const std::chrono::milliseconds patience_ms_;
  std::mutex mutex_;
  std::condition_variable opened_;
  int waiting_ = 0;
  std::uint64_t openings_ = 0;
};

struct Field {
  const World& world;
  const KioskId& kiosk;
  const std::vector<Softcard>& cards;
  const StormPlan& plan;
  SteadyTime begun_at;
  Gate gate;

  Field(const World& w, const KioskId& k, const std::vector<Softcard>& c, const StormPlan& p)
      : world(w),
        kiosk(k),
        cards(c),
        plan(p),
        begun_at(w.clock.steady_now()),
        gate(p.clients, p.gather_ms) {}
};

// A document of 50 KiB takes such a reader two thirds of a second.
constexpr HttpsLimits kSlow{.read_bytes_max = 256, .read_pause_ms = std::chrono::milliseconds(3)};

class Client {
 public:
  Client(Field& field, int index)
      : field_(field),
        index_(index),
        line_(field.world, field.plan.repeat,
              field.plan.slow_readers && index % 5 == 4 ? kSlow : HttpsLimits{}) {}

  Result<void> connect() { return line_.connect(); }

  void run() {
    while (goes_on()) {
      ++round_;
      outcomes_.emplace_back();
      one_transaction(outcomes_.back());
    }
    field_.gate.leave();
  }

  const std::vector<StormOutcome>& outcomes() const { return outcomes_; }
  int repeats() const { return line_.repeats() + broken_lines_; }

 private:
  bool goes_on() const {
    const auto& plan = field_.plan;
    if (!plan.lasting) return round_ < plan.rounds;
    return field_.world.clock.steady_now() - field_.begun_at < *plan.lasting;
  }
  // Before each step of a round; who has failed in it waits too, so that all stay together.
  void wait_for_all() {
    if (field_.plan.barrier) field_.gate.arrive_and_wait();
  }

  template <class Step>
  auto timed(std::chrono::milliseconds& took_ms, const Step& step) {
    const SteadyTime begin = field_.world.clock.steady_now();
    auto result = step();
    took_ms = field_.world.clock.steady_now() - begin;
    return result;
  }

  void fail(StormOutcome& outcome, std::string_view step, const Error& error) {
    const auto& problem = line_.center.problem();
    const bool refused = error.code == ErrorCode::kRefusedByServer && problem;
    outcome.failure = fmt::format("{}: {}", step, refused ? to_text(problem->code) : error.where);
    outcome.end = refused                    ? StormEnd::kRefused
                  : is_no_answer(error.code) ? StormEnd::kNoAnswer
                                             : StormEnd::kWrong;
  }

  const Softcard& card() const {
    const auto turn = static_cast<std::size_t>(round_ - 1);
    const auto clients = static_cast<std::size_t>(field_.plan.clients);
    return field_.cards[(static_cast<std::size_t>(index_) + turn * clients) % field_.cards.size()];
  }

  void one_transaction(StormOutcome& outcome) {
    wait_for_all();
    const auto opened = timed(outcome.open_ms, [&] {
      return open_at_kiosk(line_.center, field_.world, field_.kiosk, CertificateKind::kJuminhyo);
    });
    if (!opened) {
      fail(outcome, "open", opened.error());
    } else {
      outcome.transaction = opened.value().own.transaction.text();
    }

    wait_for_all();
    Result<InquiryReply> inquiry = Error{ErrorCode::kNone, ""};
    if (opened) {
      inquiry = timed(outcome.inquiry_ms, [&] {
        return inquire_with_card(line_.center, opened.value(), PresentedSoftcard(card()));
      });
      if (!inquiry) fail(outcome, "inquiry", inquiry.error());
    }

    wait_for_all();
    const auto before = line_.client().delivered_bytes();
    if (opened && inquiry) issue(outcome, opened.value(), inquiry.value());
    // An event's answer has no body.
    outcome.document_bytes = line_.client().delivered_bytes() - before;
  }

  void issue(StormOutcome& outcome, const OpenedAtKiosk& opened, const InquiryReply& inquiry) {
    const auto request = choose({}, inquiry);
    if (!request) return fail(outcome, "choice", request.error());
    const TransactionId& id = opened.own.transaction;
    if (gives_up()) return give_up(outcome, id, request.value());
    if (breaks_line()) {
      // Whatever became of it: what counts is the answer to the same request again.
      if (line_.center.issue_and_hang_up(id, request.value())) ++broken_lines_;
    }
    const auto document =
        timed(outcome.issuance_ms, [&] { return line_.center.issue(id, request.value()); });
    if (!document) return fail(outcome, "issuance", document.error());
    outcome.document_id = document.value().headers.document_id.text();
    outcome.document_sha256 = sha256(document.value().pdf);
    outcome.tags = expected_tags(id, inquiry.answer.members, request.value().members);
    const auto checked = check_issued(document.value(), opened, inquiry, request.value());
    if (!checked) return fail(outcome, "check", checked.error());
    if (asks_twice()) {
      const auto again = line_.center.issue(id, request.value());
      if (!again) return fail(outcome, "the same again", again.error());
      if (again.value().pdf != document.value().pdf ||
          again.value().signature != document.value().signature) {
        outcome.failure = "the same again: another answer";
        outcome.end = StormEnd::kWrong;
        return;
      }
    }
    const auto reported = line_.center.report(
        id, event_of(PrintEvent::kPrinted, document.value(), request.value().copies, field_.world));
    if (!reported) return fail(outcome, "event", reported.error());
    outcome.reported = true;
  }

  // What a kiosk does whose own clock ran out (INV-2): it hangs up while the document is made, says
  // so, and turns to its next customer on the same line. Whatever comes of it is nobody's.
  void give_up(StormOutcome& outcome, const TransactionId& id, const IssuanceRequest& request) {
    outcome.end = StormEnd::kGivenUp;
    if (!line_.center.issue_and_hang_up(id, request)) return;
    const auto event_id = EventId::from_bytes(uuid_v4_bytes(random_bytes<16>(entropy())));
    const auto now = std::chrono::floor<std::chrono::seconds>(field_.world.clock.utc_now());
    const EventReport report{event_id.value(), PrintEvent::kTimedOut, now, 0, false, 0};
    // Refused (409) when the intent is not there yet: the transaction is then result_missing.
    outcome.reported = line_.center.report(id, report).has_value();
  }
  Entropy& entropy() const { return field_.world.entropy; }

  bool gives_up() const { return field_.plan.timeouts && (index_ + round_) % 4 == 0; }
  bool breaks_line() const { return field_.plan.retries && index_ % 3 == 1; }
  bool asks_twice() const { return field_.plan.retries && index_ % 3 == 2; }

  Field& field_;
  int index_;
  int round_ = 0;  // of the one at work, from 1
  CenterLine line_;
  std::vector<StormOutcome> outcomes_;
  int broken_lines_ = 0;
};

}  // namespace

Result<StormRun> run_storm(const World& world, const KioskId& kiosk,
                           const std::vector<Softcard>& cards, const StormPlan& plan) {
  CERTRELAY_CHECK(plan.clients > 0 && cards.size() >= static_cast<std::size_t>(plan.clients));
  Field field(world, kiosk, cards, plan);
  std::vector<std::unique_ptr<Client>> clients;
  Result<void> connected = Error{ErrorCode::kCannotReach, "storm: nobody connected"};
  for (int i = 0; i < plan.clients; ++i) {
    clients.push_back(std::make_unique<Client>(field, i));
    // Who cannot connect now, because a process was just killed, connects with the first request.
    const auto line = clients.back()->connect();
    if (line || !connected) connected = line;
  }
  CERTRELAY_TRY(connected);
  {
    std::vector<std::jthread> threads;
    threads.reserve(clients.size());
    for (const auto& client : clients) threads.emplace_back([&client] { client->run(); });
  }
  std::vector<StormOutcome> outcomes;
  int repeats = 0;
  for (const auto& client : clients) {
    outcomes.insert(outcomes.end(), client->outcomes().begin(), client->outcomes().end());
    repeats += client->repeats();
  }
  auto report = judge(outcomes, repeats);
  return StormRun{std::move(report), std::move(outcomes)};
}

}  // namespace certrelay
