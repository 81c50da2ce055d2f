#include "firmware/ctl/commands.hpp"

namespace certrelay {

void add_all_commands(CLI::App& root, int& exit_code) {
  root.require_subcommand(1);
  add_init_commands(root, exit_code);
  add_doctor_command(root, exit_code);
  add_support_command(root, exit_code);
  add_card_commands(root, exit_code);
  add_certificate_commands(root, exit_code);
  add_document_check_command(root, exit_code);
  add_extract_commands(root, exit_code);
  add_ledger_commands(root, exit_code);
  add_ledger_prove_commands(root, exit_code);
  add_ledger_restore_command(root, exit_code);
  add_ledger_query_command(root, exit_code);
  add_ledger_order_commands(root, exit_code);
  add_report_commands(root, exit_code);
  add_operator_commands(root, exit_code);
  add_service_commands(root, exit_code);
  add_self_test_command(root, exit_code);
  add_register_commands(root, exit_code);
  add_erase_report_command(root, exit_code);
  add_decommission_commands(root, exit_code);
}

}  // namespace certrelay
