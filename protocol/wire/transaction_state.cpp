#include "protocol/wire/transaction_state.hpp"

#include "protocol/base/names.hpp"

namespace certrelay {
namespace {

constexpr Names<TransactionState, 13> kTransactionStates{
    {{TransactionState::kOpened, "opened"},
     {TransactionState::kIdentified, "identified"},
     {TransactionState::kRefused, "refused"},
     {TransactionState::kExpired, "expired"},
     {TransactionState::kIssued, "issued"},
     {TransactionState::kPrinted, "printed"},
     {TransactionState::kCancelled, "cancelled"},
     {TransactionState::kJammed, "jammed"},
     {TransactionState::kTimedOut, "timed_out"},
     {TransactionState::kLeftBehind, "left_behind"},
     {TransactionState::kRefunded, "refunded"},
     {TransactionState::kResultMissing, "result_missing"},
     {TransactionState::kDeliveryUnknown, "delivery_unknown"}}};

constexpr Names<PrintEvent, 6> kEvents{{{PrintEvent::kPrinted, "printed"},
                                        {PrintEvent::kCancelled, "cancelled"},
                                        {PrintEvent::kJammed, "jammed"},
                                        {PrintEvent::kTimedOut, "timed_out"},
                                        {PrintEvent::kLeftBehind, "left_behind"},
                                        {PrintEvent::kRefunded, "refunded"}}};

bool awaits_result(TransactionState state) {
  return state == TransactionState::kIssued || state == TransactionState::kResultMissing ||
         state == TransactionState::kDeliveryUnknown;
}

bool has_paper(TransactionState state) {
  return awaits_result(state) || state == TransactionState::kPrinted ||
         state == TransactionState::kCancelled || state == TransactionState::kJammed ||
         state == TransactionState::kTimedOut || state == TransactionState::kLeftBehind;
}

bool may_follow(TransactionState state, PrintEvent event) {
  if (event == PrintEvent::kLeftBehind) return state == TransactionState::kPrinted;
  if (event == PrintEvent::kRefunded) return has_paper(state);
  return awaits_result(state);
}

}  // namespace

std::string_view to_text(TransactionState state) { return name_of(kTransactionStates, state); }
Result<TransactionState> parse_transaction_state(std::string_view text) {
  return value_of(kTransactionStates, text, "state");
}

std::string_view to_text(PrintEvent event) { return name_of(kEvents, event); }
Result<PrintEvent> parse_print_event(std::string_view text) {
  return value_of(kEvents, text, "event");
}

Result<TransactionState> state_after(TransactionState state, PrintEvent event) {
  if (!may_follow(state, event)) return Error{ErrorCode::kMalformed, "event: not in this state"};
  return parse_transaction_state(to_text(event));  // each event has the name of its state
}

}  // namespace certrelay
