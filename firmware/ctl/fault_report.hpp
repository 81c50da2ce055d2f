// The faults of an extract for who mends them: sentences on stderr, and JSON for programs.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "protocol/extract/diagnostic.hpp"

namespace certrelay {

// 誤り persons.csv 17行 [kana]: ...（rule）, one a line; warnings after them.
void print_faults(const Diagnostics& found);

// `rejections` and `warnings` as in the register's own report (protocol/wire/FORMAT.md), after
// `state`.
boost::json::object faults_json(std::string_view state, const Diagnostics& found);

// Says on stderr, and with `json` on stdout too, why nothing more is done: exit code kExitRefused.
int say_faults(std::string_view what, const Diagnostics& found, bool json);

}  // namespace certrelay
