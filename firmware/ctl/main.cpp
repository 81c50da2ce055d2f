// certrelayctl: the operators' and auditors' command line. Wires only.
#include "firmware/ctl/commands.hpp"

int main(int argc, char** argv) {
  CLI::App app(certrelay::kCtlDescription);
  int exit_code = 0;
  certrelay::add_all_commands(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return exit_code;
}
