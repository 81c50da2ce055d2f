// A day's documents in counts and yen. The ledger alone knows: what an event reported weeks later
// changes the row of the day on which the document was handed out.
#include <map>
#include <tuple>

#include "protocol/base/check.hpp"
#include "protocol/base/one_at_a_time.hpp"
#include "protocol/wire/settlement_message.hpp"
#include "relay/issuance/issuance.hpp"

namespace certrelay {
namespace {

class Settlement {
 public:
  // `entries` is the transaction's story.
  void add(const Entry& intent, const PurposeCode& purpose, const TransactionStory& story,
           const std::vector<Entry>& entries) {
    const auto copies = std::max<std::int64_t>(intent.copies.value_or(1), 1);
    const auto fee = static_cast<std::int64_t>(intent.fee_yen.value_or(0));
    const auto price = fee / copies;
    const Key key{story.kind, std::string(purpose.text()), price, story.state};
    const SettlementRow empty{story.kind, purpose, price, story.state, 0, 0, 0, 0, 0, 0};
    auto& row = rows_.try_emplace(key, empty).first->second;
    ++row.transactions;
    row.copies += copies;
    row.sheets += copies * intent.sheets.value_or(0);
    row.quoted_yen += fee;
    for (const auto& entry : entries) {
      if (entry.kind != EntryKind::kEvent || !entry.event) continue;
      const auto amount = static_cast<std::int64_t>(entry.amount_yen.value_or(0));
      if (*entry.event == RecordedEvent::kRefunded) {
        row.refunded_yen += amount;
      } else if (*entry.event != RecordedEvent::kLeftBehind && entry.paid.value_or(false)) {
        row.paid_yen += amount;  // left_behind follows printed, which has told the money already
      }
    }
  }
  std::vector<SettlementRow> take() {
    std::vector<SettlementRow> out;
    out.reserve(rows_.size());
    for (auto& [key, row] : rows_) out.push_back(std::move(row));
    return out;
  }

 private:
  // Also the order of the rows.
  using Key = std::tuple<CertificateKind, std::string, std::int64_t, TransactionState>;
  std::map<Key, SettlementRow> rows_;
};

}  // namespace

HttpAnswer Issuance::settlement(const Call& call, JstDay date) {
  const auto now = parts_.clock.utc_now();
  if (date > jst_day(now)) return refuse(call, ErrorCode::kNoSuchCall, std::nullopt);
  const OneAtATime turn(settling_);
  if (!turn.mine()) return refuse(call, ErrorCode::kStepInProgress, std::nullopt);
  const auto intents = parts_.ledger.intents_on(date);
  if (!intents) return refuse(call, intents.error().code, std::nullopt);
  Settlement settlement;
  for (const auto& intent : intents.value()) {
    if (intent.peer != call.frame.peer) continue;  // each center sees its own alone
    if (!intent.transaction || !intent.purpose) continue;
    const auto entries = parts_.ledger.entries_of(*intent.transaction);
    if (!entries) return refuse(call, entries.error().code, std::nullopt);
    const auto story = story_of(entries.value(), now, settings_.deadlines);
    if (story) settlement.add(intent, *intent.purpose, *story, entries.value());
  }
  const auto over = jst_midnight(date + std::chrono::days(1)) + kEventsAcceptedFor;
  auto body = encode(SettlementAnswer{date, std::chrono::floor<std::chrono::seconds>(now),
                                      now > over, settlement.take()});
  if (!body) return refuse(call, body.error().code, std::nullopt);
  return sign(call, json_answer(200, std::move(body.value())));
}

}  // namespace certrelay
