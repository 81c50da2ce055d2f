// The self-test's site, each part of which a test may replace, on a clock that nobody waits for.
#pragma once

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <mutex>

#include "firmware/selftest/fictional_register.hpp"
#include "firmware/selftest/self_test.hpp"
#include "protocol/base/check.hpp"
#include "relay/env/system_entropy.hpp"
#include "tests/support/render_samples.hpp"

namespace certrelay::testing {

namespace asio = boost::asio;

// Whoever sleeps finds that it is then: time passes for all, and nobody waits for it.
class HastyClock final : public Clock {
 public:
  explicit HastyClock(UtcTime begin) : begin_(begin) {}
  UtcTime utc_now() const override { return begin_ + passed(); }
  SteadyTime steady_now() const override { return SteadyTime(std::chrono::hours(1) + passed()); }
  asio::awaitable<void> sleep_until(SteadyTime deadline) override {
    {
      const std::lock_guard guard(mutex_);
      passed_ = std::max(passed_, deadline.time_since_epoch() - std::chrono::hours(1));
    }
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
  }

 private:
  std::chrono::milliseconds passed() const {
    const std::lock_guard guard(mutex_);
    return passed_;
  }
  const UtcTime begin_;
  mutable std::mutex mutex_;
  std::chrono::milliseconds passed_{0};
};

inline UtcTime today() { return parse_rfc3339("2026-11-22T10:00:00Z").value(); }

inline SelfTestSettings settings() {
  return {.issuance = {.municipality = MunicipalityCode::parse("392901").value(),
                       .demo = false,
                       .calendar = {{CertificateKind::kJuminhyo, {}}},
                       .deadlines = {},
                       .table = {}},
          .households = 8,
          .applicants = 24,
          .workers = 3};
}

inline const FictionalCity& city() {
  static const auto made = FictionalCity::found(8, {CertificateKind::kJuminhyo}, today()).value();
  return made;
}

// The self-test's site, each part of which a test may replace.
class PlantedSite {
 public:
  HastyClock clock{today()};
  SystemEntropy entropy;
  AnswerKey key = AnswerKey::generate().value();
  AnswerVerifier verifier = AnswerVerifier::from_pems({public_key_pem(key.spki())}).value();
  FictionalRegister honest_register{city()};
  FictionalLedger honest_ledger{clock};
  AlarmLatch alarm;
  RefusalCounts refusals;
  ServiceOrders orders;
  const RegisterPort* reg = &honest_register;
  LedgerPort* ledger = &honest_ledger;
  const CardPort* cards = city().cards.get();
  // What happens to a request on its way in and to its answer on its way out.
  std::function<void(const RequestFrame&, SteadyTime&)> on_the_way_in;
  std::function<void(const RequestFrame&, HttpAnswer&)> on_the_way_out;
  std::function<bool()> stopped;

  Result<SelfTestReport> run() {
    issuance_.emplace(open_always(settings().issuance),
                      IssuanceParts{clock, entropy, *cards, *reg, *ledger, test_render_kit(), key,
                                    alarm, refusals, orders, nullptr});
    return run_applicants(
        settings(), {clock, entropy, test_render_kit(), stopped},
        {city(), honest_ledger, verifier, [this](RequestFrame frame, SteadyTime received) {
           return answer(std::move(frame), received);
         }});
  }

  // Signs what a fault has changed, as a fault within the vault would be signed.
  void sign_again(const RequestFrame& frame, HttpAnswer& answer) const {
    std::erase_if(answer.headers, [](const HttpHeader& header) {
      return header.name == "content-digest" || header.name.starts_with("signature");
    });
    CERTRELAY_CHECK(
        sign_answer(answer, RequestParts::of(frame.request), key, clock.utc_now()).has_value());
  }

 private:
  asio::awaitable<HttpAnswer> answer(RequestFrame frame, SteadyTime received) {
    if (on_the_way_in) on_the_way_in(frame, received);
    const auto asked = frame;
    auto answer = co_await issuance_->handle(std::move(frame), received);
    if (on_the_way_out) on_the_way_out(asked, answer);
    co_return answer;
  }
  std::optional<Issuance> issuance_;
};

inline std::string_view fault_of(const Result<SelfTestReport>& report) {
  return report ? "none" : report.error().where;
}

inline bool is_document(const HttpAnswer& answer) {
  return as_text(answer.body).starts_with("%PDF");
}

}  // namespace certrelay::testing
