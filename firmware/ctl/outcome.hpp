// What a command on files ends with: a text for a person, one JSON object for a program.
#pragma once

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <string>

namespace certrelay {

struct Outcome {
  int exit_code = 0;
  std::string text;               // Japanese, without the last line feed
  boost::json::object json = {};  // what a program would otherwise read out of the text
};

// --json
void add_json_flag(CLI::App& command, bool& json);

// The text on standard output, or on standard error where it is a failure's. With `json` the
// object, headed by `exit_code` and `text`, on standard output either way. Gives the exit code.
int tell(const Outcome& outcome, bool json);

}  // namespace certrelay
