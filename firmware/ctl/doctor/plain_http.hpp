#pragma once

#include <chrono>

#include "firmware/client/address.hpp"
#include "protocol/wire/http_types.hpp"

namespace certrelay {

// One GET over plain HTTP/1.1, for the monitoring listener on loopback: nothing else of the relay
// speaks without TLS. Errors: kCannotReach (also: not in time), kAnswerMalformed, kLimitExceeded.
Result<HttpAnswer> plain_get(const Address& address, const std::string& path,
                             std::chrono::milliseconds within, std::size_t body_bytes_max);

}  // namespace certrelay
