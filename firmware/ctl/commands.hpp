// The sub-commands of certrelayctl. Each function adds its own to `root`; the one that was chosen
// sets `exit_code` when it runs: 0 done, 1 refused or failed check, 2 usage, 3 cannot reach,
// 4 changes pending.
#pragma once

#include <CLI/CLI.hpp>

namespace certrelay {

inline constexpr const char* kCtlDescription =
    "certrelayctl: 証明書発行サーバ（certrelay）の運用・監査コマンド";
// Everything below, in the order of --help and of the manual page.
void add_all_commands(CLI::App& root, int& exit_code);

void add_card_commands(CLI::App& root, int& exit_code);
void add_certificate_commands(CLI::App& root, int& exit_code);
// Adds to `certrelayctl certificate`.
void add_document_check_command(CLI::App& root, int& exit_code);
void add_doctor_command(CLI::App& root, int& exit_code);
void add_erase_report_command(CLI::App& root, int& exit_code);
void add_decommission_commands(CLI::App& root, int& exit_code);
void add_extract_commands(CLI::App& root, int& exit_code);
void add_init_commands(CLI::App& root, int& exit_code);
void add_ledger_commands(CLI::App& root, int& exit_code);
// These add to `certrelayctl ledger`.
void add_ledger_prove_commands(CLI::App& root, int& exit_code);
void add_ledger_restore_command(CLI::App& root, int& exit_code);
void add_ledger_query_command(CLI::App& root, int& exit_code);
void add_ledger_order_commands(CLI::App& root, int& exit_code);
void add_report_commands(CLI::App& root, int& exit_code);
// These add `apply` and `password` to `certrelayctl operator`.
void add_apply_command(CLI::App& group, int& exit_code);
void add_password_command(CLI::App& group, int& exit_code);
void add_operator_commands(CLI::App& root, int& exit_code);
void add_self_test_command(CLI::App& root, int& exit_code);
void add_support_command(CLI::App& root, int& exit_code);
void add_service_commands(CLI::App& root, int& exit_code);
void add_register_commands(CLI::App& root, int& exit_code);

}  // namespace certrelay
