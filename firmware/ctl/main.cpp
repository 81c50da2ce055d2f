// certrelayctl: the operators' and auditors' command line. Wires only.
#include <iostream>

#include "firmware/ctl/commands.hpp"

int main(int argc, char** argv) {
  CLI::App app("certrelayctl: 証明書発行サーバ（certrelay）の運用・監査コマンド");
  app.require_subcommand(1);
  int exit_code = 0;
  certrelay::add_init_commands(app, exit_code);
  certrelay::add_card_commands(app, exit_code);
  certrelay::add_certificate_commands(app, exit_code);
  certrelay::add_document_check_command(app, exit_code);
  certrelay::add_extract_commands(app, exit_code);
  certrelay::add_ledger_commands(app, exit_code);
  certrelay::add_ledger_prove_commands(app, exit_code);
  certrelay::add_ledger_restore_command(app, exit_code);
  certrelay::add_ledger_query_command(app, exit_code);
  certrelay::add_ledger_order_commands(app, exit_code);
  certrelay::add_report_commands(app, exit_code);
  certrelay::add_operator_commands(app, exit_code);
  certrelay::add_service_commands(app, exit_code);
  certrelay::add_self_test_command(app, exit_code);
  certrelay::add_register_commands(app, exit_code);
  certrelay::add_erase_report_command(app, exit_code);
  certrelay::add_decommission_commands(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return exit_code;
}
