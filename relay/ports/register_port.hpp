// What issuance needs of the register: an immutable view of one version, and whether it may still
// be used.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "protocol/extract/records.hpp"

namespace certrelay {

struct LinkedPerson {
  PersonId person;
  JstDay valid_from;  // the card is refused before 00:00 JST of that day
};

struct HouseholdView {
  HouseholdRecord household;
  std::vector<PersonRecord> members;  // register order, head first; closed ones included
  // pseudonym() of each member, in that order: the key was open for the record anyway.
  std::vector<SubjectPseudonym> subjects{};
};

// One register version, complete and unchanging (INV-5). Thread-safe. Every value it returns was
// authenticated when it was opened; the caller holds the only plaintext.
class RegisterSnapshot {
 public:
  RegisterSnapshot() = default;
  RegisterSnapshot(const RegisterSnapshot&) = delete;
  RegisterSnapshot& operator=(const RegisterSnapshot&) = delete;
  virtual ~RegisterSnapshot() = default;

  virtual RegisterVersion version() const = 0;
  // Errors: kUnknownCard; kSealBroken, kStoreCorrupt, kIoError when stored bytes are damaged.
  virtual Result<LinkedPerson> find_card(const CardKey& card) const = 0;
  // Errors: kUnknownPerson (not on the register, or erased); damaged bytes as above.
  virtual Result<HouseholdView> household_of(const PersonId& person) const = 0;
  // Keyed by the person's own key: stays over generations, and means nothing once the key is gone.
  // Errors: as household_of.
  virtual Result<SubjectPseudonym> pseudonym(const PersonId& person) const = 0;
  // 個人番号, where it is held and the person has one; household_of() never opens it. Ask only for
  // whom it was chosen. Errors: kUnknownPerson (its key is gone too), as household_of.
  virtual Result<std::optional<IndividualNumber>> individual_number(
      const PersonId& person) const = 0;
  virtual const Catalogue& catalogue() const = 0;
};

// Why a register cannot be used now; shown in /readyz, in GET /v1/register and in the ledger.
enum class RegisterReason : std::uint8_t {
  kReady = 0,
  kNoRegister = 1,    // no extract has been activated
  kTooOld = 2,        // last contact lies further back than the bound (R50)
  kClockDoubted = 3,  // the clock is before the last contact
  kGap = 4,           // a change is missing
};
inline constexpr Names<RegisterReason, 5> kRegisterReasons{
    {{RegisterReason::kReady, "ready"},
     {RegisterReason::kNoRegister, "none"},
     {RegisterReason::kTooOld, "too_old"},
     {RegisterReason::kClockDoubted, "clock"},
     {RegisterReason::kGap, "gap"}}};

struct RegisterState {
  RegisterVersion version;          // generation 0: none
  UtcTime last_contact;             // epoch: never
  std::chrono::seconds age_max{0};  // the bound in force
  std::chrono::seconds age{0};      // now minus last_contact
  UtcTime complete_until{};     // nothing changes before, says the source system; epoch: nothing
  std::uint64_t announced = 0;  // the highest change it is known to have sent
  std::size_t quarantined = 0;  // households closed by changes that could not be applied
  RegisterReason reason = RegisterReason::kNoRegister;
  bool ready() const { return reason == RegisterReason::kReady; }
  bool near_bound() const { return age * 4 >= age_max * 3; }  // warn at 75 %
};

// Thread-safe.
class RegisterPort {
 public:
  RegisterPort() = default;
  RegisterPort(const RegisterPort&) = delete;
  RegisterPort& operator=(const RegisterPort&) = delete;
  virtual ~RegisterPort() = default;

  // The register in force. Errors: kRegisterNotReady (state() says why).
  virtual Result<std::shared_ptr<const RegisterSnapshot>> snapshot() const = 0;
  virtual RegisterState state() const = 0;
  // For the ledger's writer, at the one point of order, just before an intent becomes durable: ok
  // when no acknowledged change touches that household since `version` (INV-6). Never blocks, reads
  // no file. Errors: kRegisterChanged, kRegisterNotReady.
  virtual Result<void> still_current(const RegisterVersion& version,
                                     const HouseholdId& household) const = 0;
};

}  // namespace certrelay
