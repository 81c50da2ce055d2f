// certrelay-kiosk bench
#include <fmt/core.h>

#include "firmware/client/address.hpp"
#include "firmware/kiosk/bench/load.hpp"
#include "firmware/kiosk/city_options.hpp"
#include "firmware/kiosk/commands.hpp"
#include "firmware/kiosk/say.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_clock.hpp"
#include "relay/env/system_entropy.hpp"

namespace certrelay {
namespace {

struct BenchOptions {
  CityOptions city;
  LoadPlan plan;
  std::size_t first = 0;
  std::string at;
  std::vector<std::string> paths;
};

// Cards of residents who are issued a certificate, `count` from the `first` on.
Result<std::vector<Softcard>> load_unseen(Files& files, const LoadedCity& city, std::size_t first,
                                          std::size_t count) {
  std::vector<Softcard> out;
  std::size_t number = 0;
  for (const CastMember& member : city.cast()) {
    if (member.expected != "issued" || number++ < first) continue;
    if (out.size() == count) break;
    CERTRELAY_TRY(auto card, load_softcard(files, city.folder() + "/" + member.card));
    out.push_back(std::move(card));
  }
  if (out.size() == count) return out;
  return Error{ErrorCode::kNotFound, "fewer good cards are left; make the city with more --cards"};
}

Result<LoadReport> get_files(const LoadedCity& city, const BenchOptions& options) {
  CERTRELAY_TRY(const auto server, parse_address(options.at));
  std::array<std::string, kLoadSteps.size()> paths;
  std::ranges::copy(options.paths, paths.begin());
  return run_files(city.world(), server, paths, options.plan);
}

int run(const BenchOptions& options) {
  PosixFiles files;
  const SystemClock clock;
  SystemEntropy entropy;
  const auto city = LoadedCity::load(files, clock, entropy, options.city);
  if (!city) return say_bad_argument("--city", city.error());
  Result<std::vector<Softcard>> cards = std::vector<Softcard>();
  if (options.at.empty()) {
    cards = load_unseen(files, *city.value(), options.first, options.plan.transactions);
  }
  if (!cards) return say_bad_argument("--first, --count", cards.error());
  const auto report = options.at.empty()
                          ? run_transactions(city.value()->world(), city.value()->kiosk(),
                                             cards.value(), options.plan)
                          : get_files(*city.value(), options);
  if (!report) return say_failure("bench", report.error(), nullptr);
  fmt::print("{}\n", to_json(report.value()));
  return report.value().done == options.plan.transactions ? kExitDone : kExitRefused;
}

}  // namespace

void add_bench_command(CLI::App& root, int& exit_code) {
  auto options = std::make_shared<BenchOptions>();
  CLI::App* bench = root.add_subcommand(
      "bench",
      "load for figures: whole transactions over connections that stay open, or files of the\n"
      "same sizes from another server; prints one line of JSON (scripts/bench uses it)");
  options->city.add_city(*bench);
  bench->add_option("--connections", options->plan.connections, "kept open, each with a thread")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  bench->add_option("--count", options->plan.transactions, "transactions of all together")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  bench
      ->add_option("--first", options->first,
                   "how many of the city's good cards to pass over: each is presented once")
      ->capture_default_str();
  auto* at = bench->add_option("--at", options->at, "host:port of a server of files instead");
  bench->add_option("--get", options->paths, "its four paths, one a step")->expected(4)->needs(at);
  bench->callback([options, &exit_code, at] {
    if (*at && options->paths.empty()) throw CLI::RequiredError("--get with four paths");
    exit_code = run(*options);
  });
}

}  // namespace certrelay
