// 消去: the erasure of who left the register, with evidence in two stages (R06, R20, R21, R39, R51,
// R52). One verb a function, ready for whoever asks on behalf of two persons.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>

#include "relay/env/clock.hpp"
#include "relay/ports/ledger_port.hpp"
#include "relay/registry/erasure/erasure_state.hpp"
#include "relay/registry/erasure/evidence.hpp"
#include "relay/registry/sealed_register.hpp"

namespace certrelay {

struct ErasureSettings {
  std::string folder;  // of the state and the evidence; made when it is not there
  bool demo = false;
  // A standing order gathers for so long, so that a busy day is not a hundred changes of the root.
  std::chrono::minutes gather = std::chrono::minutes(10);
  // How long stage two waits for more of stage one.
  std::chrono::minutes residue_after = std::chrono::hours(1);
  // Until when whoever waits since that time must be erased: the end of the next service day (R52).
  std::function<UtcTime(UtcTime)> bound;
};

// What it stands on; all outlive it. `work` runs one thing at a time and may block for a second;
// `builder` runs stage two, apart from it.
struct ErasureParts {
  Files& files;
  Clock& clock;
  SealedRegister& reg;
  LedgerPort& ledger;
  boost::asio::any_io_executor work;
  boost::asio::any_io_executor builder;
  // Whether an open transaction holds the person. Whoever is due is refused before one begins, so
  // that a "no" stays one.
  std::function<bool(const PersonId&)> in_use;
};

struct ErasureReceipt {
  std::uint64_t number = 0;    // 0: nobody was due
  std::uint64_t persons = 0;   // whose keys are gone
  std::uint64_t deferred = 0;  // held by open transactions: still pending
};

struct ErasureStatus {
  std::size_t pending = 0;               // due, keys not destroyed yet
  std::optional<UtcTime> pending_since;  // of the longest wait
  std::optional<UtcTime> bound;          // until when
  bool overdue = false;                  // health turns red (R52)
  bool unfinished = false;               // a stage one that ended in the middle
  std::size_t waiting_for_residue = 0;   // erasures whose stage two is to come
  std::optional<UtcTime> residue_since;  // the oldest of them
  bool residue_overdue = false;          // over 24 hours: health turns red
  std::uint64_t numbers = 0;             // individual numbers whose keys still have to end
  bool numbers_overdue = false;          // over an hour for a death: health turns red (R49)
  std::optional<ErasureState::Standing> standing;
  ErrorCode last_error = ErrorCode::kNone;  // why the last try ended
};

class Erasure {
 public:
  // Errors: the file system's, kStoreCorrupt.
  static Result<std::unique_ptr<Erasure>> open(ErasureSettings settings, ErasureParts parts);

  // To be awaited once before any other: what a crash interrupted is finished, or recorded as
  // interrupted, by what the register's epoch says. Errors: the ledger's, the file system's.
  boost::asio::awaitable<Result<void>> start();

  // One 消除者. Errors: kPersonOnRegister, kUnknownPerson (has no key: erased, or never there),
  // kPersonInUse, kErasureBusy, SealedRegister::destroy_keys's, the ledger's.
  boost::asio::awaitable<Result<ErasureReceipt>> erase_one(PersonId person, ErasureOrder order);
  // Everybody who is due and not held by an open transaction. Errors: as above.
  boost::asio::awaitable<Result<ErasureReceipt>> erase_due(ErasureOrder order);
  // From now on the relay does erase_due() by itself, in the name of these two (R20).
  boost::asio::awaitable<Result<void>> give_standing_order(ErasureOrder order);
  // Errors: kNoErasureOrder.
  boost::asio::awaitable<Result<void>> withdraw_standing_order(ErasureOrder order);
  boost::asio::awaitable<ErasureStatus> status();
  // The keys of individual numbers that a death left behind end now, without an order: the law
  // gives it (R49). Those of the deleted wait with tick() for more. Ok: no death's is left. Errors:
  // kErasureBusy, SealedRegister::end_numbers's, the ledger's; a later call goes on.
  boost::asio::awaitable<Result<void>> end_numbers();
  // Japanese lines for the monthly confirmation (R39), of evidence in [from, until).
  boost::asio::awaitable<Result<std::vector<std::string>>> report(UtcTime from, UtcTime until);

  // Looks who is due, ends numbers, follows the standing order, does stage two. Call it now and
  // then; what it could not do shows in status().
  boost::asio::awaitable<void> tick();
  // Stage two now, whatever the time. Errors: SealedRegister::drop_residue's, the ledger's.
  boost::asio::awaitable<Result<void>> finish();

  // For open() alone.
  Erasure(ErasureSettings settings, ErasureParts parts, ErasureState state);

 private:
  template <class T>
  using Answering = boost::asio::awaitable<T>;
  class Turn;  // one verb at a time; the others get kErasureBusy

  std::string path(std::string_view name) const;
  Result<void> save();
  Result<void> look_who_is_due();
  Entry entry_of(EntryKind kind, std::uint64_t number, std::string_view what) const;
  Answering<Result<void>> record(Entry entry);
  Answering<Result<void>> record_order(EntryKind kind, std::uint64_t number, std::uint64_t persons,
                                       const std::optional<ErasureOrder>& order);
  Answering<Result<void>> record_evidence(EntryKind kind, const Evidence& evidence);
  Answering<Result<ErasureReceipt>> erase(std::vector<std::uint64_t> persons, ErasureOrder order);
  // `destroy` is the step that cannot be taken back; none ordered: of individual numbers.
  Answering<Result<RootTurn>> carry_out(std::uint64_t persons, std::optional<ErasureOrder> order,
                                        std::function<Result<RootTurn>()> destroy);
  Answering<Result<void>> end_stage_one(RootTurn turn, bool resumed);
  Answering<Result<void>> end_numbers_due(bool gathered);
  Result<void> look_at_numbers();
  Answering<Result<void>> resume();
  Answering<Result<void>> drop_residue();
  Answering<Result<void>> record_residue();
  Answering<Result<ErasureReceipt>> erase_due_now(ErasureOrder order);
  ErasureStatus status_now() const;

  Answering<Result<void>> start_here();
  Answering<Result<ErasureReceipt>> erase_one_here(PersonId person, ErasureOrder order);
  Answering<Result<ErasureReceipt>> erase_due_here(ErasureOrder order);
  Answering<Result<void>> standing_here(std::optional<ErasureOrder> given, ErasureOrder by);
  Answering<ErasureStatus> status_here();
  Answering<Result<std::vector<std::string>>> report_here(UtcTime from, UtcTime until);
  Answering<void> tick_here();
  Answering<Result<void>> finish_here();
  Answering<Result<void>> end_numbers_here();

  ErasureSettings settings_;
  ErasureParts parts_;
  ErasureState state_;
  bool busy_ = false;
  std::pair<RegisterVersion, std::uint64_t> looked_at_{};  // the version and epoch of `due_`
  std::vector<std::uint64_t> due_;                         // ascending
  SealedRegister::NumbersDue numbers_{};
  std::optional<UtcTime> numbers_since_;  // since when any are due; looked at anew by a start
  std::optional<ResidueDrop> dropped_;    // done, not recorded: its files are still read
  std::size_t dropped_erasures_ = 0;      // the first so many of the waiting
  ErrorCode last_error_ = ErrorCode::kNone;
};

}  // namespace certrelay
