#include "relay/registry/registry_verbs.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <utility>

#include "protocol/base/check.hpp"
#include "protocol/wire/content_digest.hpp"
#include "relay/registry/registry_problem.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

constexpr std::string_view kExtracts = "/v1/extracts";
constexpr std::string_view kOffsetHeader = "upload-offset";

HttpAnswer json_answer(int status, Result<Bytes> body) {
  if (!body) return registry_problem(ErrorCode::kInternal);
  return {status, {{"content-type", "application/json"}}, std::move(body).value()};
}

Result<std::uint64_t> offset_of(const HttpHeaders& headers) {
  const auto text = only_header(headers, kOffsetHeader);
  std::uint64_t value = 0;
  if (!text) return Error{ErrorCode::kMalformed, "upload-offset"};
  const auto* end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, value);
  const bool whole = read.ec == std::errc() && read.ptr == end && !text->empty();
  if (!whole) return Error{ErrorCode::kMalformed, "upload-offset"};
  return value;
}

}  // namespace

asio::awaitable<HttpAnswer> RegistryVerbs::handle(RequestFrame frame) {
  co_return co_await asio::co_spawn(parts_.work, serve(std::move(frame)), asio::use_awaitable);
}

// The whole attack surface of the registry's front, on one screen.
RegistryVerbs::Answering RegistryVerbs::serve(RequestFrame frame) {
  const auto method = frame.request.method;
  std::string_view path = frame.request.path;
  const bool post = method == HttpMethod::kPost;
  const bool patch = method == HttpMethod::kPatch;
  if (post || patch) {
    const auto digest = check_content_digest(frame.request.headers, frame.request.body);
    if (!digest) co_return co_await refuse(frame, digest.error().code);
  }
  if (method == HttpMethod::kGet && path == "/v1/register") co_return status();
  if (post && path == "/v1/changes") co_return co_await change(frame);
  if (post && path == "/v1/heartbeats") co_return co_await heartbeat(frame);
  if (post && path == "/v1/reconciliations") co_return co_await reconcile(frame);
  if (post && path == kExtracts) co_return co_await offer(frame);
  if (!path.starts_with(kExtracts) || !path.substr(kExtracts.size()).starts_with('/')) {
    co_return co_await refuse(frame, ErrorCode::kNoSuchCall);
  }
  path.remove_prefix(kExtracts.size() + 1);
  const auto slash = std::min(path.find('/'), path.size());
  const auto push = find(path.substr(0, slash));
  if (!push) co_return co_await refuse(frame, push.error().code);
  const auto rest = path.substr(slash);
  if (patch && rest.empty()) co_return co_await receive(frame, push.value());
  if (method == HttpMethod::kHead && rest.empty()) co_return offset(*push.value());
  if (method == HttpMethod::kGet && rest.empty()) co_return report(*push.value());
  if (method == HttpMethod::kDelete && rest.empty()) {
    co_return co_await discard(frame, push.value());
  }
  if (post && rest == "/activate") co_return co_await activate(frame, push.value());
  co_return co_await refuse(frame, ErrorCode::kNoSuchCall);
}

RegistryVerbs::Answering RegistryVerbs::offer(const RequestFrame& frame) {
  const auto statement = check_statement(StatementKind::kManifest, frame, frame.request.body);
  if (!statement) co_return co_await refuse(frame, statement.error().code);
  auto manifest = decode_manifest(frame.request.body);
  if (!manifest) co_return co_await refuse(frame, manifest.error().code);
  auto push = new_push(frame, std::move(manifest).value());
  if (!push) co_return co_await refuse(frame, push.error().code);
  if (statement.value().statement.generation != push.value().manifest.generation) {
    forget(push.value());
    co_return co_await refuse(frame, ErrorCode::kWrongGeneration);
  }
  auto offered = std::make_shared<Push>(std::move(push).value());
  auto entry = entry_of(EntryKind::kExtractOffered, *offered, ErrorCode::kNone);
  entry.count = offered->manifest.persons;
  const auto recorded = co_await record(std::move(entry));
  if (!recorded) {
    forget(*offered);
    co_return registry_problem(recorded.error().code);
  }
  pushes_.push_back(offered);
  publish();
  const auto life = std::chrono::floor<std::chrono::seconds>(settings_.push_life);
  const auto expires = std::chrono::floor<std::chrono::seconds>(parts_.clock.utc_now()) + life;
  co_return json_answer(
      201, encode(ManifestAnswer{offered->id, offered->key->public_key(), UtcTime(expires)}));
}

RegistryVerbs::Answering RegistryVerbs::receive(const RequestFrame& frame, PushPtr push) {
  if (push->state != ExtractState::kReceiving) {
    co_return co_await refuse(frame, ErrorCode::kExtractState);
  }
  const auto at = offset_of(frame.request.headers);
  if (!at) co_return co_await refuse(frame, at.error().code);
  const auto written = push->spool->append(at.value(), frame.request.body);
  if (!written && written.error().code == ErrorCode::kWrongOffset) {
    // Ordinary after a broken connection: the sender goes on where we are.
    auto answer = registry_problem(ErrorCode::kWrongOffset);
    answer.headers.push_back({std::string(kOffsetHeader), std::to_string(push->received_bytes)});
    co_return answer;
  }
  if (!written) co_return co_await refuse(frame, written.error().code);
  push->received_bytes = push->spool->size();
  if (push->spool->complete()) {
    push->state = ExtractState::kBuilding;
    asio::co_spawn(parts_.work, build(push),
                   [](const std::exception_ptr& error) { CERTRELAY_CHECK(error == nullptr); });
  }
  co_return offset(*push);
}

HttpAnswer RegistryVerbs::offset(const Push& push) const {
  return {204, {{std::string(kOffsetHeader), std::to_string(push.received_bytes)}}, {}};
}

HttpAnswer RegistryVerbs::report(const Push& push) const {
  return json_answer(200, encode(report_of(push)));
}

HttpAnswer RegistryVerbs::status() const {
  const auto state = parts_.reg.state();
  RegisterStatus out{};
  out.reason = std::string(name_of(kRegisterReasons, state.reason));
  out.quarantined = static_cast<std::uint32_t>(state.quarantined);
  out.change_key = change_keys_.public_key();
  if (state.version.generation > 0) {
    out.version = state.version;
    out.last_contact_at = UtcTime(std::chrono::floor<std::chrono::seconds>(state.last_contact));
    const auto left = std::max(state.age_max - state.age, std::chrono::seconds(0));
    out.seconds_to_bound = state.ready() ? left.count() : 0;
    if (state.complete_until != UtcTime{}) out.complete_until = state.complete_until;
    out.near_bound = state.near_bound();
    if (state.announced > state.version.sequence) out.announced = state.announced;
    auto aside = parts_.reg.put_aside();
    if (!aside) return registry_problem(aside.error().code);
    out.put_aside = std::move(aside).value();
  }
  for (const auto& push : pushes_) {
    if (push->state == ExtractState::kPendingApproval) ++out.pending_approvals;
    if (push->state != ExtractState::kScheduled || !push->activate_at) continue;
    out.scheduled_at = std::min(*push->activate_at, out.scheduled_at.value_or(*push->activate_at));
  }
  return json_answer(200, encode(out));
}

RegistryVerbs::Answering RegistryVerbs::activate(const RequestFrame& frame, PushPtr push) {
  const auto statement = check_statement(StatementKind::kActivate, frame, frame.request.body);
  if (!statement) co_return co_await refuse(frame, statement.error().code);
  if (statement.value().statement.generation != push->manifest.generation) {
    co_return co_await refuse(frame, ErrorCode::kWrongGeneration);
  }
  const auto request = decode_activate_request(frame.request.body);
  if (!request) co_return co_await refuse(frame, request.error().code);
  const bool pending = push->state == ExtractState::kPendingApproval;
  if (push->state != ExtractState::kReady && !pending) {
    co_return co_await refuse(frame, ErrorCode::kExtractState);
  }
  push->contact = statement.value().statement.sent_at;
  push->activate_at = request.value().activate_at;
  push->activation_asked = true;
  if (pending) co_return json_answer(202, encode(report_of(*push)));
  const auto in_force = co_await follow_activation(push);
  if (!in_force) co_return registry_problem(in_force.error().code);
  co_return json_answer(200, encode(RegisterAcknowledgement{
                                 {push->manifest.generation, 0}, in_force.value(), {}, {}}));
}

asio::awaitable<Result<UtcTime>> RegistryVerbs::follow_activation(PushPtr push) {
  const auto now = parts_.clock.utc_now();
  push->state = ExtractState::kScheduled;
  if (!push->activate_at || *push->activate_at <= now) {
    const auto done = co_await put_in_force(push);
    if (!done) co_return done.error();
    co_return UtcTime(std::chrono::floor<std::chrono::seconds>(now));
  }
  const auto at = *push->activate_at;
  auto entry = entry_of(EntryKind::kActivationScheduled, *push, ErrorCode::kNone);
  entry.occurred_at = at;
  const auto recorded = co_await record(std::move(entry));
  const auto expected = recorded && push->state == ExtractState::kScheduled
                            ? parts_.reg.expect_activation(*push->built, at)
                            : recorded;
  // The clock may have reached it meanwhile: then it is in force, and has its own entry.
  if (!expected && push->state == ExtractState::kScheduled) {
    push->state = ExtractState::kReady;
    co_return expected.error();
  }
  co_return at;
}

// The entry first: an activation that nobody recorded does not happen.
asio::awaitable<Result<void>> RegistryVerbs::put_in_force(PushPtr push) {
  push->activate_at.reset();
  const auto older = push->approved ? Older::kApproved : Older::kRefused;
  auto done = parts_.reg.may_follow(*push->built, older);
  if (done) {
    auto entry = entry_of(EntryKind::kRegisterActivated, *push, ErrorCode::kNone);
    entry.count = push->manifest.persons;
    done = co_await record(std::move(entry));
    if (!done) {
      push->state = ExtractState::kReady;
      co_return done;
    }
    done = parts_.reg.activate(*push->built, push->contact, older);
  }
  if (!done) {
    push->state = ExtractState::kRejected;
    push->refusal = done.error().code;
    forget(*push);
    publish();
    const auto refusal = entry_of(EntryKind::kExtractRefused, *push, push->refusal);
    CERTRELAY_CO_TRY(co_await record(refusal));
    co_return done;
  }
  parts_.hand_overs.withdraw_all();
  for (const auto& other : pushes_) {
    if (other->state == ExtractState::kActive) other->state = ExtractState::kSuperseded;
  }
  push->state = ExtractState::kActive;
  push->built.reset();
  publish();
  co_await end_numbers();
  co_return ok();
}

asio::awaitable<void> RegistryVerbs::build(PushPtr push) {
  co_await asio::co_spawn(parts_.builder, build_apart(push), asio::use_awaitable);
  drop_spool(*push);
  if (push->built) {
    co_await settle_built(push);
    publish();
    co_return;
  }
  push->state = ExtractState::kRejected;
  auto entry = entry_of(EntryKind::kExtractRefused, *push, push->refusal);
  entry.count = push->diagnostics.rejected();
  // Nothing was put in force; a ledger that cannot write shows in its own health.
  static_cast<void>((co_await record(std::move(entry))).has_value());
}

// Runs beside the other calls; they look at nothing that it writes while the state is kBuilding.
asio::awaitable<void> RegistryVerbs::build_apart(PushPtr push) {
  const auto built = [&]() -> Result<SealedRegister::Built> {
    CERTRELAY_TRY(const auto files,
                  SpoolFiles::open(parts_.files, push->spool->path(), *push->key, push->id,
                                   push->manifest, push->manifest_bytes));
    return parts_.reg.build(push->manifest, *files, push->diagnostics);
  }();
  if (built) {
    push->built = built.value();
    push->plan = built.value().plan;
    push->closed_members = built.value().closed_members;
  } else {
    push->refusal = built.error().code;
  }
  co_return;
}

}  // namespace certrelay
