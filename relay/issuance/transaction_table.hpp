// The live transactions: who owns which step, what was answered, and until when. It decides nothing
// about certificates; it sees to it that each step of each transaction is taken once.
//
// Nothing is shared between transactions (INV-1): every lookup is by id, no slot is reused, and a
// late result finds its id gone and is dropped (INV-2).
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

#include "protocol/ids/ids.hpp"
#include "protocol/ids/uuid.hpp"
#include "protocol/ids/values.hpp"
#include "protocol/wire/http_types.hpp"
#include "protocol/wire/transaction_state.hpp"
#include "relay/env/clock.hpp"
#include "relay/issuance/tokens.hpp"

namespace certrelay {

enum class Step : std::uint8_t { kOpen = 0, kInquiry = 1, kIssuance = 2 };

// What the next step needs; monostate once the last was taken or the transaction ended.
using Token = std::variant<std::monostate, OpenedTransaction, IdentifiedApplicant>;

class TransactionTable {
 public:
  struct Limits {
    std::size_t live_max = 4096;
    std::size_t stored_bytes_max = std::size_t{64} * 1024 * 1024;
  };
  explicit TransactionTable(Limits limits) : limits_(limits) {}

  // What is live beyond a smaller one goes on to its end.
  void set_live_max(std::size_t live_max);

  // The step is ours to work on: end it with finish() or end(). Until then the same step answers
  // kStepInProgress.
  struct Work {
    TransactionHead head;
    Token token;
  };
  // The answer that was given before, byte for byte.
  using Turn = std::variant<HttpAnswer, Work>;

  // Registers a new transaction in the state of being opened. A known id gives its stored answer
  // for an equal body. Errors: kKnownTransaction, kStepInProgress, kTransactionsFull.
  Result<Turn> begin_open(const TransactionHead& head, const Digest& body, SteadyTime now);

  // Takes the step. Errors: kUnknownTransaction, kForeignTransaction, kStepInProgress, kAnswerGone,
  // kStepConflict, kChallengeUsed (an inquiry after the first, with another body), kStepExpired
  // (the caller then calls end()).
  Result<Turn> begin(const TransactionId& id, const PeerName& peer, Step step, const Digest& body,
                     SteadyTime now);

  // The step is done: stores its answer for repeats until `keep_until`, and the next step's token,
  // which is good until `deadline`.
  struct Outcome {
    TransactionState state;
    Token token;
    SteadyTime deadline;
    SteadyTime keep_until;
  };
  void finish(const TransactionId& id, Step step, const Digest& body, const HttpAnswer& answer,
              Outcome outcome);
  // The same for an answer about residents: false, and nothing stored, when its household was
  // withdrawn since the step was taken; the caller then ends the transaction.
  [[nodiscard]] bool finish_unless_withdrawn(const TransactionId& id, Step step, const Digest& body,
                                             const HttpAnswer& answer, Outcome outcome);
  // The step at work is about that household, from here on for the whole transaction.
  void name_household(const TransactionId& id, const HouseholdId& household);
  // Wipes the stored answers about the chosen households and marks the steps at work on them.
  using Chosen = std::function<bool(const HouseholdId&)>;
  void withdraw(const Chosen& chosen);

  // Gives the id back as if it had never been opened (a 503 to open leaves it unused).
  void forget(const TransactionId& id);
  // The step is given back: a 503 consumes nothing.
  void give_back(const TransactionId& id, Token token);

  std::optional<std::pair<TransactionHead, TransactionState>> find(const TransactionId& id) const;

  // Wipes the stored answers: an event arrived (INV-10). True when the transaction is live.
  bool wipe_answers(const TransactionId& id);
  void set_state(const TransactionId& id, TransactionState state);

  // Those whose deadline has passed and on which nobody works: taken out, for their entry. Also
  // drops what ended and whose answers need not be repeated any more.
  std::vector<TransactionHead> take_expired(SteadyTime now);

  // Takes out every one that waits for its next step, for its entry, and wipes all stored answers:
  // issuing was stopped. Steps at work end by themselves.
  std::vector<TransactionHead> take_waiting();

  std::size_t live() const;
  // Whether an inquiry of a live transaction listed the person, until its answers are dropped: an
  // erasure waits for it (R52).
  bool holds(const PersonId& person) const;

 private:
  struct StoredAnswer {
    Digest body{};
    std::optional<HttpAnswer> answer;  // none once it was wiped
    SteadyTime keep_until{};
  };
  struct Transaction {
    explicit Transaction(const TransactionHead& opened) : head(opened) {}
    TransactionHead head;
    TransactionState state = TransactionState::kOpened;
    std::optional<Step> working;
    Digest working_body{};
    std::optional<HouseholdId> household;  // since it was identified
    bool withdrawn = false;                // while a step was at work
    Token token;
    SteadyTime deadline{};
    std::array<std::optional<StoredAnswer>, 3> answers;
    std::vector<PersonId> persons;  // that the inquiry listed
  };

  Result<Turn> repeat(const Transaction& transaction, Step step, const Digest& body,
                      SteadyTime now) const;
  void store(Transaction& transaction, Step step, const Digest& body, const HttpAnswer& answer,
             Outcome outcome);
  void wipe(Transaction& transaction);
  void make_room(std::size_t bytes);

  Limits limits_;
  mutable std::mutex mutex_;
  std::map<TransactionId, Transaction> live_;
  std::size_t stored_bytes_ = 0;
};

}  // namespace certrelay
