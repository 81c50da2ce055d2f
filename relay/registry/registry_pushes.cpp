// The pushes that RegistryVerbs keeps, what it demands of a statement, and what it records.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "relay/registry/registry_problem.hpp"
#include "relay/registry/registry_verbs.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds kClockTolerance{60};
constexpr std::string_view kSpoolEnd = ".sealed";

}  // namespace

RegistryVerbs::RegistryVerbs(RegistrySettings settings, RegistryParts parts)
    : settings_(std::move(settings)),
      parts_(std::move(parts)),
      change_keys_(parts_.entropy, parts_.clock) {}

Result<void> RegistryVerbs::start() {
  const auto made = parts_.files.make_folder(settings_.spool_folder);
  if (!made && made.error().code != ErrorCode::kAlreadyExists) return made.error();
  CERTRELAY_TRY(const auto names, parts_.files.list(settings_.spool_folder));
  for (const auto& name : names) {
    if (!name.ends_with(kSpoolEnd)) continue;
    CERTRELAY_TRY(parts_.files.remove(settings_.spool_folder + "/" + name));
  }
  // A statement that was accepted before a restart is not accepted again after it.
  const auto state = parts_.reg.state();
  last_sent_at_ = state.last_contact;
  started_at_ = state.version;
  return ok();
}

Result<SignedStatement> RegistryVerbs::verified_statement(StatementKind kind,
                                                          const RequestFrame& frame,
                                                          ByteView body) const {
  CERTRELAY_TRY(auto statement, statement_of(frame.request.headers));
  CERTRELAY_TRY(parts_.feeder.verify(kind, settings_.municipality, statement, body));
  const auto off = std::chrono::abs(parts_.clock.utc_now() - statement.statement.sent_at);
  if (off > kClockTolerance) return Error{ErrorCode::kStatementStale, "registry"};
  return statement;
}

Result<void> RegistryVerbs::take_rising(UtcTime sent_at) {
  if (sent_at <= last_sent_at_) return Error{ErrorCode::kStatementStale, "registry"};
  last_sent_at_ = sent_at;
  return ok();
}

Result<SignedStatement> RegistryVerbs::check_statement(StatementKind kind,
                                                       const RequestFrame& frame, ByteView body) {
  CERTRELAY_TRY(auto statement, verified_statement(kind, frame, body));
  CERTRELAY_TRY(take_rising(statement.statement.sent_at));
  return statement;
}

Result<void> RegistryVerbs::make_room() {
  if (pushes_.size() < settings_.pushes_max) return ok();
  // The oldest that nobody works on: its sender would have gone on long ago.
  const auto old = std::find_if(pushes_.begin(), pushes_.end(), [](const auto& push) {
    return push->state != ExtractState::kBuilding && push->state != ExtractState::kScheduled &&
           push->state != ExtractState::kPendingApproval;
  });
  if (old == pushes_.end()) return Error{ErrorCode::kRegisterBusy, "registry"};
  forget(**old);
  pushes_.erase(old);
  return ok();
}

Result<Push> RegistryVerbs::new_push(const RequestFrame& frame, Manifest manifest) {
  if (manifest.municipality != settings_.municipality) {
    return Error{ErrorCode::kForeignExtract, "registry"};
  }
  if (manifest.numbers == IndividualNumbers::kHeld && !parts_.reg.may_hold_numbers()) {
    return Error{ErrorCode::kForbiddenItem, "registry: individual numbers"};  // R08
  }
  // The same generation again is a replay or a mistake; an older one is a guard rail's.
  if (manifest.generation == parts_.reg.state().version.generation) {
    return Error{ErrorCode::kOldGeneration, "registry"};
  }
  CERTRELAY_TRY(make_room());
  const auto random = random_bytes<16>(parts_.entropy);
  CERTRELAY_TRY(const auto id, ExtractId::from_bytes(uuid_v4_bytes(random)));
  const std::uint64_t clear = frame.request.body.size() + total_bytes(manifest);
  const std::uint64_t sealed = sealed_import_size(clear);
  CERTRELAY_TRY(
      auto spool,
      Spool::create(parts_.files, settings_.spool_folder + "/" + id.text() + std::string(kSpoolEnd),
                    sealed));
  Push push{.id = id,
            .peer = frame.peer,
            .manifest = std::move(manifest),
            .manifest_bytes = frame.request.body,
            .expires_at = parts_.clock.steady_now() + settings_.push_life};
  push.key.emplace(parts_.entropy);
  push.spool.emplace(std::move(spool));
  push.expected_bytes = sealed;
  return push;
}

Result<RegistryVerbs::PushPtr> RegistryVerbs::find(std::string_view id) const {
  const auto parsed = ExtractId::parse(id);
  if (!parsed) return Error{ErrorCode::kUnknownExtract, "registry"};
  const auto found = std::find_if(pushes_.begin(), pushes_.end(),
                                  [&](const auto& push) { return push->id == parsed.value(); });
  if (found == pushes_.end()) return Error{ErrorCode::kUnknownExtract, "registry"};
  return *found;
}

void RegistryVerbs::drop_spool(Push& push) {
  if (!push.spool) return;
  const auto path = push.spool->path();
  push.spool.reset();
  push.key.reset();
  // Ciphertext of a key that is gone; start() removes what stays.
  static_cast<void>(parts_.files.remove(path).has_value());
}

void RegistryVerbs::forget(Push& push) {
  drop_spool(push);
  if (push.built) parts_.reg.discard(*push.built);
  push.built.reset();
}

asio::awaitable<void> RegistryVerbs::tick() {
  co_await asio::co_spawn(parts_.work, serve_tick(), asio::use_awaitable);
}

asio::awaitable<void> RegistryVerbs::serve_tick() {
  parts_.reg.remove_retired();
  change_keys_.rotate();
  if (numbers_owed_) co_await end_numbers();
  const auto now = parts_.clock.steady_now();
  std::erase_if(pushes_, [&](const auto& push) {
    const bool kept = push->state == ExtractState::kBuilding ||
                      push->state == ExtractState::kScheduled || now < push->expires_at;
    if (!kept) forget(*push);
    return !kept;
  });
  publish();
  // A copy: while an activation is recorded, other calls may add and remove pushes.
  const auto pushes = pushes_;
  for (const auto& push : pushes) {
    // Not by a clock that is doubted: a wrong date must not bring tomorrow's names.
    const bool due = push->state == ExtractState::kScheduled && push->activate_at &&
                     *push->activate_at <= parts_.clock.utc_now() &&
                     !parts_.ledger.health().clock_doubted;
    if (!due) continue;
    // What fails has its entry and shows in the push's report.
    static_cast<void>((co_await put_in_force(push)).has_value());
  }
}

Entry RegistryVerbs::entry_of(EntryKind kind, const PeerName& peer, ErrorCode reason) const {
  Entry entry;
  entry.kind = kind;
  entry.reason = reason;
  entry.flags = settings_.demo ? kEntryDemo : 0;
  entry.peer = peer;
  entry.role = Role::kRegistry;
  return entry;
}

// The source system's word for the person; its ids are not the relay's operators'.
Entry RegistryVerbs::entry_of(EntryKind kind, const Push& push, ErrorCode reason) const {
  auto entry = entry_of(kind, push.peer, reason);
  entry.register_version = RegisterVersion{push.manifest.generation, 0};
  const auto& name = push.manifest.operator_name;
  auto id = OperatorName::parse(name);
  auto text = StatedReason::parse("抽出の操作者: " + name);
  if (id) {
    entry.operator_name = std::move(id).value();
  } else if (text) {
    entry.stated_reason = std::move(text).value();
  }
  return entry;
}

asio::awaitable<Result<void>> RegistryVerbs::record(Entry entry) {
  const auto written = co_await parts_.ledger.append(std::move(entry));
  if (!written) co_return written.error();
  co_return ok();
}

RegistryVerbs::Answering RegistryVerbs::refuse(const RequestFrame& frame, ErrorCode reason) {
  const auto recorded = co_await record(entry_of(EntryKind::kExtractRefused, frame.peer, reason));
  // Without its entry a refusal is still a refusal, but says so: try again later.
  co_return registry_problem(recorded ? reason : recorded.error().code);
}

}  // namespace certrelay
