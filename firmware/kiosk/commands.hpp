// The sub-commands of certrelay-kiosk. Each function adds its own to `root`; the one that was
// chosen sets `exit_code` when it runs: 0 done, 1 refused or failed check, 2 usage, 3 cannot reach.
#pragma once

#include <CLI/CLI.hpp>

namespace certrelay {

void add_bench_command(CLI::App& root, int& exit_code);
void add_city_commands(CLI::App& root, int& exit_code);
void add_inquire_command(CLI::App& root, int& exit_code);
void add_issue_command(CLI::App& root, int& exit_code);
void add_source_commands(CLI::App& root, int& exit_code);
void add_storm_command(CLI::App& root, int& exit_code);

}  // namespace certrelay
