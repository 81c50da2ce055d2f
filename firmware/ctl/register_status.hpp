// `certrelayctl extract status`: what the source system's own screen shows of the register.
#pragma once

#include <CLI/CLI.hpp>

#include "firmware/client/signed_exchange.hpp"
#include "protocol/wire/problem.hpp"
#include "protocol/wire/registry_message.hpp"

namespace certrelay {

// Adds `status` to `certrelayctl extract`.
void add_status_command(CLI::App& extract, int& exit_code);

// GET /v1/register. Errors: SignedExchange's; kRefusedByServer, then `problem` says what; the
// decoder's.
Result<RegisterStatus> fetch_register_status(SignedExchange& exchange,
                                             std::optional<Problem>& problem);

}  // namespace certrelay
