#include "protocol/wire/extract_plan.hpp"

#include <algorithm>

#include "protocol/base/names.hpp"
#include "protocol/wire/json_fields.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kIdDigits = 11;

constexpr Names<PlanRecord, 2> kRecords{
    {{PlanRecord::kPerson, "person"}, {PlanRecord::kHousehold, "household"}}};
constexpr Names<PlanChange, 3> kChanges{{{PlanChange::kAdded, "added"},
                                         {PlanChange::kChanged, "changed"},
                                         {PlanChange::kDeleted, "deleted"}}};

bool is_column(std::string_view text) {
  constexpr std::string_view kMarks = "+-~";
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz_";
  return text.size() >= 2 && text.size() <= kDifferenceColumnBytesMax &&
         kMarks.find(text.front()) != std::string_view::npos &&
         text.find_first_not_of(kLetters, 1) == std::string_view::npos;
}

bool is_opaque_id(std::string_view text) {
  return text.size() == kIdDigits && text.find_first_not_of("0123456789") == std::string_view::npos;
}

Result<void> check(const PlanDifference& difference) {
  CERTRELAY_TRY(value_of(kRecords, name_of(kRecords, difference.record), "plan: record"));
  CERTRELAY_TRY(value_of(kChanges, name_of(kChanges, difference.change), "plan: change"));
  if (!is_opaque_id(difference.id)) return Error{ErrorCode::kMalformed, "plan: id"};
  CERTRELAY_TRY(check_count(difference.columns.size(), 0, kDifferenceColumnsMax));
  const bool columns = std::all_of(difference.columns.begin(), difference.columns.end(), is_column);
  const bool changed = difference.change == PlanChange::kChanged;
  if (!columns || changed == difference.columns.empty()) {
    return Error{ErrorCode::kMalformed, "plan: columns"};
  }
  return ok();
}

Result<void> check(const PlanCounts& counts) {
  for (const auto number : {counts.added, counts.changed, counts.deleted, counts.unchanged}) {
    if (number > kJsonIntegerMax) return Error{ErrorCode::kLimitExceeded, "plan: number"};
  }
  return ok();
}

Result<PlanCounts> counts_field(JsonObject& in, std::string_view name) {
  CERTRELAY_TRY(auto object, in.object(name));
  PlanCounts out;
  CERTRELAY_TRY(out.added, count_field(object, "added"));
  CERTRELAY_TRY(out.changed, count_field(object, "changed"));
  CERTRELAY_TRY(out.deleted, count_field(object, "deleted"));
  CERTRELAY_TRY(out.unchanged, count_field(object, "unchanged"));
  CERTRELAY_TRY(object.expect_no_more());
  return out;
}

// Texts; each must be one.
Result<std::vector<std::string>> texts_field(JsonObject& in, std::string_view name,
                                             std::size_t max) {
  return list_field<std::string>(in, name, max, [](const auto& element) -> Result<std::string> {
    if (!element.is_string()) return Error{ErrorCode::kWrongType, "plan: list of texts"};
    return std::string(element.get_string());
  });
}

Result<std::vector<CertificateKind>> kinds_field(JsonObject& in, std::string_view name) {
  CERTRELAY_TRY(const auto texts, texts_field(in, name, kFeeKindsMax));
  std::vector<CertificateKind> out;
  for (const auto& text : texts) {
    CERTRELAY_TRY(const auto kind, parse_certificate_kind(text));
    out.push_back(kind);
  }
  return out;
}

boost::json::array texts_value(const std::vector<CertificateKind>& kinds) {
  boost::json::array out;
  for (const auto kind : kinds) out.emplace_back(to_text(kind));
  return out;
}

Result<PlanDifference> read_difference(JsonObject& in) {
  PlanDifference out;
  CERTRELAY_TRY(const auto record, in.string("record"));
  CERTRELAY_TRY(out.record, value_of(kRecords, record, "plan: record"));
  CERTRELAY_TRY(const auto id, in.string("id"));
  out.id = std::string(id);
  CERTRELAY_TRY(const auto change, in.string("change"));
  CERTRELAY_TRY(out.change, value_of(kChanges, change, "plan: change"));
  CERTRELAY_TRY(out.columns, texts_field(in, "columns", kDifferenceColumnsMax));
  return out;
}

boost::json::object counts_value(const PlanCounts& counts) {
  return {{"added", counts.added},
          {"changed", counts.changed},
          {"deleted", counts.deleted},
          {"unchanged", counts.unchanged}};
}

}  // namespace

std::string_view to_text(PlanRecord record) { return name_of(kRecords, record); }
std::string_view to_text(PlanChange change) { return name_of(kChanges, change); }

Result<void> check(const ExtractPlan& plan) {
  if (plan.base_generation > kJsonIntegerMax) {
    return Error{ErrorCode::kLimitExceeded, "plan: number"};
  }
  for (const auto* counts : {&plan.persons, &plan.households, &plan.cards}) {
    CERTRELAY_TRY(check(*counts));
  }
  CERTRELAY_TRY(check_count(plan.fees_changed.size(), 0, kFeeKindsMax));
  CERTRELAY_TRY(check_count(plan.differences.size(), 0, kDifferencesMax));
  for (const auto& difference : plan.differences) {
    CERTRELAY_TRY(check(difference));
  }
  return ok();
}

Result<ExtractPlan> read_plan(JsonObject& in) {
  ExtractPlan out;
  CERTRELAY_TRY(out.base_generation, count_field(in, "base_generation"));
  CERTRELAY_TRY(out.persons, counts_field(in, "persons"));
  CERTRELAY_TRY(out.households, counts_field(in, "households"));
  CERTRELAY_TRY(out.cards, counts_field(in, "cards"));
  CERTRELAY_TRY(out.catalogue_changed, in.boolean("catalogue_changed"));
  CERTRELAY_TRY(out.fees_changed, kinds_field(in, "fees_changed"));
  CERTRELAY_TRY(out.differences,
                objects_field<PlanDifference>(in, "differences", kDifferencesMax, read_difference));
  CERTRELAY_TRY(check(out));
  return out;
}

boost::json::object plan_value(const ExtractPlan& plan) {
  const auto differences = to_array_of(plan.differences, [](const PlanDifference& difference) {
    boost::json::array columns;
    for (const auto& column : difference.columns) columns.emplace_back(column);
    return boost::json::object{{"record", to_text(difference.record)},
                               {"id", difference.id},
                               {"change", to_text(difference.change)},
                               {"columns", std::move(columns)}};
  });
  return {{"base_generation", plan.base_generation},
          {"persons", counts_value(plan.persons)},
          {"households", counts_value(plan.households)},
          {"cards", counts_value(plan.cards)},
          {"catalogue_changed", plan.catalogue_changed},
          {"fees_changed", texts_value(plan.fees_changed)},
          {"differences", differences}};
}

}  // namespace certrelay
