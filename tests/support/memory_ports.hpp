// The ports of issuance in memory: a register of a few fictional people (見本), a ledger that keeps
// its entries in a vector, and cards whose signature is a digest. For tests of the state machine;
// the real rooms have tests of their own.
#pragma once

#include <functional>
#include <map>
#include <mutex>

#include "relay/env/clock.hpp"
#include "relay/ports/card_port.hpp"
#include "relay/ports/hand_over_port.hpp"
#include "relay/ports/ledger_port.hpp"
#include "relay/ports/register_port.hpp"

namespace certrelay::testing {

class MemorySnapshot final : public RegisterSnapshot {
 public:
  RegisterVersion register_version{1, 0};
  std::vector<HouseholdView> households;
  std::map<Bytes, LinkedPerson> cards;  // by serial
  Bytes issuer_der;                     // that the links are under; empty: any
  std::map<PersonId, IndividualNumber> numbers;
  Catalogue known;
  // A defect to be caught: the n-th look-up of a household answers with another one's.
  mutable int displaced_at = -1;
  // Likewise: the n-th look-up of a number (from 0) answers with another person's.
  mutable int number_swapped_at = -1;

  RegisterVersion version() const override { return register_version; }
  Result<LinkedPerson> find_card(const CardKey& card) const override;
  Result<HouseholdView> household_of(const PersonId& person) const override;
  Result<SubjectPseudonym> pseudonym(const PersonId& person) const override;
  Result<std::optional<IndividualNumber>> individual_number(const PersonId& person) const override;
  const Catalogue& catalogue() const override { return known; }

 private:
  mutable int looked_up_ = 0;
  mutable int numbers_looked_up_ = 0;
};

class MemoryRegister final : public RegisterPort {
 public:
  std::shared_ptr<MemorySnapshot> current = std::make_shared<MemorySnapshot>();
  bool ready = true;
  bool household_changed = false;

  Result<std::shared_ptr<const RegisterSnapshot>> snapshot() const override;
  RegisterState state() const override;
  Result<void> still_current(const RegisterVersion& version,
                             const HouseholdId& household) const override;
};

class MemoryLedger final : public LedgerPort {
 public:
  explicit MemoryLedger(Clock& clock) : clock_(clock) {}
  // Whether UTC is not believed now; unset: it always is. Entries then keep the last trusted time.
  std::function<bool()> is_clock_doubted;
  std::vector<Entry> entries;
  bool writable = true;
  // How long a commit takes on the simulated clock.
  std::chrono::milliseconds commit_takes{0};
  // What happens elsewhere just before an entry gets its number.
  std::function<void(const Entry&)> before_order;

  boost::asio::awaitable<Result<LedgerSequence>> append(Entry entry, Guard guard) override;
  Result<bool> knows_transaction(const TransactionId& id) override;
  Result<std::vector<Entry>> entries_of(const TransactionId& id) override;
  Result<std::vector<Entry>> intents_on(JstDay day) override;
  LedgerHealth health() const override;
  std::vector<EntryKind> kinds() const;
  const Entry& last() const { return entries.back(); }

 private:
  bool doubted() const { return is_clock_doubted && is_clock_doubted(); }

  Clock& clock_;
  std::optional<UtcTime> last_trusted_;
};

// Remembers what was withdrawn.
class MemoryHandOvers final : public HandOverPort {
 public:
  std::vector<HouseholdId> withdrawn;
  int all = 0;
  void withdraw(const std::vector<HouseholdId>& households) override {
    withdrawn.insert(withdrawn.end(), households.begin(), households.end());
  }
  void withdraw_all() override { ++all; }
};

// A card's certificate is its serial; its signature is SHA-256 of serial and payload.
class MemoryCards final : public CardPort {
 public:
  static Bytes sign(const Bytes& serial, ByteView payload);
  Bytes issuer_der;
  Result<VerifiedCard> verify(ByteView certificate, ByteView payload, ByteView signature,
                              CardAlgorithm algorithm, UtcTime now) const override;
  CardHealth health() const override { return {}; }
};

// A household of fictional people, head first; the first member's birth year is 1983.
HouseholdView sample_household(unsigned number, std::size_t members);
Catalogue sample_catalogue();

}  // namespace certrelay::testing
