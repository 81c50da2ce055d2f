#include "firmware/selftest/self_test.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <future>

#include "firmware/selftest/applicant.hpp"
#include "firmware/selftest/fictional_register.hpp"
#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

namespace asio = boost::asio;

constexpr int kUnasked = 0;  // the status where a stop came first

// A machine that lost its time is found by others (the ledger's judgement of the clock); the test
// needs a day for its certificates that they can carry.
class PlausibleClock final : public Clock {
 public:
  explicit PlausibleClock(Clock& clock) : clock_(clock) {}
  UtcTime utc_now() const override {
    constexpr UtcTime kFirst = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);
    constexpr UtcTime kLast = std::chrono::sys_days(std::chrono::year(2046) / 1 / 1);
    return std::clamp(clock_.utc_now(), kFirst, kLast);
  }
  SteadyTime steady_now() const override { return clock_.steady_now(); }
  asio::awaitable<void> sleep_until(SteadyTime deadline) override {
    return clock_.sleep_until(deadline);
  }

 private:
  Clock& clock_;
};

// Most are served; each of the others' fates comes several times and beside each other.
Fate fate_of(std::size_t number) {
  constexpr std::array kFates{Fate::kServed, Fate::kTooLate,   Fate::kAskedTwice,
                              Fate::kServed, Fate::kOvertaken, Fate::kServed,
                              Fate::kServed, Fate::kWrongCard};
  return kFates.at(number % kFates.size());
}

class Round {
 public:
  Round(const SelfTestSettings& settings, const SelfTestParts& parts, const SelfTestSite& site)
      : settings_(settings), parts_(parts), site_(site), workers_(settings.workers) {
    std::vector<CertificateKind> kinds;
    for (const auto& [kind, calendar] : settings.issuance.calendar) kinds.push_back(kind);
    for (std::size_t i = 0; i < settings.applicants; ++i) {
      applicants_.emplace_back(parts, site, site.city.households.at(i % households()),
                               kinds.at(i / households() % kinds.size()), fate_of(i));
    }
  }

  Result<SelfTestReport> run() {
    CERTRELAY_TRY(step(
        everybody, [&](Applicant& one, std::size_t) { return one.open(municipality()); },
        [](Applicant& one, const HttpAnswer& answer) { return one.opened(answer); }));
    CERTRELAY_TRY(step(
        everybody, [&](Applicant& one, std::size_t i) { return one.inquire(neighbour(i)); },
        [&](Applicant& one, const HttpAnswer& answer) { return one.inquired(answer); }));
    CERTRELAY_TRY(step(
        [](const Applicant& one) { return one.goes_on(); },
        [](Applicant& one, std::size_t) { return one.issue(); },
        [&](Applicant& one, const HttpAnswer& answer) { return one.issued(answer, report_); }));
    CERTRELAY_TRY(step([](const Applicant& one) { return one.fate() == Fate::kAskedTwice; },
                       [](Applicant& one, std::size_t) { return one.issue_again(); },
                       [&](Applicant& one, const HttpAnswer& answer) {
                         return one.issued_again(answer, report_);
                       }));
    report_.refused_cards = static_cast<std::size_t>(
        std::ranges::count_if(applicants_, [](const Applicant& one) { return !one.goes_on(); }));
    return report_;
  }

 private:
  static bool everybody(const Applicant&) { return true; }
  std::size_t households() const { return site_.city.households.size(); }
  const MunicipalityCode& municipality() const { return settings_.issuance.municipality; }
  // The next household's whose card is of the same kind.
  const PkiKey& neighbour(std::size_t i) const {
    return site_.city.households.at((i + 2) % households()).card.key;
  }

  bool stopped() const { return parts_.stopped && parts_.stopped(); }
  asio::awaitable<HttpAnswer> answer(RequestFrame frame, SteadyTime received) {
    if (stopped()) co_return HttpAnswer{.status = kUnasked, .headers = {}, .body = {}};
    co_return co_await site_.answer(std::move(frame), received);
  }

  // All requests are made first and then released at one instant, with all workers at it.
  template <class Who, class Ask, class Judge>
  Result<void> step(const Who& who, const Ask& ask, const Judge& judge) {
    std::vector<std::pair<Applicant*, RequestFrame>> asking;
    for (std::size_t i = 0; i < applicants_.size(); ++i) {
      if (who(applicants_[i])) asking.emplace_back(&applicants_[i], ask(applicants_[i], i));
    }
    const std::chrono::seconds within(settings_.issuance.deadlines.answer_s);
    std::vector<std::future<HttpAnswer>> answers;
    for (auto& [applicant, frame] : asking) {
      const bool issuance = frame.request.path.ends_with("/issuance");
      const auto received = issuance ? applicant->received(within) : parts_.clock.steady_now();
      answers.push_back(
          asio::co_spawn(workers_, answer(std::move(frame), received), asio::use_future));
    }
    // Every answer is awaited before one is judged: nothing is under way when this returns.
    std::vector<HttpAnswer> given;
    given.reserve(answers.size());
    for (auto& answer : answers) given.push_back(answer.get());
    // A stop hides nothing: what was answered before it is judged all the same.
    for (std::size_t i = 0; i < given.size(); ++i) {
      if (given[i].status == kUnasked) continue;
      CERTRELAY_TRY(judge(*asking[i].first, given[i]));
    }
    if (stopped()) return Error{ErrorCode::kVaultNotServing, "self-test: stopped"};
    return ok();
  }

  const SelfTestSettings& settings_;
  const SelfTestParts& parts_;
  const SelfTestSite& site_;
  std::vector<Applicant> applicants_;
  SelfTestReport report_;
  asio::thread_pool workers_;  // last: its threads end first
};

}  // namespace

SelfTestReport& SelfTestReport::operator+=(const SelfTestReport& other) {
  documents += other.documents;
  pages += other.pages;
  repeats += other.repeats;
  late += other.late;
  refused_cards += other.refused_cards;
  return *this;
}

// Whether every document is its own person's is asked here, not how fast this machine is: what a
// starved one delays must not look like a mix-up (decision 0099). The deadlines that are passed on
// purpose are passed by the same comparisons.
IssuanceSettings unhurried(IssuanceSettings settings) {
  constexpr int kDay = 86'400;  // the most that a deadline may be
  settings.deadlines = {.challenge_s = kDay,
                        .inquiry_to_issuance_s = kDay,
                        .answer_s = kDay,
                        .event_s = kDay,
                        .repeat_s = kDay};
  return settings;
}

IssuanceSettings open_always(IssuanceSettings settings) {
  for (auto& [kind, calendar] : settings.calendar) {
    calendar = KindCalendar{.hours = {.opens_min = 0, .closes_min = 24 * 60},
                            .yearly_closures = {},
                            .once_closures = {}};
  }
  return settings;
}

Result<SelfTestReport> run_applicants(const SelfTestSettings& settings, const SelfTestParts& parts,
                                      const SelfTestSite& site) {
  Round round(settings, parts, site);
  return round.run();
}

Result<SelfTestReport> run_self_test(const SelfTestSettings& settings, const SelfTestParts& parts) {
  PlausibleClock clock(parts.clock);
  std::vector<CertificateKind> kinds;
  for (const auto& [kind, calendar] : settings.issuance.calendar) kinds.push_back(kind);
  CERTRELAY_TRY(const auto city, FictionalCity::found(settings.households, kinds, clock.utc_now()));
  CERTRELAY_TRY(const auto key, AnswerKey::generate());
  CERTRELAY_TRY(const auto verifier, AnswerVerifier::from_pems({public_key_pem(key.spki())}));
  const FictionalRegister reg(city);
  FictionalLedger ledger(clock);
  AlarmLatch alarm;
  RefusalCounts refusals;
  ServiceOrders orders;
  auto own_settings = settings;
  own_settings.issuance = unhurried(open_always(settings.issuance));
  auto& live_max = own_settings.issuance.table.live_max;
  live_max = std::max(live_max, settings.applicants);
  Issuance issuance(own_settings.issuance, {clock, parts.entropy, *city.cards, reg, ledger,
                                            parts.kit, key, alarm, refusals, orders, nullptr});
  const SelfTestParts own{clock, parts.entropy, parts.kit, parts.stopped};
  const SelfTestSite site{city, ledger, verifier, [&](RequestFrame frame, SteadyTime received) {
                            return issuance.handle(std::move(frame), received);
                          }};
  auto report = run_applicants(own_settings, own, site);
  const bool unfound = report || report.error().code == ErrorCode::kVaultNotServing;
  if (unfound && alarm.latched()) return Error{alarm.reason(), "self-test: an alarm"};
  return report;
}

}  // namespace certrelay
