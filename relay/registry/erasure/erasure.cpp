#include "relay/registry/erasure/erasure.hpp"

#include <algorithm>

#include "protocol/extract/card_table.hpp"
#include "relay/registry/erasure/run_on.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

constexpr std::string_view kStateFile = "erasure.state";

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

Entry Erasure::entry_of(EntryKind kind, std::uint64_t number) const {
  Entry out;
  out.kind = kind;
  out.flags = settings_.demo ? kEntryDemo : 0;
  out.register_version = parts_.reg.state().version;
  // A crash can record a stage twice; the number tells.
  if (number > 0) out.action = ActionCode::parse("erasure." + std::to_string(number)).value();
  return out;
}

asio::awaitable<Result<void>> Erasure::record(Entry entry) {
  const auto appended = co_await parts_.ledger.append(std::move(entry));
  if (!appended) co_return appended.error();
  co_return ok();
}

asio::awaitable<Result<void>> Erasure::record_order(EntryKind kind, std::uint64_t number,
                                                    std::uint64_t persons,
                                                    const ErasureOrder& order) {
  auto entry = entry_of(kind, number);
  entry.operator_name = order.operator_name;
  entry.approver = order.approver;
  entry.stated_reason = order.reason;
  if (number > 0) entry.count = persons;
  co_return co_await record(std::move(entry));
}

asio::awaitable<Result<void>> Erasure::record_evidence(EntryKind kind, const Evidence& evidence) {
  const auto text = to_text(evidence);
  CERTRELAY_CO_TRY(parts_.files.write_durably(path(evidence_name(evidence.stage, evidence.number)),
                                              as_bytes(text)));
  auto entry = entry_of(kind, evidence.number);
  entry.count = evidence.persons;
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
  CERTRELAY_CO_TRY(const auto keys, parts_.reg.keys_mark());
  // The order first: an erasure that nobody recorded does not happen.
  CERTRELAY_CO_TRY(co_await record_order(EntryKind::kErasure, number, persons.size(), order));
  state_.next_number = number + 1;
  state_.begun = ErasureState::Begun{
      number, parts_.clock.utc_now(), persons.size(), parts_.reg.epoch(), keys, std::move(order)};
  CERTRELAY_CO_TRY(save());
  const auto turn = parts_.reg.destroy_keys(std::move(persons));
  if (!turn) {
    // Where it got to is told by the epoch; what cannot be settled now is settled by a later call.
    CERTRELAY_CO_TRY(co_await resume());
    const bool done = !state_.waiting.empty() && state_.waiting.back().number == number;
    if (!done) co_return turn.error();
    co_return ErasureReceipt{number, state_.waiting.back().persons, 0};
  }
  CERTRELAY_CO_TRY(co_await end_stage_one(turn.value(), false));
  co_return ErasureReceipt{number, turn.value().persons, 0};
}

asio::awaitable<Result<void>> Erasure::end_stage_one(RootTurn turn, bool resumed) {
  const auto begun = *state_.begun;
  const auto now = parts_.clock.utc_now();
  const Evidence evidence{.stage = ErasureStage::kKeysDestroyed,
                          .number = begun.number,
                          .at = now,
                          .persons = turn.persons,
                          .turn = turn,
                          .token = parts_.reg.root_in_token(),
                          .resumed = resumed,
                          .order = begun.order};
  CERTRELAY_CO_TRY(co_await record_evidence(EntryKind::kKeysDestroyed, evidence));
  state_.begun.reset();
  state_.waiting.push_back({begun.number, now, turn.persons});
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
    auto entry = entry_of(EntryKind::kErasureInterrupted, begun.number);
    entry.count = begun.persons;
    CERTRELAY_CO_TRY(co_await record(std::move(entry)));
    state_.begun.reset();
    co_return save();
  }
  RootTurn turn{.persons = begun.persons,
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
