// What every command on the operators' listener shares: its options, its connection, its ending.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "firmware/ctl/admin_client.hpp"

namespace certrelay {

struct AdminOptions {
  std::string config;
  std::string as;
  std::string pass_phrase_file;
  bool json = false;
};

// Adds --config, --as, --pass-phrase-file and --json.
void add_admin_options(CLI::App& command, AdminOptions& options);

// One command: what it does with the connection. The text goes to standard output.
struct Said {
  std::string text;  // Japanese
  Bytes json;        // the message as it came
  int exit_code = 0;
};
using AdminCommand = std::function<Result<Said>(AdminClient&)>;

// Connects, runs, prints; the exit code: 0 done, 1 refused, 2 usage, 3 cannot reach, 4 pending.
int run_admin(const AdminOptions& options, const AdminCommand& command);

// As Said: 0 done, 4 pending, 1 anything else.
Result<Said> say(const ActionReport& report);

}  // namespace certrelay
