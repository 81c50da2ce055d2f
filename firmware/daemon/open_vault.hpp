// The vault as one object: its parts in the order in which they open. Its deeds lie in vault*.cpp.
#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <mutex>

#include "firmware/daemon/alarm_watch.hpp"
#include "firmware/daemon/ledger_actions.hpp"
#include "firmware/daemon/site_look.hpp"
#include "firmware/daemon/vault.hpp"
#include "firmware/daemon/vault_open.hpp"
#include "firmware/daemon/verb_table.hpp"
#include "firmware/daemon/watched_ledger.hpp"
#include "firmware/selftest/self_test.hpp"
#include "relay/identity/ocsp_step.hpp"
#include "relay/issuance/issuance.hpp"
#include "relay/issuance/print_check.hpp"
#include "relay/registry/erasure/erasure.hpp"
#include "relay/registry/registry_verbs.hpp"

namespace certrelay {

namespace asio = boost::asio;

class OpenVault final : public Vault {
 public:
  // Throws StartFailure.
  OpenVault(const Config& config, Seams seams);

  asio::awaitable<void> begin() override;
  asio::awaitable<void> self_test() override;
  std::vector<asio::awaitable<void>> housekeeping() override;
  asio::awaitable<void> end() override;
  FrontVerbs verbs(Role role) override;
  Health health() override;
  void reload(Digest wanted, std::string text, std::function<void(const Digest&)> done) override;
  void close() override;

 private:
  // vault_wiring.cpp
  // In force: the start's, or a reload's.
  std::shared_ptr<const Config> config_now() const;
  IssuanceSettings issuance_settings(const Config& config) const;
  IssuanceParts issuance_parts();
  RegistrySettings registry_settings() const;
  RegistryParts registry_parts();
  ErasureSettings erasure_settings() const;
  ErasureParts erasure_parts();
  std::unique_ptr<OcspStep> open_ocsp(const Config& config);
  void restore_orders();
  void open_admin();
  void open_desk();

  // vault.cpp
  void accept_clock();
  asio::awaitable<void> flush_refusals();
  asio::awaitable<void> note_erasures();
  asio::awaitable<void> look_after_erasures();
  asio::awaitable<void> look_at_findings();
  asio::awaitable<void> tick();
  asio::awaitable<void> tick_once();

  // vault_self_test.cpp
  // Of a self-test: never empty once it is awaited (Asio makes a value before it has one).
  using Tested = std::optional<Result<SelfTestReport>>;
  SelfTestParts self_test_parts(const RenderKit& kit);
  asio::awaitable<Tested> test_apart(std::shared_ptr<const Config> config,
                                     std::shared_ptr<const RenderKit> kit);
  asio::awaitable<Result<SelfTestReport>> storm_apart();
  asio::awaitable<Tested> storm_round(SelfTestReport before);
  asio::awaitable<void> record_self_test(const SelfTestReport& report, UtcTime begun);
  asio::awaitable<void> record_self_test_failure(Error error);

  // vault_verbs.cpp
  VaultState state() const;
  asio::awaitable<HttpAnswer> answer(RequestFrame frame, SteadyTime received);
  asio::awaitable<HttpAnswer> answer_registry(RequestFrame frame);
  asio::awaitable<HttpAnswer> answer_admin(RequestFrame frame);
  HttpAnswer refuse_verb(const RequestFrame& frame, ErrorCode reason);

  // vault_health.cpp
  asio::awaitable<void> look_at_site();
  std::vector<HealthCheck> conditions();
  std::vector<ReportPeriod> overdue();
  ErasureView erasure_view();
  RelayState relay_state();
  // vault_overview.cpp
  asio::awaitable<Result<Bytes>> overview_body();
  std::vector<DatedThing> ends() const;
  std::string metrics();
  asio::awaitable<HttpAnswer> monitor(RequestFrame frame);

  // vault_reload.cpp
  asio::awaitable<void> reload_all(Digest wanted, std::string text,
                                   std::function<void(const Digest&)> done);
  asio::awaitable<void> reload_configuration(Digest wanted, const std::string& text);
  struct NextOffer;
  NextOffer open_next(const Digest& wanted, const std::string& text);
  std::optional<NextOffer> try_open_next(const Digest& wanted, const std::string& text);
  void take_next(NextOffer next);
  asio::awaitable<void> record_configuration(Digest digest, ErrorCode reason);
  asio::awaitable<void> reload_cards();
  asio::awaitable<void> reload_answer_keys();
  asio::awaitable<void> reload_feeder_keys();
  Result<std::vector<CrlMark>> load_cards_again();

  const Config& config_;  // of the start: what no reload changes is read here
  const Seams seams_;
  const bool files_closed_ = files_are_closed(config_.sandbox);  // asked while it may be asked
  mutable std::mutex config_mutex_;
  std::shared_ptr<const Config> current_;  // under the mutex
  Digest fonts_in_force_{};                // as open_fonts() tells them; the reload's alone
  Digest documents_in_force_{};            // likewise
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
  const UtcTime ledger_began_;
  std::uint64_t findings_seen_ = 0;           // of the ledger's verification, by the tick alone
  std::atomic<bool> decommissioned_ = false;  // ordered since this start
  enum class SelfTest : std::uint8_t { kRunning, kPassed, kFailed };
  std::atomic<SelfTest> self_test_{SelfTest::kRunning};
  asio::thread_pool self_test_work_{1};
  AlarmLatch alarm_;
  AlarmWatch alarm_watch_;
  AccessWatch access_watch_;
  WatchedLedger watched_;
  HealthMemory health_memory_;
  std::mutex look_mutex_;
  SiteLook look_;  // as of the last minute, under the mutex
  ServiceOrders orders_;
  RefusalCounts refusals_;
  UtcTime counting_since_{};
  bool clock_accepted_ = false;  // by the constructor, then by the tick alone
  asio::thread_pool registry_work_{1};
  asio::thread_pool registry_builder_{1};
  std::unique_ptr<DocumentSealer> sealer_;  // null without [documents]; the start's, as fonts_
  Issuance issuance_;
  RegistryVerbs registry_;
  asio::thread_pool operator_work_{1};
  asio::thread_pool password_work_{1};
  std::unique_ptr<OperatorStore> operator_store_;  // none: no operators' listener
  std::unique_ptr<LedgerDesk> desk_;
  std::optional<OperatorVerbs> operators_;
  std::mutex reports_mutex_;
  SignedReports signed_reports_;  // under the mutex
  std::unique_ptr<Erasure> erasure_;
  std::mutex erasure_mutex_;
  ErasureStatus erasure_status_;  // as of the last look, under the mutex
};

}  // namespace certrelay
