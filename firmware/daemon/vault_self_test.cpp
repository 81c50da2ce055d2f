// INV-12: whether the center may be served at all.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "firmware/daemon/build_id.hpp"
#include "firmware/daemon/log_line.hpp"
#include "firmware/daemon/open_vault.hpp"

namespace certrelay {
namespace {

constexpr std::chrono::seconds kAgainIn{1};
constexpr int kStormRounds = 4;

// Whoever reads it learns why the center waited, and that a rush will end in refusals.
void say_if_slow(std::chrono::nanoseconds took) {
  constexpr std::chrono::seconds kAnAnswer(ServiceDeadlines{}.answer_s);
  if (took <= kAnAnswer) return;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(took).count();
  LogLine(LogLevel::kWarning, "self_test")
      .say("the self-test has passed after ")
      .say(seconds)
      .say(" s: this machine is slow, and when many ask at once, answers later than ")
      .say(kAnAnswer.count())
      .say(" s are refused")
      .with("outcome", "slow")
      .with("seconds", seconds)
      .write();
}

}  // namespace

// A stop waits for the documents at work.
SelfTestParts OpenVault::self_test_parts(const RenderKit& kit) {
  return {seams_.clock, seams_.entropy, kit, [this] { return state_ == VaultState::kEnding; }};
}

asio::awaitable<OpenVault::Tested> OpenVault::test_apart(std::shared_ptr<const Config> config,
                                                         std::shared_ptr<const RenderKit> kit) {
  co_return run_self_test(
      {.issuance = issuance_settings(*config), .workers = config_.limits.workers},
      self_test_parts(*kit));
}

// As many at once as a large site has kiosks, each round on a site of its own.
asio::awaitable<Result<SelfTestReport>> OpenVault::storm_apart() {
  Result<SelfTestReport> sum = SelfTestReport{};
  for (int round = 0; round < kStormRounds && sum; ++round) {
    auto tested =
        co_await asio::co_spawn(self_test_work_, storm_round(sum.value()), asio::use_awaitable);
    sum = std::move(tested).value();
  }
  co_return sum;
}

asio::awaitable<OpenVault::Tested> OpenVault::storm_round(SelfTestReport before) {
  const auto offered = issuance_.offer();
  auto report = run_self_test({.issuance = issuance_settings(*config_now()),
                               .households = 64,
                               .applicants = 256,
                               .workers = config_.limits.workers},
                              self_test_parts(*offered->kit));
  if (report) report = before += report.value();
  co_return report;
}

// Served only once it is durable, so that no document stands in the ledger before the test.
asio::awaitable<void> OpenVault::record_self_test(const SelfTestReport& report, UtcTime begun) {
  Entry entry;
  entry.kind = EntryKind::kSelfTested;
  entry.flags = config_.demo ? kEntryDemo : 0;
  entry.build = build_id();
  entry.artifact_sha256 = config_now()->digest;
  entry.count = report.documents;
  entry.period_from = begun;
  entry.period_until = seams_.clock.utc_now();
  while (state_ == VaultState::kStarting) {
    const auto written = co_await ledger_->append(entry);
    if (written) {
      self_test_ = SelfTest::kPassed;
      auto expected = VaultState::kStarting;
      state_.compare_exchange_strong(expected, VaultState::kServing);
      co_return;
    }
    // Health shows why; the ledger's own watch mends it.
    co_await seams_.clock.sleep_until(seams_.clock.steady_now() + kAgainIn);
  }
}

asio::awaitable<void> OpenVault::record_self_test_failure(Error error) {
  self_test_ = SelfTest::kFailed;
  const auto code = static_cast<int>(error.code);
  LogLine line(LogLevel::kError, "self_test");
  line.say("the self-test failed (error ").say(code).say(", ").say(LogDetail::place(error));
  line.say("): the center is not served; keep this machine as it is and call the vendor");
  line.with("outcome", "failed").with("error", code).write();
  if (!alarm_.latch(ErrorCode::kSelfTestFailed)) co_return;  // it was before this start
  Entry entry;
  entry.kind = EntryKind::kAlarmLatched;
  entry.flags = config_.demo ? kEntryDemo : 0;
  entry.reason = ErrorCode::kSelfTestFailed;
  entry.build = build_id();
  entry.artifact_sha256 = config_now()->digest;
  co_await record_alarm(alarm_, *ledger_, std::move(entry));
}

asio::awaitable<void> OpenVault::self_test() {
  const auto begun = seams_.clock.utc_now();
  const auto from = seams_.clock.steady_now();
  auto running = test_apart(config_now(), issuance_.offer()->kit);
  const auto tested =
      co_await asio::co_spawn(self_test_work_, std::move(running), asio::use_awaitable);
  const auto& report = tested.value();
  if (report) {
    say_if_slow(seams_.clock.steady_now() - from);
    co_await record_self_test(report.value(), begun);
  } else if (report.error().code != ErrorCode::kVaultNotServing) {
    co_await record_self_test_failure(report.error());
  }
}

}  // namespace certrelay
