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
  std::string record;
  int patience_s = 120;
  double gather_s = 600;
  double pause_max_s = 4;
};

std::chrono::milliseconds milliseconds_of(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

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
  if (!city) return say_bad_argument("--city", city.error());
  const auto cards = load_cards(files, *city.value(), options.plan.clients);
  if (!cards) return say_bad_argument("cards", cards.error());
  options.plan.repeat.window_ms = std::chrono::seconds(options.patience_s);
  options.plan.repeat.pause_max_ms = milliseconds_of(options.pause_max_s);
  options.plan.gather_ms = milliseconds_of(options.gather_s);
  const auto run =
      run_storm(city.value()->world(), city.value()->kiosk(), cards.value(), options.plan);
  if (!run) return say_failure("connect", run.error(), nullptr);
  const auto& report = run.value().report;
  fmt::print("{}", to_text(report));
  if (!options.record.empty()) {
    const auto text = to_jsonl(run.value().outcomes);
    const auto written = files.write_durably(options.record, as_bytes(text));
    if (!written) return say_bad_argument("--record", written.error());
  }
  const bool good = options.allow_refusals ? report.is_unmixed() : report.is_complete();
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
  storm
      ->add_option("--gather", options->gather_s,
                   "seconds that a client waits for the others at the barrier, then goes on\n"
                   "without them: for a relay whose processes are killed meanwhile")
      ->check(CLI::Range(0.1, 600.0))
      ->capture_default_str();
  storm->add_flag("--retries", options->plan.retries,
                  "every third client's line breaks while the certificate is made, every third\n"
                  "asks twice: the same request must give the same bytes");
  storm->add_flag("--timeouts", options->plan.timeouts,
                  "every fourth transaction is given up while its document is made: the kiosk\n"
                  "hangs up, reports timed_out and begins the next one at once");
  storm->add_flag("--slow-readers", options->plan.slow_readers,
                  "every fifth client takes its answers in pieces of 256 bytes");
  storm
      ->add_option("--patience", options->patience_s,
                   "seconds for which a request without an answer is sent again")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  storm
      ->add_option("--pause", options->pause_max_s,
                   "seconds at most between two attempts of a request without an answer")
      ->check(CLI::Range(0.25, 60.0))
      ->capture_default_str();
  storm->add_option("--record", options->record,
                    "write a line of JSON a transaction here, to be compared with the ledger");
  storm->add_flag("--allow-refusals", options->allow_refusals,
                  "succeed although some were refused, as when processes are killed meanwhile:\n"
                  "a refused applicant got nothing, which is never another's document");
  storm->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace certrelay
