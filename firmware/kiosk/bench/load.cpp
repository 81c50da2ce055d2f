#include "firmware/kiosk/bench/load.hpp"

#include <fmt/core.h>

#include <atomic>
#include <memory>
#include <thread>
#include <type_traits>

#include "firmware/kiosk/wish.hpp"
#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

// Whose turn it is: transactions are dealt to whichever connection is free.
class Dealer {
 public:
  explicit Dealer(std::size_t transactions) : transactions_(transactions) {}
  std::optional<std::size_t> next() {
    const auto number = next_.fetch_add(1);
    return number < transactions_ ? std::optional(number) : std::nullopt;
  }

 private:
  std::size_t transactions_;
  std::atomic<std::size_t> next_{0};
};

// One step of a transaction, timed and its bytes counted, or counted as failed.
template <class Call, class Reason>
auto step(LoadReport& report, std::size_t number, const World& world, const HttpsClient& client,
          const Call& call, const Reason& reason) {
  const auto bytes_before = client.answer_bytes();
  const SteadyTime begin = world.clock.steady_now();
  auto result = call();
  if (result) {
    report.took_ms.at(number).push_back(world.clock.steady_now() - begin);
    report.answer_bytes.at(number) += client.answer_bytes() - bytes_before;
  } else {
    ++report.failures[fmt::format("{}: {}", kLoadSteps.at(number), reason(result.error()))];
  }
  return result;
}

// A connection of the center that makes whole transactions.
class Applicants {
 public:
  Applicants(const World& world, const KioskId& kiosk, std::span<const Softcard> cards)
      : world_(&world), kiosk_(&kiosk), cards_(cards), line_(world) {}

  Result<void> connect() { return line_.connect(); }

  Result<void> transaction(std::size_t number) {
    const PresentedSoftcard card(cards_[number]);
    CERTRELAY_TRY(const auto opened, timed(0, [&] {
                    return open_at_kiosk(line_.center, *world_, *kiosk_,
                                         CertificateKind::kJuminhyo);
                  }));
    CERTRELAY_TRY(const auto inquiry,
                  timed(1, [&] { return inquire_with_card(line_.center, opened, card); }));
    CERTRELAY_TRY(const auto request, choose({}, inquiry));
    const auto& id = opened.own.transaction;
    CERTRELAY_TRY(const auto document, timed(2, [&] { return line_.center.issue(id, request); }));
    const auto printed = event_of(PrintEvent::kPrinted, document, request.copies, *world_);
    return timed(3, [&] { return line_.center.report(id, printed); });
  }
  const LoadReport& report() const { return report_; }

 private:
  template <class Call>
  std::invoke_result_t<const Call&> timed(std::size_t number, const Call& call) {
    return step(report_, number, *world_, line_.client(), call, [&](const Error& error) {
      const auto& problem = line_.center.problem();
      return problem ? std::string(to_text(problem->code)) : std::string(error.where);
    });
  }
  const World* world_;
  const KioskId* kiosk_;
  std::span<const Softcard> cards_;
  CenterLine line_;
  LoadReport report_;
};

// A connection that reads files.
class FileReaders {
 public:
  FileReaders(const World& world, const Address& server,
              const std::array<std::string, kLoadSteps.size()>& paths)
      : world_(&world), paths_(&paths), client_(world.center.tls, server, world.clock) {}

  Result<void> connect() { return client_.connect(); }

  Result<void> transaction(std::size_t /*number*/) {
    for (std::size_t i = 0; i < paths_->size(); ++i) {
      const auto get = [&]() -> Result<void> {
        CERTRELAY_TRY(const auto answer,
                      client_.exchange({HttpMethod::kGet, (*paths_)[i], {}, {}}));
        if (answer.status != 200) return Error{ErrorCode::kRefusedByServer, "another status"};
        return ok();
      };
      CERTRELAY_TRY(step(report_, i, *world_, client_, get,
                         [](const Error& error) { return std::string(error.where); }));
    }
    return ok();
  }
  const LoadReport& report() const { return report_; }

 private:
  const World* world_;
  const std::array<std::string, kLoadSteps.size()>* paths_;
  HttpsClient client_;
  LoadReport report_;
};

void add(LoadReport& sum, const LoadReport& part) {
  for (const auto& [failure, count] : part.failures) sum.failures[failure] += count;
  for (std::size_t i = 0; i < kLoadSteps.size(); ++i) {
    auto& all = sum.took_ms.at(i);
    all.insert(all.end(), part.took_ms.at(i).begin(), part.took_ms.at(i).end());
    sum.answer_bytes.at(i) += part.answer_bytes.at(i);
  }
}

// All connections stand before the first transaction begins.
template <class Line, class Make>
Result<LoadReport> drive(const World& world, const LoadPlan& plan, const Make& make) {
  std::vector<std::unique_ptr<Line>> lines;
  for (std::size_t i = 0; i < plan.connections; ++i) {
    lines.push_back(make());
    CERTRELAY_TRY(lines.back()->connect());
  }
  Dealer dealer(plan.transactions);
  std::atomic<std::size_t> done{0};
  const SteadyTime begin = world.clock.steady_now();
  {
    std::vector<std::jthread> threads;
    for (const auto& line : lines) {
      threads.emplace_back([&dealer, &done, &line] {
        while (const auto number = dealer.next()) {
          if (line->transaction(*number)) ++done;
        }
      });
    }
  }
  LoadReport out{.done = done, .wall_ms = world.clock.steady_now() - begin};
  for (const auto& line : lines) add(out, line->report());
  return out;
}

}  // namespace

Result<LoadReport> run_transactions(const World& world, const KioskId& kiosk,
                                    std::span<const Softcard> cards, const LoadPlan& plan) {
  CERTRELAY_CHECK(cards.size() >= plan.transactions);
  return drive<Applicants>(world, plan,
                           [&] { return std::make_unique<Applicants>(world, kiosk, cards); });
}

Result<LoadReport> run_files(const World& world, const Address& server,
                             const std::array<std::string, kLoadSteps.size()>& paths,
                             const LoadPlan& plan) {
  return drive<FileReaders>(world, plan,
                            [&] { return std::make_unique<FileReaders>(world, server, paths); });
}

}  // namespace certrelay
