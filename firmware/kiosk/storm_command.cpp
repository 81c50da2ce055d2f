// certrelay-kiosk storm
#include <fmt/core.h>

#include <set>

#include "firmware/kiosk/city_options.hpp"
#include "firmware/kiosk/commands.hpp"
#include "firmware/kiosk/say.hpp"
#include "firmware/kiosk/storm.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_clock.hpp"
#include "relay/env/system_entropy.hpp"

namespace certrelay {
namespace {

struct StormOptions {
  CityOptions city;
  StormPlan plan;
  int seconds = 0;
  bool allow_refusals = false;
};

// The cards of so many different residents whose certificate will be issued, and as many more as
// the cast has: later rounds take others.
Result<std::vector<Softcard>> load_cards(Files& files, const LoadedCity& city, int at_least) {
  constexpr std::size_t kCardsMax = 2000;
  std::vector<Softcard> out;
  std::set<std::string> persons;
  for (const CastMember& member : city.cast()) {
    if (member.expected != "issued" || !persons.insert(member.person_id).second) continue;
    CERTRELAY_TRY(Softcard card, load_softcard(files, city.folder() + "/" + member.card));
    out.push_back(std::move(card));
    if (out.size() == kCardsMax) break;
  }
  if (out.size() < static_cast<std::size_t>(at_least)) {
    return Error{ErrorCode::kNotFound, "fewer residents with a good card than --clients"};
  }
  return out;
}

int run(StormOptions options) {
  PosixFiles files;
  const SystemClock clock;
  SystemEntropy entropy;
  if (options.seconds > 0) options.plan.lasting = std::chrono::seconds(options.seconds);
  const auto city = LoadedCity::load(files, clock, entropy, options.city);
  if (!city) return say_unusable("--city", city.error());
  const auto cards = load_cards(files, *city.value(), options.plan.clients);
  if (!cards) return say_unusable("cards", cards.error());
  const auto report =
      run_storm(city.value()->world(), city.value()->kiosk(), cards.value(), options.plan);
  if (!report) return say_failure("connect", report.error(), nullptr);
  fmt::print("{}", to_text(report.value()));
  const bool good =
      options.allow_refusals ? report.value().is_unmixed() : report.value().is_complete();
  return good ? kExitDone : kExitRefused;
}

}  // namespace

void add_storm_command(CLI::App& root, int& exit_code) {
  auto options = std::make_shared<StormOptions>();
  CLI::App* storm = root.add_subcommand(
      "storm",
      "many residents at once, each with an own card and connection; fails unless every\n"
      "document belongs to its requester by signature and subject tag, none twice");
  options->city.add_city(*storm);
  storm->add_option("--clients", options->plan.clients, "how many at once")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  auto* count = storm->add_option("--count", options->plan.rounds, "transactions a client")
                    ->check(CLI::Range(1, 1'000'000))
                    ->capture_default_str();
  storm->add_option("--seconds", options->seconds, "begin transactions for so long")
      ->check(CLI::Range(1, 86'400))
      ->excludes(count);
  storm->add_flag("--barrier", options->plan.barrier,
                  "release each step of all clients at the same instant");
  storm->add_flag("--retries", options->plan.retries,
                  "every third client's line breaks while the certificate is made, every third\n"
                  "asks twice: the same request must give the same bytes");
  storm->add_flag("--allow-refusals", options->allow_refusals,
                  "succeed although some were refused, as when processes are killed meanwhile:\n"
                  "a refused applicant got nothing, which is never another's document");
  storm->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace certrelay
