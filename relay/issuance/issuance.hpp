// The center's calls, from a request that passed the gate to a signed answer.
// docs/ISSUANCE_CYCLE.md tells the order that this room keeps.
#pragma once

#include <atomic>
#include <memory>
#include <set>

#include "protocol/wire/event_message.hpp"
#include "protocol/wire/incident_message.hpp"
#include "protocol/wire/problem.hpp"
#include "protocol/wire/vault_frame.hpp"
#include "relay/issuance/alarm.hpp"
#include "relay/issuance/calendar.hpp"
#include "relay/issuance/recent_payloads.hpp"
#include "relay/issuance/refusal_counts.hpp"
#include "relay/issuance/service_orders.hpp"
#include "relay/issuance/story.hpp"
#include "relay/issuance/transaction_table.hpp"
#include "relay/keys/answer_key.hpp"
#include "relay/ports/card_status_port.hpp"
#include "relay/ports/hand_over_port.hpp"

namespace certrelay {

struct IssuanceSettings {
  MunicipalityCode municipality;
  bool demo = false;
  ServiceCalendar calendar;  // at the start; offer() is in force
  ServiceDeadlines deadlines;
  TransactionTable::Limits table;
  std::size_t requests_max = 1024;  // worked on at once; one more is shed (INV-11)
};

// What is offered and what it is printed with. A reload replaces it as a whole, and each step works
// to its end on the one that it began with.
struct Offer {
  ServiceCalendar calendar;
  std::shared_ptr<const RenderKit> kit;
  std::shared_ptr<const DocumentSealer> sealer;  // none: no printed seal, no signature
};

// What it stands on; all outlive it.
struct IssuanceParts {
  Clock& clock;
  Entropy& entropy;
  const CardPort& cards;
  const RegisterPort& reg;
  LedgerPort& ledger;
  const RenderKit& kit;  // at the start, as `sealer`
  const AnswerKey& key;
  AlarmLatch& alarm;
  RefusalCounts& refusals;
  ServiceOrders& orders;
  CardStatusPort* card_status = nullptr;   // none: nobody is asked about a card
  const DocumentSealer* sealer = nullptr;  // none: no printed seal, no signature
};

// Thread-safe. A coroutine runs on the executor that it was spawned on and may block it for the CPU
// time of its step (about a millisecond), never for a disk or a lock.
class Issuance final : public HandOverPort {
 public:
  Issuance(IssuanceSettings settings, IssuanceParts parts);
  Issuance(const Issuance&) = delete;
  Issuance& operator=(const Issuance&) = delete;

  // Answers one call of the center. `received` is when its body was complete. Never fails: what
  // goes wrong becomes a problem document.
  boost::asio::awaitable<HttpAnswer> handle(RequestFrame frame, SteadyTime received);

  void withdraw(const std::vector<HouseholdId>& households) override;
  void withdraw_all() override;

  std::shared_ptr<const Offer> offer() const;
  void set_offer(Offer offer);
  void set_live_max(std::size_t live_max) { table_.set_live_max(live_max); }

  // Ends what passed its deadline, each with an entry. Call it every second.
  boost::asio::awaitable<void> expire_overdue();

  enum class Begins : std::uint8_t { kNew, kNothing };
  // Why a transaction could not be opened (kNew) or continued now; kNone when it could.
  ErrorCode unavailable(Begins begins) const;
  std::size_t live_transactions() const { return table_.live(); }
  bool holds(const PersonId& person) const { return table_.holds(person); }
  // Calls of the center answered since start, by outcome: no personal data, no kiosk.
  struct Counters {
    std::atomic<std::uint64_t> opened{0};
    std::atomic<std::uint64_t> inquiries{0};
    std::atomic<std::uint64_t> issued{0};
    std::atomic<std::uint64_t> refused{0};
    std::atomic<std::uint64_t> expired{0};
    std::atomic<std::uint64_t> events{0};
    std::atomic<std::uint64_t> shed{0};
  };
  const Counters& counters() const { return counters_; }

 private:
  // One call on its way: what every step needs to answer it.
  struct Call {
    const RequestFrame& frame;
    RequestParts parts;
    SteadyTime received;
    Digest body{};
  };
  using Answering = boost::asio::awaitable<HttpAnswer>;

  Answering route(Call call);
  Answering open(Call call);
  Answering inquiry(Call call, TransactionId id);
  Answering issuance(Call call, TransactionId id);
  Answering event(Call call, TransactionId id);
  Answering incident(Call call);
  HttpAnswer settlement(const Call& call, JstDay date);
  HttpAnswer state(const Call& call, const TransactionId& id);
  HttpAnswer service(const Call& call);

  Answering work_inquiry(Call call, TransactionTable::Work work);
  Answering provide(Call call, TransactionHead head, IdentifiedApplicant applicant,
                    StepTrace trace);
  Answering work_issuance(Call call, TransactionTable::Work work);
  Answering hand_out(Call call, TransactionHead head, CheckedDocument document, StepTrace trace);
  Answering record_event(Call call, EventReport report, TransactionId id);
  Answering record_incident(Call call, IncidentReport report);

  // Takes the step, or answers at once: a repeat, a conflict, a deadline.
  boost::asio::awaitable<std::variant<HttpAnswer, TransactionTable::Work>> take_step(
      const Call& call, TransactionId id, Step step);
  // Ends the transaction with an entry and a problem that is repeated like any answer.
  Answering end_refused(Call call, TransactionHead head, Step step, ErrorCode reason,
                        StepTrace trace);
  // A stored answer for another time, if it still is what its signature covers: else the alarm.
  Answering repeat(Call call, TransactionId id, HttpAnswer stored);
  // What ended a step's transaction while its entry became durable: nobody waits any more (INV-2),
  // an alarm of any transaction (INV-9), an order to stop. kNone: nothing.
  ErrorCode ended_meanwhile(const Call& call) const;
  boost::asio::awaitable<void> latch_alarm(ErrorCode reason, TransactionHead head);
  // Ends what waits, once for each stop that an operator ordered.
  boost::asio::awaitable<void> end_stopped();

  // Nothing was consumed: counted, not ended.
  HttpAnswer refuse(const Call& call, ErrorCode reason, const std::optional<TransactionId>& id,
                    CertificateKind kind = CertificateKind::kJuminhyo);
  HttpAnswer problem(ErrorCode reason, const std::optional<TransactionId>& id,
                     CertificateKind kind) const;
  HttpAnswer json_answer(int status, Bytes body) const;
  HttpAnswer sign(const Call& call, HttpAnswer answer) const;

  bool too_late(const Call& call) const;
  SteadyTime after(SteadyTime time, int seconds) const;
  // UTC for what is counted in days and minutes since an entry: the last trusted one while the
  // clock is doubted, so that a wrong date ends no story and refuses no report.
  UtcTime trusted_now() const;
  Entry entry_about(const TransactionHead& head, EntryKind kind, ErrorCode reason,
                    const StepTrace& trace) const;
  DocumentMarks next_marks();

  const IssuanceSettings settings_;
  const IssuanceParts parts_;
  mutable std::mutex offer_mutex_;
  std::shared_ptr<const Offer> offer_;  // under the mutex
  TransactionTable table_;
  RecentPayloads recent_;
  Counters counters_;
  std::atomic<std::size_t> working_{0};
  std::atomic<std::uint64_t> documents_;
  std::mutex events_mutex_;
  std::set<TransactionId> events_in_progress_;  // one report about a transaction at a time
  std::atomic<bool> settling_{false};           // one settlement is added up at a time
};

}  // namespace certrelay
