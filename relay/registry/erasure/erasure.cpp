#include "relay/registry/erasure/erasure.hpp"

#include <algorithm>

#include "protocol/extract/card_table.hpp"
#include "relay/registry/erasure/run_on.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

constexpr std::string_view kStateFile = "erasure.state";
// Before the number of an erasure, in its entries.
constexpr std::string_view kOfPersons = "erasure.";
constexpr std::string_view kOfNumbers = "number.";

asio::awaitable<Result<ResidueDrop>> rebuilt(SealedRegister& reg) { co_return reg.drop_residue(); }

}  // namespace

Erasure::Erasure(ErasureSettings settings, ErasureParts parts, ErasureState state)
    : settings_(std::move(settings)), parts_(std::move(parts)), state_(std::move(state)) {}

Result<std::unique_ptr<Erasure>> Erasure::open(ErasureSettings settings, ErasureParts parts) {
  const auto made = parts.files.make_folder(settings.folder);
  if (!made && made.error().code != ErrorCode::kAlreadyExists) return made.error();
  CERTRELAY_TRY(parts.files.sync_folder(folder_of(settings.folder)));
  CERTRELAY_TRY(auto state,
                load_erasure_state(parts.files, settings.folder + "/" + std::string(kStateFile)));
  return std::make_unique<Erasure>(std::move(settings), std::move(parts), std::move(state));
}

std::string Erasure::path(std::string_view name) const {
  return settings_.folder + "/" + std::string(name);
}

Result<void> Erasure::save() {
  return parts_.files.write_durably(path(kStateFile), encode(state_));
}

Entry Erasure::entry_of(EntryKind kind, std::uint64_t number, std::string_view what) const {
  Entry out;
  out.kind = kind;
  out.flags = settings_.demo ? kEntryDemo : 0;
  out.register_version = parts_.reg.state().version;
  // A crash can record a stage twice; the number tells.
  if (number > 0)
    out.action = ActionCode::parse(std::string(what) + std::to_string(number)).value();
  return out;
}

asio::awaitable<Result<void>> Erasure::record(Entry entry) {
  const auto appended = co_await parts_.ledger.append(std::move(entry));
  if (!appended) co_return appended.error();
  co_return ok();
}

asio::awaitable<Result<void>> Erasure::record_order(EntryKind kind, std::uint64_t number,
                                                    std::uint64_t persons,
                                                    const std::optional<ErasureOrder>& order) {
  auto entry = entry_of(kind, number, order ? kOfPersons : kOfNumbers);
  if (order) {
    entry.operator_name = order->operator_name;
    entry.approver = order->approver;
    entry.stated_reason = order->reason;
  }
  if (number > 0) entry.count = persons;
  co_return co_await record(std::move(entry));
}

asio::awaitable<Result<void>> Erasure::record_evidence(EntryKind kind, const Evidence& evidence) {
  const auto text = to_text(evidence);
  CERTRELAY_CO_TRY(parts_.files.write_durably(path(evidence_name(evidence.stage, evidence.number)),
                                              as_bytes(text)));
  const bool of_numbers = evidence.numbers > 0;
  auto entry = entry_of(kind, evidence.number, of_numbers ? kOfNumbers : kOfPersons);
  if (!of_numbers) entry.count = evidence.persons;
  entry.artifact_sha256 = sha256(as_bytes(text));
  co_return co_await record(std::move(entry));
}

// Who has a key and no place on the register: those that left with a generation, and those that
// acknowledged changes deleted.
Result<void> Erasure::look_who_is_due() {
  const std::pair now{parts_.reg.state().version, parts_.reg.epoch()};
  if (now != looked_at_) {
    CERTRELAY_TRY(due_, parts_.reg.left_behind());
    looked_at_ = now;
  }
  if (state_.pending_since.has_value() == !due_.empty()) return ok();
  state_.pending_since.reset();
  if (!due_.empty()) state_.pending_since = parts_.clock.utc_now();
  return save();
}

asio::awaitable<Result<ErasureReceipt>> Erasure::erase(std::vector<std::uint64_t> persons,
                                                       ErasureOrder order) {
  if (state_.waiting.size() >= kErasuresWaitingMax) {
    co_return Error{ErrorCode::kErasureUnfinished, "erasure: stage two is far behind"};
  }
  const auto number = state_.next_number;
  const auto count = persons.size();
  std::function<Result<RootTurn>()> destroy = [this, &persons] {
    return parts_.reg.destroy_keys(persons);
  };
  std::optional<ErasureOrder> given(std::move(order));
  CERTRELAY_CO_TRY(const auto turn,
                   co_await carry_out(count, std::move(given), std::move(destroy)));
  co_return ErasureReceipt{number, turn.persons, 0};
}

asio::awaitable<Result<RootTurn>> Erasure::carry_out(std::uint64_t persons,
                                                     std::optional<ErasureOrder> order,
                                                     std::function<Result<RootTurn>()> destroy) {
  const auto number = state_.next_number;
  const auto before = parts_.reg.epoch();
  CERTRELAY_CO_TRY(const auto keys, parts_.reg.keys_mark());
  ErasureState::Begun begun{number, parts_.clock.utc_now(), persons, before,
                            keys,   std::move(order)};
  // The order first: an erasure that nobody recorded does not happen.
  CERTRELAY_CO_TRY(co_await record_order(EntryKind::kErasure, number, persons, begun.order));
  state_.next_number = number + 1;
  state_.begun = std::move(begun);
  CERTRELAY_CO_TRY(save());
  auto turn = destroy();
  if (turn) {
    CERTRELAY_CO_TRY(co_await end_stage_one(turn.value(), false));
    co_return turn;
  }
  // Where it got to is told by the epoch; what cannot be settled now is settled by a later call.
  CERTRELAY_CO_TRY(co_await resume());
  if (parts_.reg.epoch() == before) co_return turn.error();
  RootTurn done;
  done.persons = persons;
  co_return done;
}

// What a standing order does for the deleted, a death does for its number alone.
asio::awaitable<Result<void>> Erasure::end_numbers_due(bool gathered) {
  CERTRELAY_CO_TRY(look_at_numbers());
  if (numbers_.count == 0 || !(numbers_.at_once || gathered)) co_return ok();
  // Tried again each second: only what can be done leaves entries.
  CERTRELAY_CO_TRY(parts_.reg.may_turn());
  std::function<Result<RootTurn>()> destroy = [this] { return parts_.reg.end_numbers(); };
  std::optional<ErasureOrder> nobodys;
  const auto turn = co_await carry_out(numbers_.count, std::move(nobodys), std::move(destroy));
  if (!turn) co_return turn.error();
  co_return look_at_numbers();
}

Result<void> Erasure::look_at_numbers() {
  CERTRELAY_TRY(numbers_, parts_.reg.numbers_due());
  if (numbers_.count == 0) numbers_since_.reset();
  if (numbers_.count > 0 && !numbers_since_) numbers_since_ = parts_.clock.utc_now();
  return ok();
}

asio::awaitable<Result<void>> Erasure::end_stage_one(RootTurn turn, bool resumed) {
  const auto begun = *state_.begun;
  const auto now = parts_.clock.utc_now();
  const bool of_numbers = !begun.order;
  const Evidence evidence{.stage = ErasureStage::kKeysDestroyed,
                          .number = begun.number,
                          .at = now,
                          .persons = turn.persons,
                          .numbers = turn.numbers,
                          .turn = turn,
                          .token = parts_.reg.root_in_token(),
                          .resumed = resumed,
                          .order = begun.order};
  CERTRELAY_CO_TRY(co_await record_evidence(EntryKind::kKeysDestroyed, evidence));
  state_.begun.reset();
  // A number leaves no row and no card behind: there is no second stage.
  if (!of_numbers) state_.waiting.push_back({begun.number, now, turn.persons});
  CERTRELAY_CO_TRY(save());
  co_return look_who_is_due();
}

// Never "done" by hope: the epoch rose, or it did not; and the register destroys an old root before
// it opens, or before it says that nothing is unsettled.
asio::awaitable<Result<void>> Erasure::resume() {
  if (!state_.begun) co_return ok();
  CERTRELAY_CO_TRY(parts_.reg.settle_roots());
  const auto& begun = *state_.begun;
  if (parts_.reg.epoch() == begun.epoch_before) {
    auto entry = entry_of(EntryKind::kErasureInterrupted, begun.number,
                          begun.order ? kOfPersons : kOfNumbers);
    entry.count = begun.persons;
    CERTRELAY_CO_TRY(co_await record(std::move(entry)));
    state_.begun.reset();
    co_return save();
  }
  RootTurn turn{.persons = begun.order ? begun.persons : 0,
                .numbers = begun.order ? 0 : begun.persons,
                .epoch_before = begun.epoch_before,
                .epoch_after = parts_.reg.epoch(),
                .keys_before = begun.keys_before,
                .keys_after = {}};
  CERTRELAY_CO_TRY(turn.keys_after, parts_.reg.keys_mark());
  co_return co_await end_stage_one(turn, true);
}

asio::awaitable<Result<void>> Erasure::drop_residue() {
  if (!dropped_) {
    const auto erasures = state_.waiting.size();
    auto dropped = co_await run_on(parts_.builder, rebuilt(parts_.reg));
    if (!dropped) co_return dropped.error();
    dropped_ = std::move(dropped).value();
    dropped_erasures_ = erasures;
  }
  // Complete only once the former files are gone.
  if (!parts_.reg.residue_gone()) {
    co_return Error{ErrorCode::kErasureBusy, "residue: an older register is still read"};
  }
  co_return co_await record_residue();
}

asio::awaitable<Result<void>> Erasure::record_residue() {
  while (dropped_erasures_ > 0) {
    const auto one = state_.waiting.front();
    const Evidence evidence{.stage = ErasureStage::kResidueDropped,
                            .number = one.number,
                            .at = parts_.clock.utc_now(),
                            .persons = one.persons,
                            .turn = dropped_->turn,
                            .token = parts_.reg.root_in_token(),
                            .residue = dropped_};
    CERTRELAY_CO_TRY(co_await record_evidence(EntryKind::kResidueDropped, evidence));
    state_.waiting.erase(state_.waiting.begin());
    --dropped_erasures_;
    CERTRELAY_CO_TRY(save());
  }
  dropped_.reset();
  co_return look_who_is_due();
}

}  // namespace certrelay
