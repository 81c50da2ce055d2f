#include "protocol/extract/catalogue_rules.hpp"

#include <algorithm>

#include "protocol/extract/schema.hpp"

namespace certrelay {
namespace {

void reject(Diagnostics& diagnostics, Table table, std::string_view column, std::string_view rule,
            std::string_view mend) {
  diagnostics.reject({std::string(table_info(table).file), 0, column, rule, mend});
}

template <class Rows, class Key>
void check_unique(const Rows& rows, Key key, Table table, Diagnostics& diagnostics) {
  const auto column = table_info(table).columns.front().name;
  if (rows.empty()) reject(diagnostics, table, {}, "empty-table", "1件以上必要です。");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (key(rows[i]) == key(rows[j])) {
        reject(diagnostics, table, column, "double-code", "同じコードが2つあります。");
      }
    }
  }
}

void check_fee(const Catalogue& catalogue, const FeeRecord& fee, Diagnostics& diagnostics) {
  const bool kind = std::any_of(catalogue.kinds.begin(), catalogue.kinds.end(),
                                [&](const auto& known) { return known.kind == fee.kind; });
  const bool purpose = std::any_of(catalogue.purposes.begin(), catalogue.purposes.end(),
                                   [&](const auto& known) { return known.purpose == fee.purpose; });
  if (!kind) reject(diagnostics, Table::kFees, "kind", "fee-kind", "kinds.csvにない種別です。");
  if (!purpose) {
    reject(diagnostics, Table::kFees, "purpose", "fee-purpose", "purposes.csvにない用途です。");
  }
  const auto twins =
      std::count_if(catalogue.fees.begin(), catalogue.fees.end(), [&](const auto& f) {
        return f.kind == fee.kind && f.purpose == fee.purpose &&
               f.effective_from == fee.effective_from;
      });
  if (twins > 1) {
    reject(diagnostics, Table::kFees, "effective_from", "double-fee",
           "同じ種別・用途・適用開始日の手数料が2つあります。");
  }
}

}  // namespace

const FeeRecord* fee_in_force(const Catalogue& catalogue, CertificateKind kind,
                              const PurposeCode& purpose, JstDay day) {
  const FeeRecord* best = nullptr;
  for (const auto& fee : catalogue.fees) {
    if (fee.kind != kind || fee.purpose != purpose || fee.effective_from > day) continue;
    if (best == nullptr || fee.effective_from > best->effective_from) best = &fee;
  }
  return best;
}

void check_catalogue(const Catalogue& catalogue, JstDay day, Diagnostics& diagnostics) {
  check_unique(
      catalogue.kinds, [](const auto& row) { return row.kind; }, Table::kKinds, diagnostics);
  check_unique(
      catalogue.purposes, [](const auto& row) { return row.purpose; }, Table::kPurposes,
      diagnostics);
  check_unique(
      catalogue.entries, [](const auto& row) { return row.entry; }, Table::kEntries, diagnostics);
  for (const auto& fee : catalogue.fees) check_fee(catalogue, fee, diagnostics);
  for (const auto& kind : catalogue.kinds) {
    for (const auto& purpose : catalogue.purposes) {
      if (fee_in_force(catalogue, kind.kind, purpose.purpose, day) == nullptr) {
        reject(diagnostics, Table::kFees, "effective_from", "no-fee",
               "種別と用途の組ごとに、作成日に有効な手数料が必要です。");
      }
    }
  }
}

}  // namespace certrelay
