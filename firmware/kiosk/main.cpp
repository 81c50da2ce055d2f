// certrelay-kiosk: the world around the relay, for tests and demonstrations. Wires only.
#include "firmware/kiosk/commands.hpp"

int main(int argc, char** argv) {
  CLI::App app(
      "certrelay-kiosk plays everybody around the relay: the fictional city, the center, its\n"
      "kiosks and the residents' cards. For tests and demonstrations; never on the appliance.\n"
      "What it receives it checks as a center must: the answer's signature and digest, the\n"
      "subject tags of every page, the number of pages.");
  app.footer(
      "Exit codes: 0 done, 1 refused or failed check, 2 usage, 3 cannot reach.\n"
      "Example:\n"
      "  certrelay-kiosk city create minato --residents 3000 --seed 1\n"
      "  certrelayd --config minato/certrelay.toml &\n"
      "  certrelay-kiosk issue --city minato --out copy.pdf --png copy.png\n"
      "  certrelay-kiosk storm --city minato --clients 200 --barrier");
  app.require_subcommand(1);
  int exit_code = 0;
  certrelay::add_city_commands(app, exit_code);
  certrelay::add_issue_command(app, exit_code);
  certrelay::add_inquire_command(app, exit_code);
  certrelay::add_source_commands(app, exit_code);
  certrelay::add_storm_command(app, exit_code);
  certrelay::add_bench_command(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return exit_code;
}
