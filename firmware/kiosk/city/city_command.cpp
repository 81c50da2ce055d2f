// certrelay-kiosk city create DIR --residents N --seed S
#include <iostream>
#include <memory>

#include "firmware/kiosk/city/city.hpp"
#include "firmware/kiosk/commands.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_clock.hpp"
#include "relay/env/system_entropy.hpp"

namespace certrelay {
namespace {

int run_create(CityPlan plan, const std::string& hours) {
  if (hours != "always" && hours != "real") {
    std::cerr << "--hours " << hours << ": write always or real\n";
    return 2;
  }
  plan.real_hours = hours == "real";
  plan.now = SystemClock().utc_now();
  PosixFiles files;
  SystemEntropy entropy;
  CityReport report;
  const auto failure = create_city(files, entropy, plan, report);
  if (failure) {
    std::cerr << failure->line << "\n";
    return failure->exit_code;
  }
  std::cout << "土佐みなと市（見本） " << plan.folder << ": " << report.persons << " residents, "
            << report.households << " households, " << report.cards << " linked cards, "
            << report.softcards << " softcards\n";
  return 0;
}

}  // namespace

void add_city_commands(CLI::App& root, int& exit_code) {
  auto* city = root.add_subcommand("city", "the fictional city 土佐みなと市");
  city->require_subcommand(1);
  auto* create = city->add_subcommand(
      "create", "make residents, authorities, cards, an extract and a configuration in DIR");
  auto plan = std::make_shared<CityPlan>();
  auto hours = std::make_shared<std::string>("always");
  create->add_option("DIR", plan->folder, "folder to make")->required();
  create->add_option("--residents", plan->residents, "persons on the register, at least 150")
      ->capture_default_str();
  create->add_option("--seed", plan->seed, "the same seed gives the same people on a day")
      ->capture_default_str();
  create
      ->add_option("--cards", plan->softcards,
                   "softcards of ordinary residents, beyond the roles of cast.json; each has\n"
                   "an RSA key of its own, which takes about 0.1 s")
      ->capture_default_str();
  create
      ->add_option("--revoked", plan->revoked,
                   "entries of the card authority's list beyond the roles': cards replaced before")
      ->capture_default_str();
  create->add_option("--hours", *hours, "always, or real: 06:30 to 23:00 but 12/29 to 1/3")
      ->capture_default_str();
  create->add_option("--font", plan->font, "IPAmj明朝")->capture_default_str();
  create->add_flag("--individual-numbers", plan->numbers,
                   "a city whose assessment says that it holds 個人番号: fictional ones, 0000...");
  create->add_flag(
      "--documents", plan->documents,
      "a city that signs its certificates (PAdES) and prints a seal on each page (QR)");
  create->add_flag("--force", plan->replace, "replace the city that is there");
  create->callback([plan, hours, &exit_code] { exit_code = run_create(*plan, *hours); });
}

}  // namespace certrelay
