#include "firmware/daemon/build_id.hpp"
#include "firmware/daemon/open_vault.hpp"

#include "firmware/daemon/started.hpp"
#include "firmware/daemon/stoppable_work.hpp"
#include "relay/env/heap.hpp"

namespace certrelay {
namespace {

constexpr std::chrono::seconds kTick{1};
constexpr std::chrono::seconds kRefusalPeriod{60};

}  // namespace

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
  boot.build = build_id();
  boot.artifact_sha256 = config_.digest;
  started(co_await ledger_->append(std::move(boot)), "the boot entry",
          "check the free space under site.state_dir");
  for (const auto& mark : unrecorded_marks(cards_->health(), *ledger_)) {
    started(co_await ledger_->append(crl_loaded_entry(mark)), "the entry about a list",
            "check the free space under site.state_dir");
  }
  started(co_await erasure_->start(), "an interrupted erasure cannot be settled",
          "check the free space under site.state_dir");
  co_await note_erasures();
}

// A clock before the newest list or past the end of every one is not believed (a machine whose
// clock lost its battery would stamp years that no later entry could fall behind); a list that is
// newer, or a clock that was set, is looked at each second: no restart is needed.
void OpenVault::accept_clock() {
  const auto health = cards_->health();
  if (past_every_list(health, seams_.clock.utc_now())) return;
  clock_accepted_ = ledger_->accept_clock(health.newest_this_update);
}

asio::awaitable<void> OpenVault::flush_refusals() {
  const auto until = seams_.clock.utc_now();
  for (auto& entry : refusals_.take(counting_since_, until)) {
    // Counts that cannot be written are shown by health: the ledger refuses everything then.
    (void)co_await ledger_->append(std::move(entry));
  }
  counting_since_ = until;
}

asio::awaitable<void> OpenVault::note_erasures() {
  auto status = co_await erasure_->status();
  const std::lock_guard guard(erasure_mutex_);
  erasure_status_ = std::move(status);
}

// Apart from tick(): an erasure takes a second of a big city's disk, and deadlines do not wait.
asio::awaitable<void> OpenVault::look_after_erasures() {
  auto tick_at = seams_.clock.steady_now() + config_.reg.erasure_look;
  while (true) {
    co_await seams_.clock.sleep_until(seams_.clock.steady_now() + kTick);
    if (seams_.clock.steady_now() >= tick_at) {
      tick_at += config_.reg.erasure_look;
      co_await whole(erasure_->tick());
    }
    co_await whole(note_erasures());
  }
}

// Stored entries that are not what was written: an alarm like any other (INV-9), once a pass that
// found something, so that one that was cleared is latched again while the damage is there.
asio::awaitable<void> OpenVault::look_at_findings() {
  const auto check = ledger_->health().check;
  if (std::exchange(findings_seen_, check.findings) == check.findings) co_return;
  if (check.finding == ErrorCode::kNone || !alarm_.latch_finding(check.finding)) co_return;
  Entry entry;
  entry.kind = EntryKind::kAlarmLatched;
  entry.flags = config_.demo ? kEntryDemo : 0;
  entry.reason = check.finding;
  if (check.at != LedgerSequence()) entry.about = check.at;
  co_await record_alarm(alarm_, *ledger_, std::move(entry));
}

asio::awaitable<void> OpenVault::tick_once() {
  if (!clock_accepted_) accept_clock();
  co_await alarm_watch_.tick();
  co_await issuance_.expire_overdue();
  co_await registry_.tick();
  co_await look_at_findings();
  (void)health();  // notes since when each check is as it is
  if (operators_) co_await operators_->tick();
}

asio::awaitable<void> OpenVault::tick() {
  auto flush_at = seams_.clock.steady_now() + kRefusalPeriod;
  while (true) {
    co_await seams_.clock.sleep_until(seams_.clock.steady_now() + kTick);
    co_await whole(tick_once());
    if (seams_.clock.steady_now() < flush_at) continue;
    flush_at += kRefusalPeriod;
    co_await whole(flush_refusals());
    give_back_freed_memory();
  }
}

std::vector<asio::awaitable<void>> OpenVault::housekeeping() {
  std::vector<asio::awaitable<void>> out;
  out.push_back(tick());
  out.push_back(ledger_->run_checkpoints());
  out.push_back(ledger_->run_store_watch());
  out.push_back(ledger_->run_verification());
  out.push_back(look_after_erasures());
  out.push_back(look_at_site());
  return out;
}

asio::awaitable<void> OpenVault::end() {
  state_ = VaultState::kEnding;
  co_await flush_refusals();
  Entry shutdown;
  shutdown.kind = EntryKind::kShutdown;
  (void)co_await ledger_->append(std::move(shutdown));  // close() reports a ledger that is lost
}

void OpenVault::close() {
  operator_work_.join();  // first: its actions wait for the registry's, the desk's and the storm
  password_work_.join();
  if (desk_) desk_->join();
  registry_work_.join();
  registry_builder_.join();
  self_test_work_.join();  // after those that wait for it
  if (fetch_) fetch_->join();
  started(ledger_->close(), "the ledger did not close", "run certrelayctl ledger verify");
}

}  // namespace certrelay
