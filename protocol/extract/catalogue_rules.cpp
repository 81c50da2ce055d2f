#include "protocol/extract/catalogue_rules.hpp"

#include <algorithm>
#include <set>

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

bool same_service(const FeeRecord& a, const FeeRecord& b) {
  return a.kind == b.kind && a.purpose == b.purpose;
}

bool same_price(const FeeRecord& a, const FeeRecord& b) {
  return a.unit_price_yen == b.unit_price_yen && a.unit == b.unit;
}

bool offered(const Catalogue& catalogue, const FeeRecord& fee) {
  return std::any_of(catalogue.fees.begin(), catalogue.fees.end(),
                     [&](const auto& known) { return same_service(known, fee); });
}

bool has_fee(const Catalogue& catalogue, const FeeRecord& fee) {
  return std::find(catalogue.fees.begin(), catalogue.fees.end(), fee) != catalogue.fees.end();
}

}  // namespace

void check_past_fees(const Catalogue& force, const Catalogue& next, JstDay today,
                     Diagnostics& diagnostics) {
  // Between two first days of a fee nothing changes, so that those days tell of all others.
  std::vector<FeeRecord> days = force.fees;
  days.insert(days.end(), next.fees.begin(), next.fees.end());
  std::set<std::size_t> wrong;
  for (const auto& day : days) {
    if (day.effective_from >= today || !offered(force, day)) continue;
    const auto* then = fee_in_force(force, day.kind, day.purpose, day.effective_from);
    const auto* now = fee_in_force(next, day.kind, day.purpose, day.effective_from);
    if (now == nullptr || (then != nullptr && same_price(*then, *now))) continue;
    wrong.insert(static_cast<std::size_t>(now - next.fees.data()));
  }
  for (const auto at : wrong) {
    constexpr std::uint64_t kFirstLine = 2;  // no cell of fees.csv may have a line's end in it
    diagnostics.reject({std::string(table_info(Table::kFees).file), kFirstLine + at,
                        "effective_from", "past-fee",
                        "過ぎた日の手数料は変えられません。適用中の登録と同じに戻し、"
                        "改定は適用開始日を今日以降にした行で追加してください。"});
  }
}

std::vector<CertificateKind> kinds_of_other_fees(const Catalogue& force, const Catalogue& next) {
  std::set<CertificateKind> out;
  for (const auto& fee : next.fees) {
    if (!has_fee(force, fee)) out.insert(fee.kind);
  }
  for (const auto& fee : force.fees) {
    if (!has_fee(next, fee)) out.insert(fee.kind);
  }
  return {out.begin(), out.end()};
}

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
