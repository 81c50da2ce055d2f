#include "firmware/daemon/open_vault.hpp"

#include "firmware/daemon/decommissioning.hpp"
#include "firmware/daemon/extract_actions.hpp"
#include "firmware/daemon/ledger_actions.hpp"
#include "firmware/daemon/log_line.hpp"
#include "firmware/daemon/register_actions.hpp"
#include "firmware/daemon/self_test_actions.hpp"
#include "firmware/daemon/service_actions.hpp"
#include "firmware/daemon/started.hpp"

namespace certrelay {

OpenVault::OpenVault(const Config& config, Seams seams)
    : config_(config),
      seams_(seams),
      current_(std::shared_ptr<const Config>(), &config),
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
      fetch_(open_fetch(config, seams)),
      ocsp_(open_ocsp(config)),
      outer_key_(open_outer_key(config, seams.files)),
      register_(open_register(config, seams, outer_key_.get(), print_check_)),
      ledger_began_(ledger_->standing().began.value_or(seams.clock.utc_now())),
      alarm_watch_(
          {alarm_, *ledger_, config.demo,
           [](const std::string& label, ErrorCode reason) { alarm_line(label, reason).write(); }}),
      access_watch_(config.operators.work_hours),
      watched_(*ledger_, access_watch_, seams.clock),
      sealer_(open_documents(config, *fonts_.kit, seams.clock.utc_now())),
      issuance_(issuance_settings(config), issuance_parts()),
      registry_(registry_settings(), registry_parts()),
      erasure_(started(Erasure::open(erasure_settings(), erasure_parts()),
                       "the erasures' state " + StatePaths(config.state_dir).erasure,
                       "check its rights and the free space")) {
  fonts_in_force_ = fonts_.identity;
  documents_in_force_ = digest_of_documents(config);
  accept_clock();
  restore_orders();
  open_admin();
  started(registry_.start(), "the spool " + StatePaths(config.state_dir).spool,
          "check its rights and the free space");
}

std::shared_ptr<const Config> OpenVault::config_now() const {
  const std::lock_guard guard(config_mutex_);
  return current_;
}

IssuanceSettings OpenVault::issuance_settings(const Config& config) const {
  return {.municipality = config.municipality,
          .demo = config.demo,
          .calendar = config.calendar,
          .deadlines = {},
          .table = {.live_max = config.limits.transactions_live_max}};
}

IssuanceParts OpenVault::issuance_parts() {
  return {seams_.clock, seams_.entropy, *cards_,   *register_, watched_,    *fonts_.kit,
          answer_key_,  alarm_,         refusals_, orders_,    ocsp_.get(), sealer_.get()};
}

std::unique_ptr<OcspStep> OpenVault::open_ocsp(const Config& config) {
  if (!config.ocsp) return nullptr;
  return std::make_unique<OcspStep>(
      OcspStepSettings{.responders = config.ocsp->responders.size(),
                       .timeout = config.ocsp->timeout,
                       .age_max = config.ocsp->age_max},
      OcspStep::Parts{*cards_, *statuses_, *fetch_, seams_.clock, seams_.entropy});
}

RegistrySettings OpenVault::registry_settings() const {
  return {.municipality = config_.municipality,
          .spool_folder = StatePaths(config_.state_dir).spool,
          .demo = config_.demo,
          .rails = config_.reg.rails};
}

RegistryParts OpenVault::registry_parts() {
  return {seams_.files,
          seams_.clock,
          seams_.entropy,
          *register_,
          feeder_keys_,
          *ledger_,
          issuance_,
          registry_work_.get_executor(),
          registry_builder_.get_executor(),
          [this] { return erasure_->end_numbers(); }};
}

ErasureSettings OpenVault::erasure_settings() const {
  // A city that offers several kinds has one service day: the first kind's.
  const auto bound = [this](UtcTime since) {
    return end_of_next_service_day(config_now()->calendar.begin()->second, since);
  };
  return {.folder = StatePaths(config_.state_dir).erasure, .demo = config_.demo, .bound = bound};
}

ErasureParts OpenVault::erasure_parts() {
  return {seams_.files,
          seams_.clock,
          *register_,
          *ledger_,
          registry_work_.get_executor(),
          registry_builder_.get_executor(),
          [this](const PersonId& person) { return issuance_.holds(person); }};
}

// What the ledger's entries left in force before this start.
void OpenVault::restore_orders() {
  const auto& standing = ledger_->standing();
  if (standing.alarm != ErrorCode::kNone) {
    alarm_.latch(standing.alarm);
    alarm_.recorded(standing.alarm_entry);
  }
  signed_reports_ = standing.signed_reports();
  orders_.set_stopped(standing.issuing_stopped);
  for (const auto kind : standing.suspended_kinds) orders_.set_suspended(kind, true);
}

void OpenVault::open_admin() {
  operator_store_ = open_operators(config_, seams_, ledger_->standing().operators_version);
  if (!operator_store_) return;
  open_desk();
  operators_.emplace(OperatorSettings{.municipality = config_.municipality,
                                      .demo = config_.demo,
                                      .active_max = config_.operators.active_max,
                                      // A page of the console is several calls.
                                      .calls_per_minute_max = 300,
                                      .host = config_.operators.host},
                     OperatorParts{.clock = seams_.clock,
                                   .ledger = watched_,
                                   .store = *operator_store_,
                                   .entropy = seams_.entropy,
                                   .work = operator_work_.get_executor(),
                                   .heavy = password_work_.get_executor(),
                                   .state = [this] { return relay_state(); },
                                   .count_refusal =
                                       [this](const PeerName& peer, ErrorCode reason) {
                                         refusals_.count(Role::kAdmin, peer, reason);
                                       },
                                   .desk = desk_.get(),
                                   .overview = [this] { return overview_body(); }});
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
  add_service_actions(
      *operators_, {alarm_, orders_, *ledger_,
                    [this](CertificateKind kind) { return config_now()->calendar.contains(kind); },
                    config_.demo, seams_.clock});
  add_register_actions(*operators_, {registry_, *erasure_, *ledger_, config_.demo});
  add_extract_actions(*operators_, registry_);
  add_self_test_action(*operators_,
                       {.run = [this] { return storm_apart(); },
                        .failed = [this](Error error) { return record_self_test_failure(error); },
                        .ledger = *ledger_,
                        .clock = seams_.clock,
                        .key = admin_key_,
                        .municipality = config_.municipality,
                        .configuration = [this] { return config_now()->digest; },
                        .demo = config_.demo});
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
                      .began = ledger_began_,
                      .operators = [this] { return operators_->operator_lines(); }});
}

std::unique_ptr<Vault> Vault::open(const Config& config, Seams seams) {
  return std::make_unique<OpenVault>(config, seams);
}

}  // namespace certrelay
