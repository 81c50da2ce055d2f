#pragma once

#include "protocol/extract/household_rules.hpp"
#include "protocol/wire/extract_plan.hpp"
#include "relay/registry/overlaid_register.hpp"

namespace certrelay {

// Compares an extract, household by household as it is built, with the register as it stands, the
// changes in force included. Each record of that register is opened once, compared and wiped, so
// that the two registers never lie in memory side by side, and no digest of records is kept
// anywhere.
class PlanMaker {
 public:
  // `base` may be null: everything is added then. Errors: the store's.
  static Result<PlanMaker> create(std::shared_ptr<const OverlaidRegister> base);

  // Reports fees that tell of a past day what the base does not (check_past_fees).
  void check_fees(const Catalogue& catalogue, JstDay today, Diagnostics& diagnostics) const;
  // Once a household. Errors: damaged bytes of the base.
  Result<void> household(const HouseholdRows& rows,
                         const std::vector<std::vector<CardRecord>>& cards,
                         const std::vector<Bytes>& issuers);

  // After the last household. Reports each card that another person has in the base, or had before
  // a change took it away: a link never moves to another person within a generation (R22). Errors:
  // damaged bytes of the base; kCardOfAnother (reported).
  Result<ExtractPlan> finish(const Catalogue& catalogue, Diagnostics& diagnostics);
  // After finish(): each household of which the two generations do not say the same, ascending; a
  // document of any other may still be handed out when one follows the other.
  std::vector<std::uint64_t> take_touched();

 private:
  explicit PlanMaker(std::shared_ptr<const OverlaidRegister> base) : base_(std::move(base)) {}

  struct Seen {                    // of the household at hand
    bool before = false;           // the base has it, with a member of it
    bool members_changed = false;  // a member's record or cards
    std::vector<std::string> columns;
  };
  struct Cards {
    const std::vector<CardRecord>& records;
    const std::vector<std::uint64_t>& lines;
    const std::vector<Bytes>& issuers;
  };

  Result<void> compare(const HouseholdRows& rows, std::size_t member, const Cards& cards,
                       Seen& household);
  Result<bool> compare_cards(const StoredPerson* before, const PersonId& person,
                             const Cards& cards);
  // `known`: the base's record of the person can be opened.
  Result<void> added_card(const CardKey& card, const PersonId& person, bool known,
                          std::uint64_t line);
  void compare_household(const StoredPerson& before, const HouseholdRows& rows, Seen& household);
  void count(PlanCounts& counts, PlanRecord record, std::string_view id,
             const std::vector<std::string>& columns);
  void list(PlanRecord record, std::string id, PlanChange change,
            std::vector<std::string> columns = {});
  Result<void> count_deleted();
  void count_unmatched();

  std::shared_ptr<const OverlaidRegister> base_;
  std::vector<std::uint64_t> persons_;     // of the base, ascending
  std::vector<bool> kept_;                 // beside persons_
  std::vector<std::uint64_t> households_;  // of the base, as its records are opened
  std::vector<std::uint64_t> unmatched_;   // households that share no member with the base's
  std::vector<Diagnostic> moved_cards_;    // first Diagnostics::kKeptMax
  std::uint64_t moved_count_ = 0;
  std::uint64_t cards_before_ = 0;  // of the base, as its records are opened
  std::vector<std::uint64_t> touched_;
  ExtractPlan plan_;
};

}  // namespace certrelay
