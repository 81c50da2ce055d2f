#include "firmware/daemon/vault.hpp"

#include <array>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdio>
#include <mutex>

#include "firmware/daemon/decommissioning.hpp"
#include "firmware/daemon/extract_actions.hpp"
#include "firmware/daemon/ledger_actions.hpp"
#include "firmware/daemon/metrics.hpp"
#include "firmware/daemon/monitoring.hpp"
#include "firmware/daemon/or_abort.hpp"
#include "firmware/daemon/register_actions.hpp"
#include "firmware/daemon/service_actions.hpp"
#include "firmware/daemon/started.hpp"
#include "firmware/daemon/vault_open.hpp"
#include "firmware/daemon/verb_table.hpp"
#include "protocol/base/check.hpp"
#include "relay/identity/ocsp_step.hpp"
#include "relay/identity/reasons.hpp"
#include "relay/issuance/issuance.hpp"
#include "relay/issuance/print_check.hpp"
#include "relay/registry/erasure/erasure.hpp"
#include "relay/registry/registry_verbs.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

constexpr const char* kBuildId = "certrelay-" CERTRELAY_VERSION;
constexpr std::chrono::seconds kTick{1};
constexpr std::chrono::seconds kRefusalPeriod{60};

ErrorCode inner_reason(FrontRefusal reason) {
  switch (reason) {
    case FrontRefusal::kHandshake:
      return ErrorCode::kHandshakeFailed;
    case FrontRefusal::kGate:
      return ErrorCode::kMalformed;
    case FrontRefusal::kShed:
      return ErrorCode::kTransactionsFull;
    case FrontRefusal::kTimeout:
      return ErrorCode::kStepExpired;
  }
  return ErrorCode::kInternal;
}

class OpenVault final : public Vault {
 public:
  OpenVault(const Config& config, Seams seams)
      : config_(config),
        seams_(seams),
        lock_(take_state(config, seams.files)),
        vfs_(seams.files, seams.entropy),
        answer_key_(open_answer_key(config, "keys.answer_key", config.keys.answer_key)),
        admin_key_(open_answer_key(config, "keys.admin_answer_key", config.keys.admin_answer_key)),
        registry_key_(
            open_answer_key(config, "keys.registry_answer_key", config.keys.registry_answer_key)),
        feeder_keys_(open_feeder_keys(config)),
        checkpoint_key_(open_checkpoint_key(config)),
        first_cards_(open_card_trust(config, seams.clock.utc_now())),
        fonts_(open_fonts(config)),
        print_check_(*fonts_.kit),
        ledger_(open_ledger(config, seams, vfs_, checkpoint_key_)),
        statuses_(open_statuses(config)),
        cards_(take_card_trust(std::move(first_cards_), *ledger_, statuses_.get())),
        fetch_(open_fetch(config, seams.clock)),
        ocsp_(open_ocsp(config)),
        outer_key_(open_outer_key(config, seams.files)),
        register_(open_register(config, seams, vfs_, outer_key_.get(), print_check_)),
        issuance_(issuance_settings(), issuance_parts()),
        registry_(registry_settings(), registry_parts()),
        erasure_(started(Erasure::open(erasure_settings(), erasure_parts()),
                         "the erasures' state " + StatePaths(config.state_dir).erasure,
                         "check its rights and the free space")) {
    accept_clock();
    restore_orders();
    open_admin();
    started(registry_.start(), "the spool " + StatePaths(config.state_dir).spool,
            "check its rights and the free space");
  }

  asio::awaitable<void> begin() override;
  asio::awaitable<void> housekeeping() override;
  asio::awaitable<void> end() override;
  FrontVerbs verbs(Role role) override;
  Health health() override;
  void reload() override {
    asio::co_spawn(registry_builder_, or_abort(reload_all()), asio::detached);
  }
  void close() override {
    operator_work_.join();  // first: its actions wait for the registry's and the desk's
    if (desk_) desk_->join();
    registry_work_.join();
    registry_builder_.join();
    if (fetch_) fetch_->join();
    started(ledger_->close(), "the ledger did not close", "run certrelayctl ledger verify");
  }

 private:
  IssuanceSettings issuance_settings() const {
    return {.municipality = config_.municipality,
            .demo = config_.demo,
            .calendar = config_.calendar,
            .deadlines = {},
            .table = {.live_max = config_.limits.transactions_live_max}};
  }
  IssuanceParts issuance_parts() {
    return {seams_.clock, seams_.entropy, *cards_,   *register_, *ledger_,   *fonts_.kit,
            answer_key_,  alarm_,         refusals_, orders_,    ocsp_.get()};
  }
  std::unique_ptr<OcspStep> open_ocsp(const Config& config) {
    if (!config.ocsp) return nullptr;
    return std::make_unique<OcspStep>(
        OcspStepSettings{.responders = config.ocsp->responders.size(),
                         .timeout = config.ocsp->timeout,
                         .age_max = config.ocsp->age_max},
        OcspStep::Parts{*cards_, *statuses_, *fetch_, seams_.clock, seams_.entropy});
  }
  void accept_clock();
  RegistrySettings registry_settings() const {
    return {.municipality = config_.municipality,
            .spool_folder = StatePaths(config_.state_dir).spool,
            .demo = config_.demo,
            .rails = config_.reg.rails};
  }
  RegistryParts registry_parts() {
    return {seams_.files,
            seams_.clock,
            seams_.entropy,
            *register_,
            feeder_keys_,
            *ledger_,
            issuance_,
            registry_work_.get_executor(),
            registry_builder_.get_executor()};
  }
  void restore_orders();
  void open_admin();
  void open_desk();
  std::vector<ReportPeriod> overdue();
  RelayState relay_state();
  ErasureSettings erasure_settings() const {
    // A city that offers several kinds has one service day: the first kind's.
    const auto calendar = config_.calendar.begin()->second;
    return {
        .folder = StatePaths(config_.state_dir).erasure,
        .demo = config_.demo,
        .bound = [calendar](UtcTime since) { return end_of_next_service_day(calendar, since); }};
  }
  ErasureParts erasure_parts() {
    return {seams_.files,
            seams_.clock,
            *register_,
            *ledger_,
            registry_work_.get_executor(),
            registry_builder_.get_executor(),
            [this](const PersonId& person) { return issuance_.holds(person); }};
  }
  asio::awaitable<HttpAnswer> answer(RequestFrame frame, SteadyTime received);
  asio::awaitable<HttpAnswer> answer_registry(RequestFrame frame);
  asio::awaitable<HttpAnswer> answer_admin(RequestFrame frame);
  HttpAnswer refuse_verb(const RequestFrame& frame, ErrorCode reason);
  VaultState state() const {
    const VaultState now = state_;
    return now == VaultState::kServing && decommissioned_ ? VaultState::kRetired : now;
  }
  asio::awaitable<void> tick();
  asio::awaitable<void> reload_all() {
    co_await reload_cards();
    co_await reload_answer_keys();
  }
  asio::awaitable<void> reload_cards();
  asio::awaitable<void> reload_answer_keys();
  Result<std::vector<CrlMark>> load_cards_again();
  asio::awaitable<void> flush_refusals();
  asio::awaitable<void> look_after_erasures();
  std::string metrics();
  asio::awaitable<HttpAnswer> monitor(RequestFrame frame) {
    co_return answer_monitoring(
        frame.request, [this] { return health(); }, [this] { return metrics(); });
  }

  const Config& config_;
  const Seams seams_;
  std::atomic<VaultState> state_{VaultState::kStarting};
  std::unique_ptr<File> lock_;
  SqliteVfs vfs_;
  AnswerKey answer_key_;
  AnswerKey admin_key_;
  AnswerKey registry_key_;
  FeederVerifier feeder_keys_;
  CheckpointKey checkpoint_key_;
  std::unique_ptr<CardVerifier> first_cards_;  // until the ledger is open
  Fonts fonts_;
  PrintCheck print_check_;
  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<OcspStatuses> statuses_;  // this, fetch_ and ocsp_: none without [ocsp]
  std::unique_ptr<CurrentCards> cards_;
  std::unique_ptr<FetchClient> fetch_;
  std::unique_ptr<OcspStep> ocsp_;
  std::unique_ptr<OuterKey> outer_key_;
  std::unique_ptr<SealedRegister> register_;
  std::atomic<bool> decommissioned_ = false;  // ordered since this start
  AlarmLatch alarm_;
  ServiceOrders orders_;
  RefusalCounts refusals_;
  UtcTime counting_since_{};
  bool clock_accepted_ = false;  // by the constructor, then by the tick alone
  asio::thread_pool registry_work_{1};
  asio::thread_pool registry_builder_{1};
  Issuance issuance_;
  RegistryVerbs registry_;
  asio::thread_pool operator_work_{1};
  std::unique_ptr<OperatorStore> operator_store_;  // none: no operators' listener
  std::unique_ptr<LedgerDesk> desk_;
  std::optional<OperatorVerbs> operators_;
  std::mutex reports_mutex_;
  SignedReports signed_reports_;  // under the mutex
  std::unique_ptr<Erasure> erasure_;
  std::mutex erasure_mutex_;
  ErasureStatus erasure_status_;  // as of the last look, under the mutex
};

// A clock before the newest list or past the end of every one is not believed (a machine whose
// clock lost its battery would stamp years that no later entry could fall behind); a list that is
// newer, or a clock that was set, is looked at each second: no restart is needed.
void OpenVault::accept_clock() {
  const auto health = cards_->health();
  if (past_every_list(health, seams_.clock.utc_now())) return;
  clock_accepted_ = ledger_->accept_clock(health.newest_this_update);
}

// What the ledger's entries left in force before this start.
void OpenVault::restore_orders() {
  const auto& standing = ledger_->standing();
  if (standing.alarm != ErrorCode::kNone) {
    alarm_.latch(standing.alarm);
    alarm_.recorded(standing.alarm_entry);
  }
  signed_reports_ = standing.signed_reports;
  orders_.set_stopped(standing.issuing_stopped);
  for (const auto kind : standing.suspended_kinds) orders_.set_suspended(kind, true);
}

void OpenVault::open_admin() {
  operator_store_ = open_operators(config_, seams_, ledger_->standing().operators_version);
  if (!operator_store_) return;
  open_desk();
  operators_.emplace(OperatorSettings{.municipality = config_.municipality,
                                      .demo = config_.demo,
                                      .active_max = config_.operators.active_max},
                     OperatorParts{.clock = seams_.clock,
                                   .ledger = *ledger_,
                                   .store = *operator_store_,
                                   .work = operator_work_.get_executor(),
                                   .state = [this] { return relay_state(); },
                                   .count_refusal =
                                       [this](const PeerName& peer, ErrorCode reason) {
                                         refusals_.count(Role::kAdmin, peer, reason);
                                       },
                                   .desk = desk_.get()});
  add_ledger_actions(*operators_, {.ledger = *ledger_,
                                   .reg = *register_,
                                   .desk = *desk_,
                                   .clock = seams_.clock,
                                   .confirmed =
                                       [this](ReportKind kind, std::uint64_t number) {
                                         const std::lock_guard guard(reports_mutex_);
                                         signed_reports_.insert({kind, number});
                                       },
                                   .demo = config_.demo});
  add_service_actions(*operators_, {alarm_, orders_, *ledger_, config_.calendar, config_.demo});
  add_register_actions(*operators_, {registry_, *erasure_, *ledger_, config_.demo});
  add_extract_actions(*operators_, registry_);
  add_decommission_action(*operators_,
                          {config_, seams_.files, seams_.clock, *ledger_, decommissioned_});
}

void OpenVault::open_desk() {
  desk_ = std::make_unique<LedgerDesk>(
      LedgerDeskParts{.ledger = *ledger_,
                      .clock = seams_.clock,
                      .files = seams_.files,
                      .key = checkpoint_key_,
                      .fonts = fonts_.kit->fonts(),
                      .checkpoint_folder = StatePaths(config_.state_dir).checkpoints,
                      .site = config_.municipality_name,
                      .demo = config_.demo,
                      .active_max = static_cast<std::uint32_t>(config_.operators.active_max),
                      .operators = [this] { return operators_->operator_lines(); }});
}

// Reports that no named operator confirmed in time; without operators nobody can.
std::vector<ReportPeriod> OpenVault::overdue() {
  const auto began = ledger_->standing().began;
  if (!began || !operators_) return {};
  const std::lock_guard guard(reports_mutex_);
  return overdue_reports(*began, signed_reports_, seams_.clock.utc_now());
}

RelayState OpenVault::relay_state() {
  const auto now = health();
  RelayState out{.ready = now.ready,
                 .demo = now.demo,
                 .checks = {},
                 .alarm = std::nullopt,
                 .issuing_stopped = orders_.stopped(),
                 .suspended_kinds = orders_.suspended_kinds(),
                 .register_version = std::nullopt,
                 .pending_approvals = 0};
  for (const auto& one : now.checks) out.checks.push_back({one.name, one.ok, one.reason});
  for (const auto& one : now.warnings) out.checks.push_back({one.name, false, one.reason});
  if (auto label = alarm_.label(); !label.empty()) {
    out.alarm = LatchedAlarm{std::move(label), static_cast<std::uint16_t>(alarm_.reason())};
  }
  const auto version = register_->state().version;
  if (version.generation > 0) out.register_version = version;
  return out;
}

asio::awaitable<void> OpenVault::begin() {
  counting_since_ = seams_.clock.utc_now();
  if (ledger_->health().last == LedgerSequence()) {
    Entry created;
    created.kind = EntryKind::kLedgerCreated;
    started(co_await ledger_->append(std::move(created)), "the ledger's first entry",
            "check the free space under site.state_dir");
  }
  started(co_await ledger_->close_unfinished(), "the ledger cannot be continued",
          "check the free space under site.state_dir");
  Entry boot;
  boot.kind = EntryKind::kBoot;
  boot.flags = config_.demo ? kEntryDemo : 0;
  boot.build = BuildId::parse(kBuildId).value();
  boot.artifact_sha256 = config_.digest;
  started(co_await ledger_->append(std::move(boot)), "the boot entry",
          "check the free space under site.state_dir");
  for (const auto& mark : unrecorded_marks(cards_->health(), *ledger_)) {
    started(co_await ledger_->append(crl_loaded_entry(mark)), "the entry about a list",
            "check the free space under site.state_dir");
  }
  started(co_await erasure_->start(), "an interrupted erasure cannot be settled",
          "check the free space under site.state_dir");
  state_ = VaultState::kServing;
}

asio::awaitable<void> OpenVault::look_after_erasures() {
  co_await erasure_->tick();
  auto status = co_await erasure_->status();
  const std::lock_guard guard(erasure_mutex_);
  erasure_status_ = std::move(status);
}

Result<std::vector<CrlMark>> OpenVault::load_cards_again() {
  try {
    CERTRELAY_TRY(auto next, CardVerifier::load(read_card_files(config_)));
    return cards_->replace(std::move(next), seams_.clock.utc_now());
  } catch (const StartFailure& failure) {  // a file that cannot be read
    std::fprintf(stderr, "certrelayd: reload: %s\n", failure.what());
    return Error{ErrorCode::kCardStatusUnknown, "card: a file cannot be read"};
  }
}

asio::awaitable<void> OpenVault::reload_cards() {
  const auto marks = load_cards_again();
  if (!marks) {
    const auto& error = marks.error();
    std::fprintf(stderr, "certrelayd: reload: card roots and lists stay as they were: %s (%s)\n",
                 std::string(reason_text(error.code)).c_str(), std::string(error.where).c_str());
    Entry refused;
    refused.kind = EntryKind::kCrlLoaded;
    refused.reason = error.code;
    (void)co_await ledger_->append(std::move(refused));  // health shows a ledger that is lost
    co_return;
  }
  for (const auto& mark : marks.value()) {
    (void)co_await ledger_->append(crl_loaded_entry(mark));
  }
  std::fprintf(stderr, "certrelayd: reload: card roots and lists are in force (%zu newer)\n",
               marks.value().size());
}

// All of them or none: a file that does not open leaves every listener with the key that it has.
asio::awaitable<void> OpenVault::reload_answer_keys() {
  const std::array files{std::pair{"keys.answer_key", &config_.keys.answer_key},
                         std::pair{"keys.admin_answer_key", &config_.keys.admin_answer_key},
                         std::pair{"keys.registry_answer_key", &config_.keys.registry_answer_key}};
  const std::array keys{&answer_key_, &admin_key_, &registry_key_};
  std::vector<AnswerKey> next;
  try {
    for (const auto& [name, path] : files) next.push_back(open_answer_key(config_, name, *path));
  } catch (const StartFailure& failure) {
    std::fprintf(stderr, "certrelayd: reload: the answer keys stay as they were: %s\n",
                 failure.what());
    co_return;
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (next[i].keyid() == keys[i]->keyid()) continue;
    Entry loaded;
    loaded.kind = EntryKind::kConfigurationLoaded;
    loaded.artifact_sha256 = sha256(next[i].spki());
    (void)co_await ledger_->append(std::move(loaded));  // health shows a ledger that is lost
    keys[i]->replace(next[i]);
    std::fprintf(stderr, "certrelayd: reload: %s is in force (%s)\n", files[i].first,
                 next[i].keyid().c_str());
  }
}

asio::awaitable<void> OpenVault::flush_refusals() {
  const auto until = seams_.clock.utc_now();
  for (auto& entry : refusals_.take(counting_since_, until)) {
    // Counts that cannot be written are shown by health: the ledger refuses everything then.
    (void)co_await ledger_->append(std::move(entry));
  }
  counting_since_ = until;
}

asio::awaitable<void> OpenVault::housekeeping() {
  using namespace asio::experimental::awaitable_operators;
  co_await (tick() && ledger_->run_checkpoints() && ledger_->run_store_watch());
}

asio::awaitable<void> OpenVault::tick() {
  auto flush_at = seams_.clock.steady_now() + kRefusalPeriod;
  while (true) {
    co_await seams_.clock.sleep_until(seams_.clock.steady_now() + kTick);
    if (!clock_accepted_) accept_clock();
    co_await issuance_.expire_overdue();
    co_await registry_.tick();
    if (operators_) co_await operators_->tick();
    if (seams_.clock.steady_now() < flush_at) continue;
    flush_at += kRefusalPeriod;
    co_await flush_refusals();
    co_await look_after_erasures();
  }
}

asio::awaitable<void> OpenVault::end() {
  state_ = VaultState::kEnding;
  co_await flush_refusals();
  Entry shutdown;
  shutdown.kind = EntryKind::kShutdown;
  (void)co_await ledger_->append(std::move(shutdown));  // close() reports a ledger that is lost
}

asio::awaitable<HttpAnswer> OpenVault::answer_registry(RequestFrame frame) {
  const auto parts = RequestParts::of(frame.request);
  auto answer = co_await registry_.handle(std::move(frame));
  const auto signed_ok = sign_answer(answer, parts, registry_key_, seams_.clock.utc_now());
  CERTRELAY_CHECK(signed_ok.has_value());
  co_return answer;
}

asio::awaitable<HttpAnswer> OpenVault::answer_admin(RequestFrame frame) {
  const auto parts = RequestParts::of(frame.request);
  auto answer = co_await operators_->handle(std::move(frame));
  const auto signed_ok = sign_answer(answer, parts, admin_key_, seams_.clock.utc_now());
  CERTRELAY_CHECK(signed_ok.has_value());
  co_return answer;
}

Health OpenVault::health() {
  const auto ledger = ledger_->health();
  const auto state = register_->state();
  const auto cards = cards_->health();
  const auto now = seams_.clock.utc_now();
  const auto erasures = [this] {
    const std::lock_guard guard(erasure_mutex_);
    return erasure_status_;
  }();
  const auto check = [](std::string name, bool good, std::string reason) {
    return HealthCheck{std::move(name), good, good ? "" : std::move(reason)};
  };
  Health out{.ready = true,
             .demo = config_.demo,
             .build = kBuildId,
             .configuration_sha256 = to_hex(config_.digest),
             .checks = {},
             .warnings = {}};
  out.checks = {
      check("ledger", ledger.writable,
            "not writable, error " + std::to_string(static_cast<int>(ledger.reason))),
      check("clock", !ledger.clock_doubted, "UTC is not trusted"),
      check("register", state.ready(),
            "not ready: " + std::string(name_of(kRegisterReasons, state.reason))),
      check("crl", cards.every_issuer_has_crl && now < cards.earliest_next_update,
            "a list is missing or past its nextUpdate"),
      check("erasure", !erasures.overdue && !erasures.residue_overdue && !erasures.unfinished,
            "an erasure is overdue or unfinished"),
      check("alarm", !alarm_.latched(),
            "latched, error " + std::to_string(static_cast<int>(alarm_.reason()))),
      check("issuing", !orders_.stopped(), "stopped by an operator"),
      check("decommission", !decommissioned_, "ordered: stop the relay, then sanitise"),
  };
  for (const auto& one : out.checks) out.ready = out.ready && one.ok;
  if (const auto late = overdue(); !late.empty()) {
    const auto& first = late.front();
    out.warnings.push_back({"reports", std::to_string(late.size()) + " overdue, the first: " +
                                           std::string(to_text(first.kind())) + " " +
                                           first.text()});
  }
  return out;
}

std::string OpenVault::metrics() {
  return metrics_text(health(), issuance_, ledger_->health(), register_->state(), overdue());
}

// What no row of verb_table() allows: counted, signed like every answer of that listener, and no
// room has heard of it.
HttpAnswer OpenVault::refuse_verb(const RequestFrame& frame, ErrorCode reason) {
  if (frame.role == Role::kMonitoring) {
    constexpr std::string_view kText = "not found\n";
    return {404, {{"content-type", "text/plain"}}, Bytes(kText.begin(), kText.end())};
  }
  refusals_.count(frame.role, frame.peer, reason);
  const auto code =
      reason == ErrorCode::kNoSuchCall ? ProblemCode::kNotFound : ProblemCode::kOverloaded;
  auto answer = problem_answer({code, problem_text(code, ""), std::nullopt, ""});
  if (code == ProblemCode::kOverloaded) answer.headers.push_back({"retry-after", "2"});
  const auto& key = frame.role == Role::kCenter     ? answer_key_
                    : frame.role == Role::kRegistry ? registry_key_
                                                    : admin_key_;
  const auto signed_ok =
      sign_answer(answer, RequestParts::of(frame.request), key, seams_.clock.utc_now());
  CERTRELAY_CHECK(signed_ok.has_value());
  return answer;
}

asio::awaitable<HttpAnswer> OpenVault::answer(RequestFrame frame, SteadyTime received) {
  const auto& request = frame.request;
  const auto allowed = check_verb(frame.role, request.method, request.path, state());
  if (!allowed) co_return refuse_verb(frame, allowed.error().code);
  switch (frame.role) {
    case Role::kCenter:
      co_return co_await issuance_.handle(std::move(frame), received);
    case Role::kRegistry:
      co_return co_await answer_registry(std::move(frame));
    case Role::kMonitoring:
      co_return co_await monitor(std::move(frame));
    case Role::kAdmin:
      break;
  }
  if (!operators_) co_return refuse_verb(frame, ErrorCode::kNoSuchCall);
  co_return co_await answer_admin(std::move(frame));
}

// A session answers frames of its own role alone (front_session.cpp), each by its row.
FrontVerbs OpenVault::verbs(Role role) {
  FrontVerbs out{.answer = {},
                 .refused =
                     [this, role](const RefusalsFrame& refusals) {
                       refusals_.count(role, refusals.peer, inner_reason(refusals.reason),
                                       refusals.count);
                     },
                 .serving = [] { return true; }};
  // A machine whose end was ordered serves neither residents nor the source system (R19).
  if (role == Role::kCenter || role == Role::kRegistry) {
    out.serving = [this] { return !decommissioned_.load(); };
  }
  // No accounts: the listener is not configured.
  if (role == Role::kAdmin && !operators_) out.serving = [] { return false; };
  out.answer = [this](RequestFrame frame, SteadyTime received) {
    return answer(std::move(frame), received);
  };
  return out;
}

}  // namespace

std::unique_ptr<Vault> Vault::open(const Config& config, Seams seams) {
  return std::make_unique<OpenVault>(config, seams);
}

}  // namespace certrelay
