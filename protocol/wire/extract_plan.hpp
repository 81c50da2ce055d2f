// What a push would change, compared with the register in force: counts, and a bounded list that
// names records by their opaque ids and columns by name. Values never leave, nor their lengths:
// the registry's front reads this (docs/decisions/0020-plan-without-values.md).
#pragma once

#include <string>
#include <vector>

#include "protocol/base/json.hpp"
#include "protocol/ids/values.hpp"

namespace certrelay {

struct PlanCounts {
  std::uint64_t added = 0;      // 追加
  std::uint64_t changed = 0;    // 変更
  std::uint64_t deleted = 0;    // 消除
  std::uint64_t unchanged = 0;  // 変更なし
  std::uint64_t before() const { return changed + deleted + unchanged; }
  bool nothing_to_do() const { return added + changed + deleted == 0; }
  friend bool operator==(const PlanCounts&, const PlanCounts&) = default;
};

enum class PlanRecord : std::uint8_t { kPerson = 1, kHousehold = 2 };
enum class PlanChange : std::uint8_t { kAdded = 1, kChanged = 2, kDeleted = 3 };

struct PlanDifference {
  PlanRecord record = PlanRecord::kPerson;
  std::string id;  // eleven digits, made for the extract alone
  PlanChange change = PlanChange::kChanged;
  // Of a change alone: the column's name after "+" (was empty), "-" (is empty now) or "~"
  // (another value). A person's cards are the column "cards".
  std::vector<std::string> columns;
  friend bool operator==(const PlanDifference&, const PlanDifference&) = default;
};
inline constexpr std::size_t kDifferencesMax = 200;
inline constexpr std::size_t kDifferenceColumnsMax = 64;
inline constexpr std::size_t kDifferenceColumnBytesMax = 32;
inline constexpr std::size_t kFeeKindsMax = 16;

struct ExtractPlan {
  std::uint64_t base_generation = 0;  // the register that it was compared with; 0: none
  PlanCounts persons;
  PlanCounts households;
  PlanCounts cards;
  bool catalogue_changed = false;             // kinds, purposes, entries or fees
  std::vector<CertificateKind> fees_changed;  // kinds; none without a base
  std::vector<PlanDifference> differences;    // first kDifferencesMax; none without a base
  bool nothing_to_do() const {
    return persons.nothing_to_do() && households.nothing_to_do() && cards.nothing_to_do() &&
           !catalogue_changed;
  }
  friend bool operator==(const ExtractPlan&, const ExtractPlan&) = default;
};

std::string_view to_text(PlanRecord record);
std::string_view to_text(PlanChange change);

// As a member of a larger message. Errors: JsonObject's, kMalformed, kLimitExceeded.
Result<ExtractPlan> read_plan(JsonObject& in);
Result<void> check(const ExtractPlan& plan);
// Precondition: check(plan) is ok.
boost::json::object plan_value(const ExtractPlan& plan);

}  // namespace certrelay
